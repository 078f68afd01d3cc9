/** Waits until it is a registry's turn again. */
export type Pace = (registry: string, signal: AbortSignal) => Promise<void>

/** Options of a pace. */
export interface PaceOptions {
  /** Images a second of one registry; undefined: as fast as it answers. */
  readonly perSecond: number | undefined
  readonly nowMs: () => number
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

/** Makes a pace: each registry is asked for so many images a second at the most, evenly. */
export const createPace = ({ perSecond, nowMs, wait }: PaceOptions): Pace => {
  const nextMs = new Map<string, number>()
  return async (registry, signal) => {
    if (perSecond === undefined) return
    const now = nowMs()
    const turnMs = Math.max(now, nextMs.get(registry) ?? now)
    nextMs.set(registry, turnMs + 1000 / perSecond)
    if (turnMs > now) await wait(turnMs - now, signal)
  }
}
