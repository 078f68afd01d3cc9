/** What is to be closed at the end. */
export interface Closers {
  readonly add: (close: () => Promise<unknown>) => void
  /** Closes what was opened last first, one after another. */
  readonly close: () => Promise<void>
}

/** Makes a place for what is to be closed. */
export const createClosers = (): Closers => {
  const closers: (() => Promise<unknown>)[] = []
  return {
    add: close => void closers.push(close),
    close: async () => {
      for (const close of closers.splice(0).toReversed()) await close()
    },
  }
}
