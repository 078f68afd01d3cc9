import { randomUUID, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { openSockets } from '../../src/lib/open-sockets.ts'
import { basicAuthorization, type Credential } from '../../src/registry/auth/credential.ts'
import { type Certificate, makeCertificate } from '../../src/webhook/certificate.ts'

/** How a server of signed tokens behaves. */
export interface JwtServerOptions {
  readonly account: Credential
  /** Repositories that anybody may pull from; the account may pull from all, and push. */
  readonly open: readonly string[]
  /** Whether POST is served; GET is. */
  readonly servesPost: boolean
}

/** A server of tokens that a real registry believes. */
export interface JwtServer {
  readonly realm: string
  readonly service: string
  readonly issuer: string
  /** The authority whose tokens are good, as PEM. */
  readonly trusted: string
  /** `POST pullgate`, `GET` for nobody. */
  readonly requests: readonly string[]
  /** A token for pushing to a repository. */
  readonly pushToken: (repository: string) => string
  readonly close: () => Promise<void>
}

type Who = 'nobody' | 'known' | 'wrong'

interface Asked {
  readonly who: Who
  readonly scopes: readonly string[]
  readonly line: string
}

const service = 'registry.example'
const issuer = 'tokens.example'

const encoded = (document: object): string => Buffer.from(JSON.stringify(document)).toString('base64url')

const derOf = (pem: string): string => pem.replaceAll(/-----[^-]+-----|\s/g, '')

const signedToken = ({ key, cert }: Certificate, access: readonly object[]): string => {
  const now = Math.floor(Date.now() / 1000)
  const times = { iat: now, nbf: now - 10, exp: now + 300 }
  const claims = { iss: issuer, sub: '', aud: service, jti: randomUUID(), ...times, access }
  const signed = `${encoded({ typ: 'JWT', alg: 'ES256', x5c: [derOf(cert)] })}.${encoded(claims)}`
  const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' })
  return `${signed}.${signature.toString('base64url')}`
}

const readGet = ({ headers, url }: IncomingMessage, account: Credential): Asked => {
  const scopes = new URL(`http://server${url}`).searchParams.getAll('scope')
  const { authorization } = headers
  if (authorization === undefined) return { who: 'nobody', scopes, line: 'GET' }
  const who = authorization === basicAuthorization(account) ? 'known' : 'wrong'
  return { who, scopes, line: `GET ${account.username}` }
}

const readPost = (body: string, account: Credential): Asked => {
  const form = new URLSearchParams(body)
  const isKnown = form.get('username') === account.username && form.get('password') === account.password
  const scopes = (form.get('scope') ?? '').split(' ')
  return { who: isKnown ? 'known' : 'wrong', scopes, line: `POST ${form.get('username')}` }
}

const accessTo = (scopes: readonly string[], may: (repository: string) => readonly string[]): readonly object[] =>
  scopes.flatMap(scope => {
    const [type = '', name = '', actions = ''] = scope.split(':')
    return [{ type, name, actions: actions.split(',').filter(action => may(name).includes(action)) }]
  })

/** Starts a server of tokens on a free port of 127.0.0.1. */
export const startJwtServer = async ({ account, open, servesPost }: JwtServerOptions): Promise<JwtServer> => {
  const certificate = await makeCertificate(['tokens.example'], new Date(), 3_600_000)
  const requests: string[] = []
  const may = (who: Who) => (repository: string) =>
    who === 'known' ? ['pull', 'push'] : open.includes(repository) ? ['pull'] : []

  const answer = ({ who, scopes }: Asked, method: string, response: ServerResponse): void => {
    const write = (status: number, document: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(document))
    }
    const token = signedToken(certificate, accessTo(scopes, may(who)))
    if (method === 'POST' && !servesPost) write(405, {})
    else if (who === 'wrong') write(401, { errors: [{ code: 'UNAUTHORIZED' }] })
    else write(200, { token, access_token: token, expires_in: 300 })
  }
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request)
    const asked = request.method === 'POST' ? readPost(body, account) : readGet(request, account)
    requests.push(asked.line)
    answer(asked, request.method ?? '', response)
  }

  const server = createServer((request, response) => void serve(request, response))
  const sockets = openSockets(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    realm: `http://127.0.0.1:${port}/token`,
    service,
    issuer,
    trusted: certificate.ca,
    requests,
    pushToken: name => signedToken(certificate, [{ type: 'repository', name, actions: ['pull', 'push'] }]),
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
