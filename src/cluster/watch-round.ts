import { endingIn } from '../lib/deadline.ts'
import type { ApiFailure } from './api-failure.ts'
import type { ApiServer } from './api-server.ts'
import type { Shelf } from './shelf.ts'
import { watchEventOf } from './watch-event.ts'

/** What is left when a list or a watch has ended. */
export interface Round {
  /** From which version to watch on; undefined: list anew. */
  readonly version: string | undefined
  /** Whether it did well enough for the next wait to be short. */
  readonly isHealthy: boolean
  readonly failure: ApiFailure | undefined
}

/** What is watched. */
export interface WatchRoundOptions {
  readonly api: Pick<ApiServer, 'watch'>
  readonly path: string
  readonly shelf: Pick<Shelf<unknown>, 'put' | 'drop'>
  readonly opened: () => void
  /** Told of each event's version, when what it says is known. */
  readonly heard: (version: string) => void
  readonly nowMs: () => number
  readonly random: () => number
}

// As informers do: 5 to 10 minutes, so that the servers' load spreads (client-go, tools/cache/reflector.go).
const leastSeconds = 300
// A connection that is dead without a sign is given up when the server's own end of the watch is overdue.
const overdueMs = 30_000
const healthyMs = 60_000

const query = (version: string, seconds: number): URLSearchParams =>
  new URLSearchParams({
    watch: 'true',
    allowWatchBookmarks: 'true',
    resourceVersion: version,
    timeoutSeconds: String(seconds),
  })

/** Watches once, from a version on. */
export const watchRound = async (options: WatchRoundOptions, from: string, signal: AbortSignal): Promise<Round> => {
  const { api, path, shelf, opened, heard, nowMs, random } = options
  const startedMs = nowMs()
  const seconds = Math.ceil(leastSeconds * (1 + random()))
  let version = from
  const event = (line: unknown): ApiFailure | undefined => {
    const told = watchEventOf(line)
    if (told === undefined) return { kind: 'bad-answer', status: undefined }
    if (told.kind === 'failed') return told.failure
    if (told.kind === 'put') shelf.put(told.object)
    if (told.kind === 'drop') shelf.drop(told.object)
    version = told.version
    heard(version)
    return undefined
  }
  const lasting = endingIn(seconds * 1000 + overdueMs, signal)
  const ended = await api.watch(`${path}?${query(from, seconds)}`, { opened, event }, lasting)
  const isHealthy = version !== from || nowMs() - startedMs >= healthyMs
  if (ended.ok) return { version, isHealthy, failure: undefined }
  return { version: ended.error.kind === 'expired' ? undefined : version, isHealthy, failure: ended.error }
}
