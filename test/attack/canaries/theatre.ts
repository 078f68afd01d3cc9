import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Resolve } from '../../../src/registry/dial/dial.ts'
import { makeCertificate } from '../../../src/webhook/certificate.ts'
import type { Answer, Seen } from './answers.ts'
import { asRegistry } from './as-registry.ts'
import { asStorage } from './as-storage.ts'
import { asTokens } from './as-tokens.ts'
import type { Ledger, Sight, Spot } from './ledger.ts'
import type { Play } from './play.ts'
import { addressOf, nameAt, type Ports, streetNames } from './street.ts'

/** Servers in this process that play every role there is. */
export interface Theatre {
  readonly ports: Ports
  readonly trust: () => readonly string[]
  readonly resolve: Resolve
  /** What is being played, by its number. */
  readonly plays: Map<number, Play>
  /** Everything that comes is shown to this one. */
  ledger: Ledger
  /** The value of `Proxy-Authorization` that the proxies take. */
  proxyPassword: string
  readonly requests: () => number
  readonly close: () => void
}

const spotOf = (name: string): Spot =>
  name === 'authorization' || name === 'proxy-authorization' ? name : `header ${name}`

type Part = Sight['parts'][number]

const headerParts = ({ rawHeaders }: IncomingMessage): readonly Part[] =>
  rawHeaders.flatMap((name, index): readonly Part[] =>
    index % 2 === 0 ? [[spotOf(name.toLowerCase()), rawHeaders[index + 1] ?? '']] : [],
  )

const isForProxy = ([spot]: Part): boolean => spot === 'proxy-authorization'

const originFor = ({ socket }: IncomingMessage): string =>
  `${'encrypted' in socket ? 'https' : 'http'}://${nameAt(socket.localAddress ?? '')}:${socket.localPort}`

/** What a proxy reads of a request for another host, with its address whole. */
const isWhole = ({ url = '' }: IncomingMessage): boolean => /^https?:/.test(url)

const perform = (play: Play | undefined, seen: Seen): Answer => {
  if (play === undefined) return { status: 410, headers: {}, body: '' }
  if (seen.path.startsWith('/token/')) return asTokens(play, seen)
  return seen.path.startsWith('/storage/') ? asStorage(play, seen) : asRegistry(play, seen)
}

const give = (answer: Answer, { method, socket }: IncomingMessage, response: ServerResponse): void => {
  if (answer === undefined) return void socket.destroy()
  const headers = Object.entries(answer.headers).map(([name, value]) => [name, [value].flat()] as const)
  response.writeHead(answer.status, { ...Object.fromEntries(headers), 'keep-alive': 'timeout=60' })
  response.end(method === 'HEAD' ? '' : answer.body)
}

const listen = async (server: Server): Promise<number> => {
  server.listen(0, '0.0.0.0')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const joined = (one: Duplex, other: Duplex): void => {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const)
    from
      .on('error', () => {})
      .on('close', () => to.destroy())
      .pipe(to)
}

/** Opens the theatre. */
export const openTheatre = async (ledger: Ledger): Promise<Theatre> => {
  const { key, cert, ca } = await makeCertificate(streetNames, new Date(), 60 * 60 * 1000)
  const authorities = [ca]
  const sockets = new Set<Socket>()
  const state = { ledger, proxyPassword: '' }
  let requests = 0
  const plays: Theatre['plays'] = new Map()

  const show = (request: IncomingMessage, origin: string, path: string, body: string): Play | undefined => {
    const dialogue = Number(/\/d(\d+)\//.exec(path)?.[1])
    const play = plays.get(dialogue)
    const parts = headerParts(request)
    const whole = isWhole(request)
    const sight = { dialogue: play === undefined ? undefined : dialogue, tenant: play?.tenant }
    if (whole) state.ledger.see({ ...sight, origin: 'the proxy', parts: parts.filter(isForProxy) })
    const others = whole ? parts.filter(part => !isForProxy(part)) : parts
    state.ledger.see({ ...sight, origin, parts: [...others, ['url', path], ['body', body]] })
    return play
  }

  const isRefused = ({ headers }: IncomingMessage): boolean => headers['proxy-authorization'] !== state.proxyPassword

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests += 1
    const body = request.method === 'POST' ? await text(request) : ''
    const url = isWhole(request) ? new URL(request.url ?? '') : undefined
    const origin = url?.origin ?? originFor(request)
    const path = url === undefined ? (request.url ?? '') : `${url.pathname}${url.search}`
    const play = show(request, origin, path, body)
    if (url !== undefined && isRefused(request)) return void response.writeHead(407).end(request.rawHeaders.join())
    const whole = [path, ...request.rawHeaders, body].join(' ').replace(/[^ -~]/g, '?')
    const { method = '', headers } = request
    give(perform(play, { method, origin, path, authorization: headers.authorization ?? '', whole }), request, response)
  }

  const tunnel = (request: IncomingMessage, client: Duplex): void => {
    state.ledger.see({
      ...{ origin: 'the proxy', dialogue: undefined, tenant: undefined },
      parts: [...headerParts(request), ['url', request.url ?? '']],
    })
    if (isRefused(request)) return void client.on('error', () => {}).end('HTTP/1.1 407 No\r\ncontent-length: 0\r\n\r\n')
    const [name = '', port] = (request.url ?? '').split(':')
    const server = connect({ host: addressOf(name) ?? '127.0.0.1', port: Number(port) }, () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n')
      joined(client, server)
    })
    server.on('error', () => client.destroy())
    sockets.add(server.on('close', () => sockets.delete(server)))
  }

  const listener = (request: IncomingMessage, response: ServerResponse): void =>
    void serve(request, response).catch(() => request.socket.destroy())
  const plain = () => createServer({ keepAliveTimeout: 120_000 }, listener)
  const tls = () => createTlsServer({ key, cert, keepAliveTimeout: 120_000 }, listener)
  const servers = {
    ...{ tls: tls(), otherTls: tls(), plain: plain(), otherPlain: plain() },
    ...{ proxy: plain().on('connect', tunnel), tlsProxy: tls().on('connect', tunnel) },
  }
  const bound = async ([name, server]: readonly [string, Server]): Promise<readonly [string, number]> => {
    server.on('connection', socket => void sockets.add(socket.on('close', () => sockets.delete(socket))))
    return [name, await listen(server)]
  }
  const ports = Object.fromEntries(await Promise.all(Object.entries(servers).map(bound))) as unknown as Ports

  return Object.assign(state, {
    ports,
    plays,
    trust: () => authorities,
    resolve: async (name: string) => {
      const address = addressOf(name)
      if (address === undefined) throw Object.assign(new Error(), { code: 'ENOTFOUND' })
      return [address]
    },
    requests: () => requests,
    close: () => {
      for (const server of Object.values(servers)) server.close()
      for (const socket of sockets) socket.destroy()
    },
  })
}
