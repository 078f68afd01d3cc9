import { fail, ok, type Result } from '../lib/result.ts'
import type { Authorized } from './auth/authorize.ts'
import type { Credential } from './auth/credential.ts'
import type { ProbeFailure } from './failure.ts'
import type { Host } from './hosts/hosts.ts'
import type { Place } from './hosts/place.ts'
import type { Pull } from './pull.ts'
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

/** That a host has no address at all. */
export const noAddress = ({ pull, place }: Pick<Inquiry, 'pull' | 'place'>): Result<never, ProbeFailure> =>
  fail({ host: labelOf(pull, place), step: 'dns', kind: 'unreachable', problem: 'no-such-host' })

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

/** The request that puts the question to one address of the host. */
export const requestTo = (base: string, inquiry: Inquiry): Request => {
  const { method, pull, place, accept, step, mostBytes, take } = inquiry
  const { host } = place
  return {
    ...{ method, step, mostBytes, take },
    url: urlOf(base, inquiry),
    client: host,
    namedBy: undefined,
    host: labelOf(pull, place),
    headers: headersFor(host, accept),
    body: undefined,
  }
}

/** What is shown there: the pod's where the host may see it and there is any, or else the node's own. */
export const shownTo = ({ pull, place: { host, ...place } }: Inquiry): Result<Credential | undefined, ProbeFailure> => {
  if (host.takesCredentials && pull.credential !== undefined) return ok(pull.credential)
  if (host.own !== 'malformed') return ok(host.own)
  const label = labelOf(pull, { host, ...place })
  return fail({ host: label, step: 'hosts', kind: 'unreachable', problem: 'hosts-mistaken' })
}
