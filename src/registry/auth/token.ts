import type { Result } from '../../lib/result.ts'
import type { ProbeFailure } from '../failure.ts'
import type { ClientTerms, Request, Send } from '../send.ts'
import { basicAuthorization, type Credential } from './credential.ts'
import type { Grant } from './grant.ts'
import type { Token } from './token-answer.ts'
import { tokenFrom } from './token-reply.ts'

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

/** What is read of a token server's answer. */
export const mostTokenBytes = 64 * 1024

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
      return tokenFrom(await get({}), { host, form: 'GET', askedAs: 'anonymous' })
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
      return tokenFrom(posted, { host, form: 'POST', askedAs: 'credentials' })
    const got = await get({ authorization: basicAuthorization(credential) })
    return tokenFrom(got, { host, form: 'GET', askedAs: 'credentials' })
  }
