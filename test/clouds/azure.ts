import { text } from 'node:stream/consumers'
import type { Intercept } from '../../src/demo/registry.ts'
import type { Certificate } from '../../src/webhook/certificate.ts'
import { type Call, json, type NamedHost, plain, type Reply, startNamedHost } from './loopback.ts'
import { startWebProxy } from './web-proxy.ts'

/** Azure's metadata server and registry as far as they differ between tests. */
export interface AzureOptions {
  /** The identity that the machine has, by its client's name. */
  readonly identity: string
  /** What the directory proves itself with. */
  readonly certificate: Certificate
  /** What the directory takes for a proof of that identity: a token of a pod's ServiceAccount. */
  readonly proof?: string
  /** On which port the registry of that host speaks TLS. */
  readonly portOf: (host: string) => number | undefined
}

/** Azure's metadata server and directory on this machine. */
export interface Azure {
  /** The environment that leads a program to it. */
  readonly environment: Readonly<Record<string, string>>
  /** What was asked, in order. */
  readonly asked: readonly string[]
}

const accessToken = 'ENTRA-ACCESS-TOKEN'

const startDirectory = ({ identity, proof, certificate }: AzureOptions, asked: string[]): Promise<NamedHost> =>
  startNamedHost('login.microsoftonline.com', certificate, ({ url, body }) => {
    const form = new URLSearchParams(body)
    asked.push(`login.microsoftonline.com${url} ${form.get('scope')} as ${form.get('client_id')}`)
    const isRight = form.get('client_id') === identity && form.get('client_assertion') === proof
    return isRight ? json(200, { access_token: accessToken }) : json(401, { error: 'invalid_client' })
  })

/** Starts a metadata server and a directory, which are reached as a proxy's other side, like the registry. */
export const startAzure = async (options: AzureOptions): Promise<Azure> => {
  const asked: string[] = []
  const answer = ({ host, pathname, searchParams }: URL, { headers }: Call): Reply => {
    asked.push(`${host}${pathname} ${searchParams.get('resource')} as ${searchParams.get('client_id')}`)
    const isRight = host === '169.254.169.254' && pathname === '/metadata/identity/oauth2/token'
    if (!isRight || headers['metadata'] !== 'true') return plain(400, '')
    if (searchParams.get('client_id') !== options.identity) return json(400, { error: 'invalid_request' })
    return json(200, { access_token: accessToken, expires_in: '3599', token_type: 'Bearer' })
  }
  const { name, port } = await startDirectory(options, asked)
  const portOf = (host: string): number | undefined => (host === name ? port : options.portOf(host))
  return { environment: await startWebProxy({ answer, portOf }), asked }
}

/** The registry's own part: it gives whoever shows a token of the tenant's directory a refresh token, with which one logs in. */
export const exchanging =
  (registry: string, refreshToken: string): Intercept =>
  async (request, response) => {
    if (request.method !== 'POST' || request.url !== '/oauth2/exchange') return false
    const form = new URLSearchParams(await text(request))
    const isRight =
      form.get('grant_type') === 'access_token_refresh_token' &&
      form.get('service') === registry &&
      form.get('access_token') === accessToken
    const body = isRight ? { refresh_token: refreshToken } : { errors: [{ code: 'UNAUTHORIZED' }] }
    response.writeHead(isRight ? 200 : 401, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
    return true
  }
