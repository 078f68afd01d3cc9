import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Intercept } from '../../src/demo/registry.ts'
import { openSockets } from '../../src/lib/open-sockets.ts'
import { basicAuthorization, type Credential } from '../../src/registry/auth/credential.ts'

/** How a token server behaves; left alone, it gives everybody a token and serves POST. */
export interface TokenServerOptions {
  /** Who has an account; the password of one without a username is an identity token. */
  readonly accounts?: readonly Credential[]
  /** Whether POST is served, or with which status it is not. */
  readonly post?: 'served' | number
  /** Whether those without credentials get a token, or which status instead. */
  readonly anonymous?: 'served' | number
  /** The status for wrong credentials. */
  readonly wrong?: number
  /** The members of the answer that hold the token. */
  readonly members?: readonly ('token' | 'access_token')[]
  /** More members, `expires_in` for one. */
  readonly more?: Readonly<Record<string, unknown>>
  /** Happens before each answer. */
  readonly before?: () => Promise<void>
  /** Takes the answer upon itself. */
  readonly answer?: (response: ServerResponse) => void
}

/** A request that came in. */
export interface TokenRequest {
  readonly method: string
  /** Of the query or of the form, in order. */
  readonly fields: readonly (readonly [string, string])[]
  readonly contentType: string | undefined
  readonly authorization: string | undefined
}

/** A token server on this machine. */
export interface TokenServer {
  readonly host: string
  readonly realm: string
  readonly requests: readonly TokenRequest[]
  /** To whom the token was given: a username, or '' for nobody in particular; undefined: it is no good. */
  readonly bearerOf: (token: string) => string | undefined
  /** Makes every token given so far worthless. */
  readonly revokeAll: () => void
  readonly close: () => Promise<void>
}

type Who = { readonly kind: 'nobody' } | { readonly kind: 'known'; readonly name: string } | { readonly kind: 'wrong' }

const formOf = (request: TokenRequest): Readonly<Record<string, string>> => Object.fromEntries(request.fields)

const whoAsks = (request: TokenRequest, accounts: readonly Credential[]): Who => {
  const form = formOf(request)
  const isGet = request.method === 'GET'
  if (isGet && request.authorization === undefined) return { kind: 'nobody' }
  const account = accounts.find(known => {
    if (isGet) return basicAuthorization(known) === request.authorization
    if (form['grant_type'] === 'refresh_token') return known.username === '' && form['refresh_token'] === known.password
    return form['username'] === known.username && form['password'] === known.password
  })
  return account === undefined ? { kind: 'wrong' } : { kind: 'known', name: account.username || 'identity' }
}

const nameOf = (who: Who): string => (who.kind === 'known' ? who.name : '')

const readRequest = async (request: IncomingMessage): Promise<TokenRequest> => {
  const body = await text(request)
  const query = new URL(`http://server${request.url}`).searchParams
  return {
    method: request.method ?? '',
    fields: [...(request.method === 'POST' ? new URLSearchParams(body) : query)],
    contentType: request.headers['content-type'],
    authorization: request.headers.authorization,
  }
}

const sendJson = (response: ServerResponse, status: number, document: object): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(document))
}

/** What token servers write with a "no": prose that must not reach anybody. */
export const prose = 'PROSE-OF-THE-SERVER'

/** Starts a token server on a free port of 127.0.0.1. */
export const startTokenServer = async (options: TokenServerOptions = {}): Promise<TokenServer> => {
  const { accounts = [], post = 'served', anonymous = 'served', wrong = 401 } = options
  const { members = ['token', 'access_token'], more = {} } = options
  const requests: TokenRequest[] = []
  const bearers = new Map<string, string>()
  let given = 0

  const give = (response: ServerResponse, name: string): void => {
    given += 1
    const token = `TOKEN-${given}-FOR-${name || 'nobody'}`
    bearers.set(token, name)
    sendJson(response, 200, { ...Object.fromEntries(members.map(member => [member, token])), ...more })
  }
  const refusalOf = (request: TokenRequest): number | undefined => {
    if (request.method === 'POST' && post !== 'served') return post
    const who = whoAsks(request, accounts)
    if (who.kind === 'wrong') return wrong
    return who.kind === 'nobody' && anonymous !== 'served' ? anonymous : undefined
  }

  const answerTo = (request: TokenRequest, response: ServerResponse): void => {
    const no = options.answer ?? refusalOf(request)
    if (typeof no === 'function') no(response)
    else if (no === undefined) give(response, nameOf(whoAsks(request, accounts)))
    else sendJson(response, no, { errors: [{ code: 'DENIED', message: prose }] })
  }
  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await readRequest(incoming)
    requests.push(request)
    await options.before?.()
    answerTo(request, response)
  }

  const server = createServer((request, response) => void serve(request, response))
  const sockets = openSockets(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    host,
    realm: `http://${host}/token`,
    requests,
    bearerOf: token => bearers.get(token),
    revokeAll: () => bearers.clear(),
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** How a registry behind a token server behaves. */
export interface BearerGateOptions {
  readonly tokens: TokenServer
  readonly service?: string
  /** Who may read; those who may not are told so in this way. */
  readonly readers?: readonly string[]
  readonly denied?: 'insufficient_scope' | number
  /** What a token that is no good gets. */
  readonly expired?: number
}

const repositoryOf = (path: string): string => /^\/v2\/(.+)\/(?:manifests|blobs|tags)\//.exec(path)?.[1] ?? ''

/** Lets nobody at a registry without a token. */
export const bearerGate = (options: BearerGateOptions): Intercept => {
  const { tokens, service = 'registry.example', readers, denied = 'insufficient_scope', expired = 401 } = options
  const turnAway = (response: ServerResponse, path: string, error: string): true => {
    const scope = `repository:${repositoryOf(path)}:pull`
    const challenge = `Bearer realm="${tokens.realm}",service="${service}",scope="${scope}"${error}`
    response.writeHead(401, { 'www-authenticate': challenge }).end(prose)
    return true
  }
  return (request, response) => {
    const path = request.url ?? ''
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
    if (token === undefined) return turnAway(response, path, '')
    const bearer = tokens.bearerOf(token)
    if (bearer === undefined && expired === 401) return turnAway(response, path, ',error="invalid_token"')
    if (bearer === undefined) return Boolean(response.writeHead(expired).end(prose))
    if (readers === undefined || readers.includes(bearer)) return false
    if (denied === 'insufficient_scope') return turnAway(response, path, ',error="insufficient_scope"')
    if (denied === 401) return turnAway(response, path, '')
    return Boolean(response.writeHead(denied).end(prose))
  }
}

/** Lets nobody at a registry without a password. */
export const basicGate = (accounts: readonly Credential[], wrong = 401): Intercept => {
  const challenge = { 'www-authenticate': 'Basic realm="Registry Realm"' }
  return (request, response) => {
    const { authorization } = request.headers
    if (accounts.some(account => basicAuthorization(account) === authorization)) return false
    const status = authorization === undefined ? 401 : wrong
    return Boolean(response.writeHead(status, status === 401 ? challenge : {}).end(prose))
  }
}
