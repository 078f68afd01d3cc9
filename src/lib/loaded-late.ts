/** A function that is loaded when it is called for the first time: few who start the program need it. */
export const loadedLate = <A extends readonly unknown[], B>(
  load: () => Promise<(...given: A) => Promise<B>>,
): ((...given: A) => Promise<B>) => {
  let loading: ReturnType<typeof load> | undefined
  return async (...given) => {
    loading ??= load()
    return (await loading)(...given)
  }
}
