import { LRUCache } from 'lru-cache'
import type { Authorizer } from './auth/authorize.ts'
import type { ProbeFailure } from './failure.ts'
import { pausing } from './inquiry-pauses.ts'
import { type Inquire, type Inquiry, noAddress, requestTo, shownTo } from './inquiry-request.ts'

// containerd finds out anew for each pull which of the two it is.
const learntMs = 60_000

/** Options of inquiries. */
export interface InquireOptions {
  readonly authorize: Authorizer
  readonly nowMs: () => number
  /** Random, and this process's own: it tells credentials apart. */
  readonly fingerprintKey: Uint8Array
}

/** Makes the function that asks a place at the first of its addresses that speaks as it should, as containerd does. */
export const createInquire = ({ authorize, nowMs, fingerprintKey }: InquireOptions): Inquire => {
  const ask = async (base: string, inquiry: Inquiry, signal: AbortSignal) => {
    const shown = shownTo(inquiry)
    if (!shown.ok) return shown
    const { repository } = inquiry.place
    return authorize(requestTo(base, inquiry), { repository, credential: shown.value }, signal)
  }

  // Only hosts of which plain HTTP is no surprise have two addresses.
  const learnt = new LRUCache<string, string>({ max: 1000, ttl: learntMs, ttlResolution: 0, perf: { now: nowMs } })

  const askEither: Inquire = async (inquiry, signal) => {
    const [first, second] = inquiry.place.host.bases
    if (first === undefined) return noAddress(inquiry)
    const known = second === undefined ? undefined : learnt.get(first)
    const answer = await ask(known ?? first, inquiry, signal)
    if (known !== undefined || second === undefined || answer.ok || !speaksNoTls(answer.error)) return answer
    const again = await ask(second, inquiry, signal)
    if (again.ok) learnt.set(first, second)
    return again
  }
  return pausing(askEither, { nowMs, fingerprintKey })
}

// Of the registry itself: a token server that is down says nothing about the registry's TLS.
const speaksNoTls = (failure: ProbeFailure): boolean =>
  failure.step !== 'token' &&
  failure.kind === 'unreachable' &&
  (failure.problem === 'not-https' || failure.problem === 'connection-refused')
