/** Something in use that may be replaced: each use has one of them from its beginning to its end. */
export interface Switchover<T> {
  readonly current: () => T
  readonly use: <R>(work: (of: T) => Promise<R>) => Promise<R>
  /** What comes from now on gets the next one; the one before is closed when its last use is over. */
  readonly replace: (next: T) => void
  /** Closes all that is left, whoever uses it. */
  readonly close: () => Promise<void>
}

interface Held<T> {
  readonly of: T
  uses: number
}

/** Makes a switchover that begins with the first. */
export const createSwitchover = <T extends { close(): Promise<void> }>(first: T): Switchover<T> => {
  let current: Held<T> = { of: first, uses: 0 }
  const open = new Set([current])

  const closeUnused = (held: Held<T>): void => {
    if (held === current || held.uses > 0 || !open.delete(held)) return
    void held.of.close()
  }

  return {
    current: () => current.of,
    use: async work => {
      const held = current
      held.uses++
      try {
        return await work(held.of)
      } finally {
        held.uses--
        closeUnused(held)
      }
    },
    replace: next => {
      const before = current
      current = { of: next, uses: 0 }
      open.add(current)
      closeUnused(before)
    },
    close: async () => {
      const left = [...open]
      open.clear()
      await Promise.all(left.map(({ of }) => of.close()))
    },
  }
}
