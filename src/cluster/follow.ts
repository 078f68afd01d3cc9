import type { ApiFailure } from './api-failure.ts'
import type { ApiServer } from './api-server.ts'
import { createBackOff } from './back-off.ts'
import { listObjects } from './list.ts'
import type { Shelf } from './shelf.ts'
import { createStanding, type Followed } from './standing.ts'
import type { Wait } from './wait.ts'
import { type Round, watchRound } from './watch-round.ts'

/** What happens to whoever follows. */
export type FollowEvent = { readonly path: string } & (
  | { readonly kind: 'listed'; readonly version: string }
  /** A watch began. */
  | { readonly kind: 'opened' }
  /** Everything up to this version is known. */
  | { readonly kind: 'heard'; readonly version: string }
  | { readonly kind: 'failed'; readonly failure: ApiFailure }
)

/** How objects of the cluster are followed. */
export interface FollowOptions {
  /** Objects a page of the list. */
  readonly pageSize: number
  /** For one page. */
  readonly pageMs: number
  /** For how long the first list is worth waiting for. */
  readonly patienceMs: number
  /** A clock in milliseconds that never goes back. */
  readonly nowMs: () => number
  /** From 0 up to 1. */
  readonly random: () => number
  readonly wait: Wait
  readonly observe: (event: FollowEvent) => void
}

/** Objects that are followed until this is closed. */
export interface Following extends Followed {
  readonly close: () => Promise<void>
}

// A server that lost its memory refuses versions that it has not reached yet; after so many refusals a list helps.
const mostRefusals = 3

const isRefusal = (failure: ApiFailure | undefined): boolean =>
  failure?.kind === 'bad-answer' || failure?.kind === 'too-large' || failure?.kind === 'missing'

const askedWaitMs = (failure: ApiFailure | undefined): number =>
  failure?.kind === 'busy' ? (failure.retryAfterMs ?? 0) : 0

/**
 * Follows objects: a list in pages, then watches from the list's version on, for ever. The client library's informer would not do: it ends
 * at the first connection that breaks, lists without pages, and keeps whole objects (dist/cache.js).
 */
export const follow = (
  api: Pick<ApiServer, 'get' | 'watch'>,
  path: string,
  shelf: Shelf<unknown>,
  options: FollowOptions,
): Following => {
  const { random, wait, observe } = options
  const closing = new AbortController()
  const { signal } = closing
  const standing = createStanding(options)
  const backOff = createBackOff(random)
  let refusals = 0

  const list = async (): Promise<Round> => {
    const begun = shelf.beginList()
    const listed = await listObjects({ api, path, ...options }, begun.put, signal)
    if (!listed.ok) return { version: undefined, isHealthy: false, failure: listed.error }
    begun.whole()
    standing.listed()
    observe({ kind: 'listed', path, version: listed.value })
    return { version: listed.value, isHealthy: false, failure: undefined }
  }

  const failed = (failure: ApiFailure): void => {
    standing.failed(failure)
    observe({ kind: 'failed', path, failure })
  }
  const opened = (): void => {
    standing.reached()
    observe({ kind: 'opened', path })
  }
  const heard = (version: string): void => observe({ kind: 'heard', path, version })

  const pause = async ({ failure, isHealthy }: Round): Promise<void> => {
    if (failure !== undefined && !signal.aborted) failed(failure)
    if (isHealthy) backOff.reset()
    await wait(Math.max(backOff.nextMs(), askedWaitMs(failure)), signal)
  }

  /** A watch follows on a list at once; whatever ended waits a little. */
  const next = async (version: string | undefined): Promise<string | undefined> => {
    const round =
      version === undefined
        ? await list()
        : await watchRound({ api, path, shelf, opened, heard, ...options }, version, signal)
    if (version === undefined && round.failure === undefined) return round.version
    refusals = isRefusal(round.failure) ? refusals + 1 : 0
    await pause(round)
    return refusals < mostRefusals ? round.version : undefined
  }

  const run = async (): Promise<void> => {
    let version: string | undefined
    while (!signal.aborted) version = await next(version)
  }

  const running = run().finally(standing.end)
  return {
    standing: standing.standing,
    settled: standing.settled,
    close: () => {
      closing.abort()
      return running
    },
  }
}
