import { LRUCache } from 'lru-cache'
import { fail, type Result } from '../lib/result.ts'
import type { Authorized, Authorizer } from './auth/authorize.ts'
import type { Endpoint } from './endpoint.ts'
import type { ProbeFailure, Step } from './failure.ts'

/** One question to a registry, whichever of its addresses answers. */
export interface Inquiry {
  readonly method: 'HEAD' | 'GET'
  readonly endpoint: Endpoint
  readonly repository: string
  /** Below the repository: `manifests/1.0`. */
  readonly path: string
  readonly accept: string
  readonly step: Step
  /** A longer body is refused as too large. */
  readonly mostBytes: number
}

/** Asks one question; whatever goes wrong is a value. */
export type Inquire = (inquiry: Inquiry, signal: AbortSignal) => Promise<Result<Authorized, ProbeFailure>>

/** Makes the function that asks a registry at the first of its addresses that speaks as it should. */
export const createInquire = (authorize: Authorizer): Inquire => {
  const ask = (base: string, { endpoint, repository, path, accept, ...rest }: Inquiry, signal: AbortSignal) =>
    authorize(
      {
        ...rest,
        endpoint,
        url: `${base}/${repository}/${path}`,
        host: endpoint.host,
        namedBy: undefined,
        headers: { accept },
        body: undefined,
      },
      { repository, credential: undefined },
      signal,
    )

  // Only loopback hosts with a port of their own have two addresses.
  const learnt = new LRUCache<string, string>({ max: 1000 })

  return async (inquiry, signal) => {
    const { host, bases } = inquiry.endpoint
    const [first, second] = bases
    // A reference may have a port above 65535, or a host such as 1.2.3.400, that no URL can.
    if (first === undefined) return fail({ host, step: 'dns', kind: 'unreachable', problem: 'no-such-host' })
    const known = learnt.get(host)
    const answer = await ask(known ?? first, inquiry, signal)
    if (known !== undefined || second === undefined || answer.ok || !speaksNoTls(answer.error)) return answer
    const again = await ask(second, inquiry, signal)
    if (again.ok) learnt.set(host, second)
    return again
  }
}

// Of the registry itself: a token server that is down says nothing about the registry's TLS.
const speaksNoTls = (failure: ProbeFailure): boolean =>
  failure.step !== 'token' &&
  failure.kind === 'unreachable' &&
  (failure.problem === 'not-https' || failure.problem === 'connection-refused')
