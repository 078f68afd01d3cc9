import { LRUCache } from 'lru-cache'

/** Keeps away from whoever asked for patience. */
export interface Pauses {
  /** How long it is still to be left alone; undefined where it is not. */
  readonly leftMs: (key: string) => number | undefined
  /** Told of a 429, and for how long it asked. */
  readonly note: (key: string, retryAfterMs: number | undefined) => void
}

// A quota is an account's or an address's, so the key names both host and credential.
const mostKeys = 10_000
// Beyond a minute it is worth to look whether the answer still is the same.
const mostMs = 60_000

/** Makes the memory of those who asked for patience by `Retry-After`. */
export const createPauses = (nowMs: () => number): Pauses => {
  const until = new LRUCache<string, number>({ max: mostKeys })
  return {
    leftMs: key => {
      const leftMs = (until.get(key) ?? 0) - nowMs()
      return leftMs > 0 ? leftMs : undefined
    },
    note: (key, retryAfterMs) => {
      if (retryAfterMs === undefined) return
      // Of several that were under way together, the one that asks for most: a shorter word takes no longer one back.
      until.set(key, Math.max(until.get(key) ?? 0, nowMs() + Math.min(retryAfterMs, mostMs)))
    },
  }
}
