import type { Certificate } from '../../src/webhook/certificate.ts'
import { type Call, json, type NamedHost, plain, type Reply, startNamedHost } from './loopback.ts'
import { startWebProxy } from './web-proxy.ts'

/** Google's metadata server as far as it differs between tests. */
export interface GoogleOptions {
  /** The access token of the machine's or the pod's account; undefined: it has no account. */
  readonly token: string | undefined
  /** What the token service proves itself with. */
  readonly certificate: Certificate
  /** What the token service exchanges for an access token of the pod's ServiceAccount: its token, and for whom that is. */
  readonly exchanges?: { readonly proof: string; readonly audience: string; readonly token: string }
}

/** Google's metadata server and token service on this machine. */
export interface Google {
  /** The environment that leads a program to it. */
  readonly environment: Readonly<Record<string, string>>
  /** What was asked, in order. */
  readonly asked: readonly string[]
}

const account = '/computeMetadata/v1/instance/service-accounts/default'

const startTokenService = ({ exchanges, certificate }: GoogleOptions, asked: string[]): Promise<NamedHost> =>
  startNamedHost('sts.googleapis.com', certificate, ({ method, url, body }) => {
    asked.push(`${method} sts.googleapis.com${url}`)
    const { subject_token: proof, audience } = JSON.parse(body)
    const isRight = exchanges !== undefined && proof === exchanges.proof && audience === exchanges.audience
    return isRight
      ? json(200, { access_token: exchanges.token, expires_in: 3599 })
      : json(400, { error: 'invalid_grant' })
  })

/** Starts a metadata server and a token service, each of which is reached as a proxy's other side. */
export const startGoogle = async (options: GoogleOptions): Promise<Google> => {
  const asked: string[] = []
  const answer = ({ hostname, pathname }: URL, { method, headers }: Call): Reply => {
    asked.push(`${method} ${hostname}${pathname}`)
    if (hostname !== 'metadata.google.internal.' || headers['metadata-flavor'] !== 'Google') return plain(403, '')
    if (options.token === undefined) return plain(404, '')
    if (pathname === `${account}/email`) return plain(200, 'nodes@acme.iam.gserviceaccount.com')
    if (pathname !== `${account}/token`) return plain(404, '')
    return json(200, { access_token: options.token, expires_in: 3599, token_type: 'Bearer' })
  }
  const { name, port } = await startTokenService(options, asked)
  const environment = await startWebProxy({ answer, portOf: host => (host === name ? port : undefined) })
  return { environment, asked }
}
