const ends = new WeakMap<AbortSignal, number>()

/** A signal that fires after a while, and of which others can find out how long that still is. */
export const deadlineIn = (milliseconds: number): AbortSignal => {
  const signal = AbortSignal.timeout(milliseconds)
  ends.set(signal, performance.now() + milliseconds)
  return signal
}

/** How long until the signal fires; undefined where nobody knows. */
export const remainingMs = (signal: AbortSignal): number | undefined => {
  const end = ends.get(signal)
  return end === undefined ? undefined : Math.max(end - performance.now(), 0)
}
