import { LRUCache } from 'lru-cache'
import { createFlights } from '../../lib/flights.ts'
import { fail, ok, type Result } from '../../lib/result.ts'
import type { ProbeFailure } from '../failure.ts'
import type { Notify } from '../observe.ts'
import type { Token } from './token-answer.ts'

/** A token, and whether it was asked for just now. */
export interface StoredToken {
  readonly text: string
  readonly isFresh: boolean
}

/** Fetches the token of a key on the flight's own deadline. */
type Fetch = (signal: AbortSignal) => Promise<Result<Token, ProbeFailure>>

/** Keeps tokens as long as they are good, and fetches each once however many ask for it at a time. */
export interface TokenStore {
  /** The token that is held under the key. */
  readonly held: (key: string) => string | undefined
  /** Whether the token that is held was fetched long enough ago that rights may have been given since. */
  readonly isOld: (key: string) => boolean
  /** The token that is held or else fetched; what `late` says where the signal did not wait for it. */
  readonly get: (
    key: string,
    fetch: Fetch,
    late: ProbeFailure,
    signal: AbortSignal,
  ) => Promise<Result<StoredToken, ProbeFailure>>
  /** Forgets this token, but not one that has taken its place. */
  readonly drop: (key: string, text: string) => void
}

/** Options of a store of tokens. */
export interface TokenStoreOptions {
  /** A clock that only goes forward. */
  readonly nowMs: () => number
  readonly mostTokens: number
  /** How long one fetch may take: nobody's own deadline, since others may be waiting for it. */
  readonly fetchMs: number
  readonly notify?: Notify
}

interface Held {
  readonly text: string
  readonly sinceMs: number
  readonly untilMs: number
}

// As long as a "no" may be remembered at all: a node fetches a token for each pull.
const youngMs = 5000

/** Makes a store of tokens. Failures are not kept. */
export const createTokenStore = (options: TokenStoreOptions): TokenStore => {
  const { nowMs, mostTokens, fetchMs, notify = () => {} } = options
  const tokens = new LRUCache<string, Held>({ max: mostTokens })
  const flights = createFlights<Result<StoredToken, ProbeFailure>>(fetchMs)

  const held = (key: string): string | undefined => {
    const token = tokens.get(key)
    if (token === undefined || nowMs() >= token.untilMs) return undefined
    notify({ kind: 'token', from: 'held' })
    return token.text
  }

  const fly = async (key: string, fetch: Fetch, signal: AbortSignal): Promise<Result<StoredToken, ProbeFailure>> => {
    const beganMs = nowMs()
    const token = await fetch(signal)
    notify({ kind: 'token', from: token.ok ? 'fetched' : 'nowhere', tookMs: nowMs() - beganMs })
    if (!token.ok) return token
    const { text, usableMs } = token.value
    tokens.set(key, { text, sinceMs: nowMs(), untilMs: nowMs() + usableMs })
    return ok({ text, isFresh: true })
  }

  return {
    held,
    isOld: key => nowMs() - (tokens.peek(key)?.sinceMs ?? 0) > youngMs,
    get: async (key, fetch, late, signal) => {
      const text = held(key)
      if (text !== undefined) return ok({ text, isFresh: false })
      return flights.share(
        key,
        flight => fly(key, fetch, flight),
        () => fail(late),
        signal,
      )
    },
    drop: (key, text) => {
      if (tokens.peek(key)?.text === text) tokens.delete(key)
    },
  }
}
