import { LRUCache } from 'lru-cache'
import { fail, type Result } from '../../lib/result.ts'
import type { NetworkProblem, ProbeFailure } from '../failure.ts'
import type { Notify } from '../observe.ts'
import type { Reply, Request, Send } from '../send.ts'
import { type Attempt, type Breaker, type BreakerOptions, createBreaker } from './breaker.ts'
import { createTurnstile, type Turnstile } from './turnstile.ts'

/** Options of a gate. */
export interface GateOptions extends BreakerOptions {
  /** Requests to one origin that are under way at the most. */
  readonly connectionsPerHost: number
  /** Other bounds, by host and port. */
  readonly connectionsByHost?: ReadonlyMap<string, number>
  readonly notify?: Notify
}

/** Stands before the exchange: no origin gets more at a time than it should, and none that is down costs much time. */
export interface Gate {
  /** Makes a sender that keeps to the gate's rules. */
  readonly guarding: (send: Send) => Send
  /** Told of an origin that gave no answer to a connection. */
  readonly stalled: (origin: string) => void
}

interface Door {
  readonly breaker: Breaker
  readonly turnstile: Turnstile
  /** What went wrong last: while the breaker is open, that is still the best answer. */
  lastFailure: ProbeFailure | undefined
}

// More origins than a cluster pulls from; 16 MB in all, since whoever writes pods may name as many as that. One that is
// forgotten while somebody is inside loses count of him: the pool behind it still keeps to its number of sockets.
const mostOrigins = 10_000
// At 400 answers a second, which 8 connections give over 20 ms, that is what a review has the time for.
const mostWaiting = 1024
// An answer that takes longer than this has had its chance; a caller that was shorter of time says nothing about the origin.
const longEnoughMs = 1000

// The host is there and spoke. Whether its certificate will do depends on who asks on which terms, and others share the
// door: a registry that names another as its token server must not shut it for those who trust it.
const spoke: ReadonlySet<NetworkProblem> = new Set([
  'not-https',
  'tls-failed',
  'certificate-expired',
  'certificate-name',
  'certificate-untrusted',
])

/** Statuses 500 and above are the origin's trouble; everything else is an answer. */
const attemptOf = (reply: Result<Reply, ProbeFailure>, { step }: Request, tookMs: number): Attempt => {
  if (reply.ok) return reply.value.status >= 500 ? 'failed' : 'answered'
  switch (reply.error.kind) {
    case 'unreachable':
      return spoke.has(reply.error.problem) ? 'answered' : 'failed'
    case 'timed-out':
      // Whoever looks for a program gives a layer up as soon as enough of it was seen.
      return step === 'program' || tookMs < longEnoughMs ? 'unsettled' : 'failed'
    case 'blocked':
      return 'unsettled'
    case 'absent':
    case 'refused':
    case 'rate-limited':
    case 'bad-answer':
    case 'oversized':
    case 'wrong-content':
      return 'answered'
  }
}

const failureOf = (reply: Result<Reply, ProbeFailure>, { host, step }: Request): ProbeFailure | undefined => {
  if (!reply.ok) return reply.error
  const { status } = reply.value
  return status < 500 ? undefined : { host, step, kind: 'bad-answer', problem: 'server-error', status }
}

/** What is told of an origin that is not asked: what it did a moment ago, or that it did nothing. */
const echoOf = (failure: ProbeFailure | undefined, { host, step }: Request): ProbeFailure =>
  failure === undefined || failure.kind === 'timed-out'
    ? { host, step, kind: 'unreachable', problem: 'breaker-open' }
    : { ...failure, host, step }

/** Makes a gate. */
export const createGate = (options: GateOptions): Gate => {
  const { nowMs, connectionsPerHost, connectionsByHost, notify = () => {} } = options
  const doors = new LRUCache<string, Door>({ max: mostOrigins })
  const doorOf = (origin: string): Door => {
    const known = doors.get(origin)
    if (known !== undefined) return known
    const { host } = new URL(origin)
    const mostInside = connectionsByHost?.get(host) ?? connectionsPerHost
    const turnstile = createTurnstile({ nowMs, mostInside, mostWaiting })
    const breaker = createBreaker(options, state => notify({ kind: 'breaker', host, state }))
    const door: Door = { breaker, turnstile, lastFailure: undefined }
    doors.set(origin, door)
    return door
  }

  /** One request through a door, if it is open. */
  const pass = async (door: Door, send: Send, request: Request, signal: AbortSignal) => {
    const note = door.breaker.admit()
    if (note === undefined) return fail(echoOf(door.lastFailure, request))
    let attempt: Attempt = 'unsettled'
    try {
      const beganMs = nowMs()
      const reply = await send(request, signal)
      attempt = attemptOf(reply, request, nowMs() - beganMs)
      if (attempt === 'failed') door.lastFailure = failureOf(reply, request)
      return reply
    } finally {
      note(attempt)
    }
  }

  const guarding =
    (send: Send): Send =>
    async (request, signal) => {
      const { host, step } = request
      const url = new URL(request.url)
      const door = doorOf(url.origin)
      // Before the queue: whoever is inside may hang there as long as its own time lasts.
      if (door.breaker.isShut()) return fail(echoOf(door.lastFailure, request))
      const sinceMs = door.turnstile.isFull() ? nowMs() : undefined
      const waited = (): void => {
        if (sinceMs !== undefined) notify({ kind: 'waited', host: url.host, waitedMs: nowMs() - sinceMs })
      }
      const entered = await door.turnstile.enter(signal)
      if (!entered.ok) {
        const { error: reason } = entered
        if (reason !== 'aborted') {
          notify({ kind: 'turned-away', host: url.host, reason })
          return fail({ host, step, kind: 'unreachable', problem: 'too-busy' })
        }
        waited()
        return fail({ host, step, kind: 'timed-out' })
      }
      try {
        waited()
        return await pass(door, send, request, signal)
      } finally {
        entered.value()
      }
    }

  const stalled = (origin: string): void => {
    const door = doorOf(origin)
    door.lastFailure = undefined
    door.breaker.stalled()
  }
  return { guarding, stalled }
}
