import { LRUCache } from 'lru-cache'
import type { ImageFacts } from '../image/facts.ts'
import type { ProbeFailure } from '../registry/failure.ts'
import type { CalledDigest } from './called-digest.ts'

/** For how long what was learnt is remembered. */
export interface MemoryOptions {
  /** For how long a name is taken to mean what it meant, and a part of an index to be there. */
  readonly foundSeconds: number
  /** For how long a "no" is. */
  readonly absentSeconds: number
  /** Names, parts and digests remembered at the most, of each. */
  readonly entries: number
  /** A clock in milliseconds that never goes back. */
  readonly now: () => number
}

/** What is remembered of things that were found: whether that is as good as new, or only better than nothing. */
export interface Found<V> {
  readonly value: V
  readonly isFresh: boolean
}

/** A memory of what was found. */
export interface Findings<V> {
  readonly get: (key: string) => Found<V> | undefined
  readonly set: (key: string, value: V) => void
  readonly forget: (key: string) => void
}

// For as long, what was good once is better than no answer at all, while a registry is down.
const staleSeconds = 60 * 60

interface Kept<V> {
  readonly value: V
  readonly atMs: number
}

/** Makes a memory of what was found. */
export const createFindings = <V>({ foundSeconds, entries: max, now }: MemoryOptions): Findings<V> => {
  // A resolution of 0 has the cache read the clock that it was given, each time.
  const clock = { ttlResolution: 0, perf: { now } }
  const kept = new LRUCache<string, Kept<V>>({ max, ttl: Math.max(foundSeconds, staleSeconds) * 1000, ...clock })
  return {
    get: key => {
      const found = kept.get(key)
      return found && { value: found.value, isFresh: now() - found.atMs < foundSeconds * 1000 }
    },
    set: (key, value) => void kept.set(key, { value, atMs: now() }),
    forget: key => void kept.delete(key),
  }
}

/** What names stood for, and which of them stood for nothing. */
export interface Names extends Findings<CalledDigest> {
  /** The "no" that was heard a moment ago. */
  readonly refusal: (key: string) => ProbeFailure | undefined
  readonly refuse: (key: string, failure: ProbeFailure) => void
}

/** Makes a memory of names. A "no" takes the place of what was found before: it is newer. */
export const createNames = (options: MemoryOptions): Names => {
  const { absentSeconds, entries: max, now } = options
  const found = createFindings<CalledDigest>(options)
  const refusals = new LRUCache<string, Kept<ProbeFailure>>({ max })
  return {
    ...found,
    set: (key, digest) => {
      refusals.delete(key)
      found.set(key, digest)
    },
    refusal: key => {
      const refusal = refusals.get(key)
      return refusal && now() - refusal.atMs < absentSeconds * 1000 ? refusal.value : undefined
    },
    refuse: (key, failure) => {
      found.forget(key)
      refusals.set(key, { value: failure, atMs: now() })
    },
  }
}

/** All that a probe remembers, which may outlive it. */
export interface Memory {
  readonly names: Names
  /** The parts of indexes that are there. */
  readonly parts: Findings<true>
  /** What has a digest, and is called the same, never changes. */
  readonly contents: LRUCache<CalledDigest, ImageFacts>
}

// A manifest may have 4 MiB, and whoever writes pods chooses it: what is kept is bounded by its size.
const mostContentBytes = 64 * 1024 * 1024
const overheadBytes = 500

/** Makes a memory for a probe, or for several that come one after another. */
export const createMemory = (options: MemoryOptions): Memory => ({
  names: createNames(options),
  parts: createFindings(options),
  contents: new LRUCache({
    max: options.entries,
    maxSize: mostContentBytes,
    sizeCalculation: ({ sizeBytes }) => sizeBytes + overheadBytes,
  }),
})
