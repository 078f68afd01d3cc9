import type { Send } from '../send.ts'
import { basicAuthorization, type Credential } from './credential.ts'
import type { Grant } from './grant.ts'
import { type FetchToken, mostTokenBytes } from './token.ts'
import { tokenFrom } from './token-reply.ts'

// The node's own: a server that answers by client must answer us as it answers the node.
const clientId = 'containers/image'

const withGrant = (parameters: URLSearchParams, { service, scopes }: Grant): URLSearchParams => {
  if (service !== '') parameters.append('service', service)
  for (const scope of scopes) parameters.append('scope', scope)
  return parameters
}

const getUrl = (grant: Grant, credential: Credential | undefined): string => {
  const url = new URL(grant.realm)
  const account = credential?.username ?? ''
  if (account !== '') url.searchParams.append('account', account)
  withGrant(url.searchParams, grant)
  return url.href
}

const postForm = (grant: Grant, identityToken: string): string => {
  const form = withGrant(new URLSearchParams(new URL(grant.realm).search), grant)
  form.append('grant_type', 'refresh_token')
  form.append('refresh_token', identityToken)
  form.append('client_id', clientId)
  return form.toString()
}

/**
 * Fetches tokens as CRI-O does (go.podman.io/image, docker/docker_client.go getBearerToken, getBearerTokenOAuth2): by GET,
 * with the name in the query and the password in the header; an identity token goes by POST, and by nothing else.
 */
export const createTokenFetchAsCrio =
  (send: Send): FetchToken =>
  async ({ client, registryUrl, grant, credential }, signal) => {
    const host = new URL(grant.realm).host
    const limits = { mostBytes: mostTokenBytes, take: undefined } as const
    const base = { client, namedBy: registryUrl, host, step: 'token', ...limits } as const
    const isProof = credential !== undefined && credential.password !== ''
    const asked = { host, form: 'cri-o', askedAs: isProof ? 'credentials' : 'anonymous' } as const
    if (isProof && credential.username === '') {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const body = postForm(grant, credential.password)
      return tokenFrom(await send({ ...base, method: 'POST', url: grant.realm, headers, body }, signal), asked)
    }
    const headers = isProof ? { authorization: basicAuthorization(credential) } : {}
    const url = getUrl(grant, credential)
    return tokenFrom(await send({ ...base, method: 'GET', url, headers, body: undefined }, signal), asked)
  }
