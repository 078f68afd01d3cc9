import { LRUCache } from 'lru-cache'
import { remainingMs } from '../lib/deadline.ts'
import { createFlights } from '../lib/flights.ts'
import { fail, ok, type Result } from '../lib/result.ts'
import { type ApiFailure, type LookupFailure, lookupFailure } from './api-failure.ts'
import type { ApiServer } from './api-server.ts'
import { createFreshFlights } from './fresh-flights.ts'
import type { Wait } from './wait.ts'

/** Looks up one object of a namespace. */
export interface Lookup<T> {
  /** As it was seconds ago at the most. */
  readonly get: (namespace: string, name: string, signal: AbortSignal) => Promise<Result<T, LookupFailure>>
  /** As it is no earlier than now. */
  readonly getAnew: (namespace: string, name: string, signal: AbortSignal) => Promise<Result<T, LookupFailure>>
}

/** How long and how much is remembered, and how long one question may take. */
export interface LookupOptions {
  readonly seconds: number
  readonly entries: number
  readonly bytes: number
  readonly mostMs: number
  /** A clock in milliseconds that never goes back. */
  readonly nowMs: () => number
  readonly wait: Wait
}

/** What is looked up. */
export interface Wanted<T> {
  /** The path of the one object; undefined where no object can have such a name. */
  readonly path: (namespace: string, name: string) => string | undefined
  /** What is needed of the object; undefined where it is no such object. */
  readonly read: (object: unknown) => T | undefined
  readonly bytes: (value: T) => number
  /** Whether it may be given again without asking. */
  readonly isKept: (value: T) => boolean
}

interface Kept<T> {
  readonly value: T
  /** When it was asked for. */
  readonly atMs: number
  readonly bytes: number
}

// A few: the caller has seconds.
const mostTries = 3
// What an entry costs beside its content.
const entryBytes = 512

/** Makes a lookup. What exists is remembered for seconds; what is missing or could not be read is asked for each time. */
export const createLookup = <T extends object>(
  api: Pick<ApiServer, 'get'>,
  wanted: Wanted<T>,
  options: LookupOptions,
): Lookup<T> => {
  const { seconds, entries: max, bytes: maxSize, mostMs, nowMs, wait } = options
  const kept = new LRUCache<string, Kept<T>>({ max, maxSize, sizeCalculation: ({ bytes }) => bytes })
  const flights = createFlights<Result<T, LookupFailure>>(mostMs)
  const freshFlights = createFreshFlights<Result<T, LookupFailure>>(mostMs)

  /** Waits where the API server asks for patience, and there is time for it. */
  const patiently = async (path: string, signal: AbortSignal): Promise<Result<unknown, ApiFailure>> => {
    for (let left = mostTries - 1; ; left -= 1) {
      const answer = await api.get(path, signal)
      const waitMs = answer.ok || answer.error.kind !== 'busy' ? undefined : answer.error.retryAfterMs
      if (left === 0 || waitMs === undefined || waitMs >= (remainingMs(signal) ?? 0)) return answer
      await wait(waitMs, signal)
    }
  }

  const isFresh = ({ atMs }: Kept<T>): boolean => nowMs() - atMs < seconds * 1000
  const purge = (): void => {
    for (const [path, known] of [...kept.entries()]) if (!isFresh(known)) kept.delete(path)
  }
  const remember = (path: string, value: T, atMs: number): void => {
    // Nothing of a secret stays in memory for longer than it is of use, or until the next one comes.
    purge()
    const before = kept.peek(path)
    if (before !== undefined && before.atMs > atMs) return
    if (wanted.isKept(value)) kept.set(path, { value, atMs, bytes: wanted.bytes(value) + entryBytes })
    else kept.delete(path)
  }

  const ask = async (path: string, signal: AbortSignal): Promise<Result<T, LookupFailure>> => {
    const atMs = nowMs()
    const answer = await patiently(path, signal)
    if (!answer.ok && answer.error.kind === 'missing') kept.delete(path)
    if (!answer.ok) return fail(lookupFailure(answer.error))
    const value = wanted.read(answer.value)
    if (value === undefined) return fail({ kind: 'unreachable' })
    remember(path, value, atMs)
    return ok(value)
  }

  const timedOut = (): Result<T, LookupFailure> => fail({ kind: 'timed-out' })
  const looker =
    (look: (path: string, signal: AbortSignal) => Promise<Result<T, LookupFailure>>): Lookup<T>['get'] =>
    async (namespace, name, signal) => {
      const path = wanted.path(namespace, name)
      return path === undefined ? fail({ kind: 'missing' }) : look(path, signal)
    }
  return {
    get: looker(async (path, signal) => {
      const known = kept.get(path)
      if (known !== undefined && isFresh(known)) return ok(known.value)
      return flights.share(path, own => ask(path, own), timedOut, signal)
    }),
    getAnew: looker((path, signal) => freshFlights.share(path, own => ask(path, own), timedOut, signal)),
  }
}
