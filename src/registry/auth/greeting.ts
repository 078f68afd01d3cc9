import { LRUCache } from 'lru-cache'
import { createFlights } from '../../lib/flights.ts'
import { fail, ok, type Result } from '../../lib/result.ts'
import type { Origin, ProbeFailure } from '../failure.ts'
import type { Host } from '../hosts/hosts.ts'
import { retryAfterMs } from '../retry-after.ts'
import type { Reply, Send } from '../send.ts'
import { problemOf } from '../status.ts'
import { noteWhereabouts } from '../whereabouts.ts'
import { type Challenge, firstChallenge } from './challenge.ts'

/** What a registry says before anything is asked of it. */
export interface Greeting {
  /** The address of the host that said it. */
  readonly base: string
  /** What it wants of whoever asks; undefined: nothing. */
  readonly challenge: Challenge | undefined
  /** Whether it was said just now. */
  readonly isFresh: boolean
}

/** Hears the greeting of a host, or remembers it; anew: the one of today. */
export type Greet = (
  host: Host,
  at: Origin,
  anew: boolean,
  signal: AbortSignal,
) => Promise<Result<Greeting, ProbeFailure>>

/** Options of greetings. */
export interface GreetOptions {
  readonly send: Send
  /** A clock that only goes forward. */
  readonly nowMs: () => number
  /** How long one may take: nobody's own deadline, since others may be waiting for it. */
  readonly fetchMs: number
}

interface Heard extends Omit<Greeting, 'isFresh'> {
  readonly sinceMs: number
}

// CRI-O hears one for each pull. What hangs on it is asked anew before it says "no".
const keptMs = 60_000
const youngMs = 5000
// Some registries greet with a page.
const mostBytes = 1024 * 1024

const failureOf = (reply: Reply, at: Origin): ProbeFailure => {
  const { status } = reply
  if (status === 429) return { ...at, kind: 'rate-limited', retryAfterMs: retryAfterMs(reply.header('retry-after')) }
  return { ...at, kind: 'bad-answer', problem: problemOf(status), status }
}

/** A greeting has no size that says anything of an image. */
const withoutSize = (failure: ProbeFailure): ProbeFailure =>
  failure.kind === 'oversized'
    ? { host: failure.host, step: failure.step, kind: 'bad-answer', problem: 'too-large', status: undefined }
    : failure

/**
 * Makes the function that hears greetings as CRI-O does (go.podman.io/image, docker/docker_client.go
 * detectPropertiesHelper): by `GET /v2/`, which is answered with 200 or 401; whatever else happens by HTTPS, a host that
 * may be insecure is then asked by HTTP.
 */
export const createGreet = ({ send, nowMs, fetchMs }: GreetOptions): Greet => {
  const known = new LRUCache<string, Heard>({ max: 1000, ttl: keptMs, ttlResolution: 0, perf: { now: nowMs } })
  const flights = createFlights<Result<Heard, ProbeFailure>>(fetchMs)

  const hearAt = async (base: string, host: Host, at: Origin, flight: AbortSignal) => {
    const request = { method: 'GET', url: `${base}/`, client: host, namedBy: undefined, headers: {} } as const
    const reply = await send({ ...request, ...at, body: undefined, mostBytes, take: undefined }, flight)
    if (!reply.ok) return fail(withoutSize(reply.error))
    if (reply.value.status !== 200 && reply.value.status !== 401) return fail(failureOf(reply.value, at))
    const challenge = firstChallenge(reply.value.lines('www-authenticate'))
    return ok({ base, challenge, sinceMs: nowMs() })
  }

  const hear = async (key: string, host: Host, at: Origin, flight: AbortSignal) => {
    let last: Result<Heard, ProbeFailure> = fail({ ...at, step: 'dns', kind: 'unreachable', problem: 'no-such-host' })
    for (const base of host.bases) {
      last = await hearAt(base, host, at, flight)
      if (last.ok) break
    }
    if (last.ok) known.set(key, last.value)
    return last
  }

  const greetingOf = ({ base, challenge, sinceMs }: Heard): Greeting => ({
    ...{ base, challenge },
    isFresh: nowMs() - sinceMs <= youngMs,
  })

  return async (host, at, anew, signal) => {
    const key = host.bases.join(' ')
    const held = known.get(key)
    if (held !== undefined && (!anew || greetingOf(held).isFresh)) return ok(greetingOf(held))
    noteWhereabouts(signal, at)
    const late: ProbeFailure = { ...at, kind: 'timed-out' }
    const heard = await flights.share(
      key,
      flight => hear(key, host, at, flight),
      () => fail(late),
      signal,
    )
    return heard.ok ? ok(greetingOf(heard.value)) : heard
  }
}
