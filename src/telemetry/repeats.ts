/** Writes what is said again and again once a while, with how often it was said. */
export interface Repeats {
  /** Writes now, or keeps count; what is written is put together only in the first case. */
  readonly say: (key: string, phrase: () => Write) => void
  /** Writes down what was kept back for long enough. */
  readonly settle: () => void
  /** Writes down all that was kept back. */
  readonly finish: () => void
}

/** Writes something; how many times it was kept back since it was written last. */
export type Write = (keptBack: number) => void

/** Options of repeats. */
export interface RepeatsOptions {
  readonly nowMs: () => number
  readonly everyMs: number
  /** So many different things at the most are written within that time. */
  readonly most: number
  /** Writes down that there was more than that. */
  readonly leftOut: Write
}

interface Said {
  readonly untilMs: number
  /** Lives for a minute: it must hold no more than the words. */
  readonly write: Write
  keptBack: number
}

/** Makes repeats: there is no timer, so that what was kept back is written at the next occasion. */
export const createRepeats = ({ nowMs, everyMs, most, leftOut }: RepeatsOptions): Repeats => {
  // In the order of their ends, since all last as long.
  const said = new Map<string, Said>()
  let left = 0
  let leftOutMs = Number.NEGATIVE_INFINITY

  const settleUntil = (now: number): void => {
    for (const [key, { untilMs, keptBack, write }] of said) {
      if (now < untilMs) break
      said.delete(key)
      if (keptBack > 0) write(keptBack)
    }
    if (left === 0 || said.size >= most || now < leftOutMs + everyMs) return
    leftOut(left)
    leftOutMs = now
    left = 0
  }

  const settle = (): void => settleUntil(nowMs())

  return {
    settle,
    finish: () => settleUntil(Number.POSITIVE_INFINITY),
    say: (key, phrase) => {
      const before = said.get(key)
      if (before !== undefined && nowMs() < before.untilMs) {
        before.keptBack++
        return
      }
      said.delete(key)
      settle()
      if (said.size >= most) {
        left++
        return
      }
      const write = phrase()
      said.set(key, { untilMs: nowMs() + everyMs, keptBack: 0, write })
      write(before?.keptBack ?? 0)
    },
  }
}
