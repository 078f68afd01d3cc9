import { LRUCache } from 'lru-cache'
import type { Standing } from './guard.ts'

/** Remembers on which side of the fence the origins stand that were dialled. */
export interface Standings {
  readonly note: (origin: string, standing: Standing) => void
  /** What nobody knows counts as public, which is the stricter. */
  readonly of: (origin: string) => Standing
}

// More origins than a cluster pulls from; about 100 bytes each.
const mostOrigins = 10_000
// Longer than any connection lives, so that an answer over an old public connection is never taken for a private host's.
const keptMs = 60 * 60 * 1000

/**
 * Makes the memory. An origin that was public once stays public while it is remembered: its owner may turn the name to
 * a private address between two connections, and answers of either must not count as those of a private registry.
 */
export const createStandings = (): Standings => {
  const known = new LRUCache<string, Standing>({ max: mostOrigins, ttl: keptMs })
  return {
    note: (origin, standing) => void known.set(origin, known.get(origin) === 'public' ? 'public' : standing),
    of: origin => known.get(origin) ?? 'public',
  }
}
