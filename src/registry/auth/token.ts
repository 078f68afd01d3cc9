import { fail, type Result } from '../../lib/result.ts'
import type { AskedAs, ProbeFailure } from '../failure.ts'
import { retryAfterMs } from '../retry-after.ts'
import type { ClientTerms, Reply, Request, Send } from '../send.ts'
import { basicAuthorization, type Credential } from './credential.ts'
import type { Grant } from './grant.ts'
import { readToken, type Token } from './token-answer.ts'

/** For whom a token is wanted. */
export interface TokenQuestion {
  /** Of the registry whose challenge this answers. */
  readonly client: ClientTerms
  readonly registryUrl: string
  readonly grant: Grant
  readonly credential: Credential | undefined
}

/** Asks a token server; whatever goes wrong is a value. */
export type FetchToken = (question: TokenQuestion, signal: AbortSignal) => Promise<Result<Token, ProbeFailure>>

const mostTokenBytes = 64 * 1024

// The node's own, though the user agent is ours: a server that answers by client must answer us as it answers the node.
const clientId = 'containerd-client'

const postForm = ({ service, scopes }: Grant, { username, password }: Credential): string => {
  const asked = { scope: scopes.join(' '), service, client_id: clientId }
  const proof =
    username === ''
      ? { grant_type: 'refresh_token', refresh_token: password }
      : { grant_type: 'password', username, password }
  return new URLSearchParams({ ...asked, ...proof }).toString()
}

const getUrl = ({ realm, service, scopes }: Grant): string => {
  const url = new URL(realm)
  if (service !== '') url.searchParams.append('service', service)
  for (const scope of scopes) url.searchParams.append('scope', scope)
  return url.href
}

/** Statuses by which servers say that they take no POST: 404 is Google's, 401 Artifactory's, 400 Azure's. */
const isNoPost = (status: number, { username }: Credential): boolean =>
  [400, 401, 404].includes(status) || (status === 405 && username !== '')

/** Fetches tokens as containerd does (core/remotes/docker/authorizer.go doBearerAuth): a secret goes by POST, and by GET only where that is not served. */
export const createTokenFetch =
  (send: Send): FetchToken =>
  async ({ client, registryUrl, grant, credential }, signal) => {
    const host = new URL(grant.realm).host
    const limits = { mostBytes: mostTokenBytes, take: undefined } as const
    const base = { client, namedBy: registryUrl, host, step: 'token', ...limits } as const
    const get = async (headers: Request['headers']) =>
      send({ ...base, method: 'GET', url: getUrl(grant), headers, body: undefined }, signal)

    if (credential === undefined || credential.password === '')
      return read(await get({}), { host, method: 'GET', askedAs: 'anonymous' })
    const posted = await send(
      {
        ...base,
        method: 'POST',
        url: grant.realm,
        headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
        body: postForm(grant, credential),
      },
      signal,
    )
    if (!posted.ok || !isNoPost(posted.value.status, credential))
      return read(posted, { host, method: 'POST', askedAs: 'credentials' })
    const got = await get({ authorization: basicAuthorization(credential) })
    return read(got, { host, method: 'GET', askedAs: 'credentials' })
  }

interface Asked {
  readonly host: string
  readonly method: 'GET' | 'POST'
  readonly askedAs: AskedAs
}

const read = (reply: Result<Reply, ProbeFailure>, asked: Asked): Result<Token, ProbeFailure> => {
  if (!reply.ok) return reply
  const { status, body } = reply.value
  if (status < 200 || status >= 300) return fail(refusalOf(reply.value, asked))
  const token = readToken(body, asked.method)
  if (token.ok) return token
  return fail({ host: asked.host, step: 'token', kind: 'bad-answer', problem: token.error, status: undefined })
}

/** A page for people with status 403 comes from something in front of the server, which may treat the nodes otherwise. */
const isPage = (reply: Reply): boolean => /^\s*text\/html\b/i.test(reply.header('content-type') ?? '')

/**
 * Azure's registries answer 401 to wrong credentials, and 403 where a firewall shuts out the address that asks: the nodes'
 * may be another.
 */
const isFirewall = (status: number, host: string): boolean =>
  status === 403 && /\.azurecr\.(?:io|cn|us)(?::\d+)?$/.test(host)

const refusalOf = (reply: Reply, { host, askedAs }: Asked): ProbeFailure => {
  const at = { host, step: 'token' } as const
  const { status } = reply
  if (status === 429) return { ...at, kind: 'rate-limited', retryAfterMs: retryAfterMs(reply.header('retry-after')) }
  if (isFirewall(status, host) || (status === 403 && isPage(reply)))
    return { ...at, kind: 'bad-answer', problem: 'not-a-registry', status }
  if (status === 401 || status === 403) return { ...at, kind: 'refused', status, askedAs }
  // OAuth 2.0 says "invalid_grant" with 400 to a wrong password; to nobody's question it says no more than "bad request".
  if (status === 400 && askedAs === 'credentials') return { ...at, kind: 'refused', status, askedAs }
  if (status >= 300 && status < 400) return { ...at, kind: 'bad-answer', problem: 'bad-redirect', status }
  const problem = status >= 500 || status === 408 ? 'server-error' : 'unexpected-status'
  return { ...at, kind: 'bad-answer', problem, status }
}
