import { LRUCache } from 'lru-cache'
import { fail, type Result } from '../lib/result.ts'
import type { Authorized, Authorizer } from './auth/authorize.ts'
import { fingerprintOf } from './auth/credential.ts'
import type { ProbeFailure } from './failure.ts'
import type { Host } from './hosts/hosts.ts'
import type { Place } from './hosts/place.ts'
import { createPauses } from './pause.ts'
import type { Pull } from './pull.ts'
import { retryAfterMs } from './retry-after.ts'
import type { Headers, Request } from './send.ts'

/** One question to one place, at whichever of its addresses answers. */
export interface Inquiry extends Pick<Request, 'step' | 'mostBytes' | 'take'> {
  readonly method: 'HEAD' | 'GET'
  readonly pull: Pull
  readonly place: Place
  /** Below the repository: `manifests/1.0`, and a query where there is one. */
  readonly path: string
  readonly accept: string
}

/** Asks one question; whatever goes wrong is a value. */
export type Inquire = (inquiry: Inquiry, signal: AbortSignal) => Promise<Result<Authorized, ProbeFailure>>

/** What failures call a host: the registry as the reference names it, or the mirror. */
export const labelOf = ({ reference }: Pull, { host }: Place): string =>
  host.isUpstream ? reference.registry : host.name

const urlOf = (base: string, { path, place }: Inquiry): string => {
  const url = `${base}/${place.repository}/${path}`
  const { namespace } = place.host
  if (namespace === undefined) return url
  return `${url}${path.includes('?') ? '&' : '?'}ns=${encodeURIComponent(namespace)}`
}

/** The headers that the configuration adds; one name may have several values. */
const headersFor = ({ headers }: Host, accept: string): Headers => {
  const values = Map.groupBy(headers, ([name]) => name.toLowerCase())
  const added = [...values].map(([name, lines]) => [name, lines.map(([, value]) => value)] as const)
  return { ...Object.fromEntries(added), accept }
}

/** How long we are asked to keep away, where that is the answer; undefined: it is another, or does not say. */
const askedPatienceMs = (answer: Result<Authorized, ProbeFailure>): number | undefined => {
  if (!answer.ok) return answer.error.kind === 'rate-limited' ? answer.error.retryAfterMs : undefined
  const { reply } = answer.value
  return reply.status === 429 ? retryAfterMs(reply.header('retry-after')) : undefined
}

// containerd finds out anew for each pull which of the two it is.
const learntMs = 60_000

/** Options of inquiries. */
export interface InquireOptions {
  readonly authorize: Authorizer
  readonly nowMs: () => number
  /** Random, and this process's own: it tells credentials apart. */
  readonly fingerprintKey: Uint8Array
}

/** Makes the function that asks a place at the first of its addresses that speaks as it should. */
export const createInquire = ({ authorize, nowMs, fingerprintKey }: InquireOptions): Inquire => {
  const pauses = createPauses(nowMs)
  const ask = (base: string, inquiry: Inquiry, signal: AbortSignal) => {
    const { method, pull, place, accept, step, mostBytes, take } = inquiry
    const { host, repository } = place
    const request: Request = {
      ...{ method, step, mostBytes, take },
      url: urlOf(base, inquiry),
      client: host,
      namedBy: undefined,
      host: labelOf(pull, place),
      headers: headersFor(host, accept),
      body: undefined,
    }
    const credential = host.takesCredentials ? pull.credential : undefined
    return authorize(request, { repository, credential }, signal)
  }

  // Only hosts of which plain HTTP is no surprise have two addresses.
  const learnt = new LRUCache<string, string>({ max: 1000, ttl: learntMs, ttlResolution: 0, perf: { now: nowMs } })

  const askEither: Inquire = async (inquiry, signal) => {
    const { pull, place } = inquiry
    const [first, second] = place.host.bases
    if (first === undefined)
      return fail({ host: labelOf(pull, place), step: 'dns', kind: 'unreachable', problem: 'no-such-host' })
    const known = second === undefined ? undefined : learnt.get(first)
    const answer = await ask(known ?? first, inquiry, signal)
    if (known !== undefined || second === undefined || answer.ok || !speaksNoTls(answer.error)) return answer
    const again = await ask(second, inquiry, signal)
    if (again.ok) learnt.set(first, second)
    return again
  }

  return async (inquiry, signal) => {
    const { pull, place, step } = inquiry
    const key = JSON.stringify([place.host.name, fingerprintOf(pull.credential, fingerprintKey)])
    const leftMs = pauses.leftMs(key)
    if (leftMs !== undefined)
      return fail({ host: labelOf(pull, place), step, kind: 'rate-limited', retryAfterMs: leftMs })
    const answer = await askEither(inquiry, signal)
    pauses.note(key, askedPatienceMs(answer))
    return answer
  }
}

// Of the registry itself: a token server that is down says nothing about the registry's TLS.
const speaksNoTls = (failure: ProbeFailure): boolean =>
  failure.step !== 'token' &&
  failure.kind === 'unreachable' &&
  (failure.problem === 'not-https' || failure.problem === 'connection-refused')
