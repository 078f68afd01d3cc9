import { once } from 'node:events'
import { createServer as createHttpServer, type Server as HttpServer, type IncomingMessage } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, connect as connectTcp, createServer as createTcpServer, type Server, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { Agent } from 'undici'
import { describe, expect, test } from 'vitest'
import { knownCidr } from '../../../src/registry/dial/cidr.ts'
import { type ConnectorOptions, createConnector } from '../../../src/registry/dial/connector.ts'
import { lookupAll } from '../../../src/registry/dial/dial.ts'
import { forwardOf } from '../../../src/registry/dial/forward.ts'
import { createGuard, type Standing } from '../../../src/registry/dial/guard.ts'
import { createRouting } from '../../../src/registry/dial/proxy.ts'
import { firstConnected, interleaved } from '../../../src/registry/dial/race.ts'
import { type Certificate, makeCertificate } from '../../../src/webhook/certificate.ts'
import { closedAfterTest } from '../../support/lifetime.ts'
import { noProxies } from '../../support/plain-network.ts'

const hour = 60 * 60 * 1000
const certificate: Promise<Certificate> = makeCertificate(['registry.example', 'proxy.example'], new Date(), hour)

// 127.0.0.2 plays every allowed address, 127.0.0.1 every refused one.
const guard = createGuard({ refuse: [], allow: [knownCidr('127.0.0.2')], strictness: 'cluster' })

interface Listener {
  readonly port: number
  readonly open: Set<Socket>
  readonly accepted: () => number
}

/** Listens as long as the test lasts, and counts. */
const listening = async (server: Server | HttpServer, host = '127.0.0.2', port = 0): Promise<Listener> => {
  const open = new Set<Socket>()
  let accepted = 0
  server.on('connection', (socket: Socket) => {
    accepted += 1
    open.add(socket)
    socket.on('close', () => open.delete(socket)).on('error', () => {})
  })
  server.listen(port, host)
  await once(server, 'listening')
  closedAfterTest({
    close: async () => {
      for (const socket of open) socket.destroy()
      server.close()
    },
  })
  return { port: (server.address() as AddressInfo).port, open, accepted: () => accepted }
}

const hello = (seen: IncomingMessage[] = []): HttpServer =>
  createHttpServer((request, response) => {
    seen.push(request)
    response.end('hello')
  })

/** Reads whatever comes and never says a word. */
const silent = (): Server => createTcpServer(socket => void socket.resume())

interface Asker {
  readonly ask: (url: string) => Promise<string>
  readonly close: () => void
  readonly standings: readonly string[]
}

const asker = (options: Partial<ConnectorOptions> = {}): Asker => {
  const standings: string[] = []
  const connector = createConnector({
    guard,
    reach: 'private',
    route: createRouting(noProxies),
    resolve: async () => ['127.0.0.2'],
    connectMs: 5000,
    tls: () => ({}),
    proxyTls: options.tls ?? (() => ({})),
    stalled: () => {},
    dialled: (origin: string, standing: Standing) => standings.push(`${origin.replace(/:\d+$/, '')} ${standing}`),
    ...options,
  })
  const agent = new Agent({ connect: connector.connect, allowH2: false })
  closedAfterTest({ close: () => agent.destroy() })
  const route = options.route ?? createRouting(noProxies)
  const ask = async (text: string): Promise<string> => {
    const url = new URL(text)
    const { path, headers } = forwardOf(url, route(url))
    try {
      const answer = await agent.request({ origin: url.origin, path, headers, method: 'GET' })
      return `${answer.statusCode} ${await answer.body.text()}`
    } catch (error) {
      return String((error as { code?: unknown }).code)
    }
  }
  return { ask, close: connector.close, standings }
}

const quiet = async ({ open }: Listener): Promise<void> => {
  for (const socket of open) await once(socket, 'close')
}

describe('a connection', () => {
  test('by HTTP goes to the address that was judged, and Host stays the name', async () => {
    const seen: IncomingMessage[] = []
    const server = await listening(hello(seen))
    const { ask, standings } = asker()
    expect(await ask(`http://registry.example:${server.port}/v2/`)).toBe('200 hello')
    expect(seen.map(({ headers }) => headers.host)).toEqual([`registry.example:${server.port}`])
    expect(standings).toEqual(['http://registry.example private'])
  })

  test('by HTTPS as well: the name is the one in SNI and in the certificate', async () => {
    const { key, cert, ca } = await certificate
    const names: unknown[] = []
    const https = createHttpsServer({ key, cert }, (request, response) => {
      names.push((request.socket as TLSSocket & { servername?: unknown }).servername)
      response.end('hello')
    })
    const server = await listening(https)
    const { ask } = asker({ tls: () => ({ ca }) })
    expect(await ask(`https://registry.example:${server.port}/v2/`)).toBe('200 hello')
    expect(names).toEqual(['registry.example'])
    expect(await ask(`https://other.example:${server.port}/v2/`)).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
    expect(await asker().ask(`https://registry.example:${server.port}/v2/`)).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  })

  test('that fails leaves no socket behind', async () => {
    const { key, cert } = await certificate
    const server = await listening(createHttpsServer({ key, cert }, (_, response) => void response.end()))
    const { ask } = asker()
    const url = `https://registry.example:${server.port}/v2/`
    const answers = await Promise.all(Array.from({ length: 30 }, () => ask(url)))
    expect(new Set(answers)).toEqual(new Set(['UNABLE_TO_VERIFY_LEAF_SIGNATURE']))
    expect(server.accepted()).toBeGreaterThan(0)
    await quiet(server)
    expect(server.open.size).toBe(0)
  })

  test.each(['http', 'https'])('by %s gets no packet to a refused address', async scheme => {
    const server = await listening(silent(), '127.0.0.1')
    const { ask, standings } = asker({ resolve: async () => ['127.0.0.1', '::ffff:127.0.0.1', '::127.0.0.1'] })
    for (const host of ['registry.example', '127.0.0.1', '[::ffff:127.0.0.1]'])
      expect(await ask(`${scheme}://${host}:${server.port}/v2/`)).toBe('ERR_PULLGATE_BLOCKED')
    expect(server.accepted()).toBe(0)
    expect(standings).toEqual([])
  })

  test('goes to the allowed address among several', async () => {
    const refused = await listening(silent(), '127.0.0.1')
    const allowed = await listening(hello(), '127.0.0.2', refused.port)
    const { ask } = asker({ resolve: async () => ['127.0.0.1', '127.0.0.2', '127.0.0.1'] })
    expect(await ask(`http://registry.example:${allowed.port}/`)).toBe('200 hello')
    expect([refused.accepted(), allowed.accepted()]).toEqual([0, 1])
  })

  test('is not led astray by a name that changes: one look decides', async () => {
    const refused = await listening(silent(), '127.0.0.1')
    const allowed = await listening(hello(), '127.0.0.2', refused.port)
    const answers = ['127.0.0.2', '127.0.0.1', '127.0.0.1']
    const { ask } = asker({ resolve: async () => [answers.shift() ?? '127.0.0.1'] })
    const url = `http://registry.example:${allowed.port}/`
    expect(await ask(url)).toBe('200 hello')
    expect(answers.length).toBe(2)
    for (const socket of allowed.open) socket.destroy()
    await quiet(allowed)
    expect(await ask(url)).toMatch(/ERR_PULLGATE_BLOCKED|UND_ERR_SOCKET/)
    expect(await ask(url)).toBe('ERR_PULLGATE_BLOCKED')
    expect([refused.accepted(), allowed.accepted()]).toEqual([0, 1])
  })

  test('goes on to the next address where nobody listens', async () => {
    const allowAll = createGuard({ refuse: [], allow: [knownCidr('127.0.0.0/8')], strictness: 'cluster' })
    const server = await listening(hello())
    const { ask } = asker({ guard: allowAll, resolve: async () => ['127.0.0.3', '127.0.0.4', '127.0.0.2'] })
    expect(await ask(`http://registry.example:${server.port}/`)).toBe('200 hello')
    const nowhere = asker({ guard: allowAll, resolve: async () => ['127.0.0.3', '127.0.0.4'] })
    expect(await nowhere.ask(`http://registry.example:${server.port}/`)).toBe('ECONNREFUSED')
  })

  test('fails as the resolver does', async () => {
    const { ask } = asker({ resolve: lookupAll })
    expect(await ask('http://no-such-host.invalid/')).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/)
    expect(await ask('http://localhost:1/')).toBe('ERR_PULLGATE_BLOCKED')
  })
})

describe('a handshake', () => {
  const hangsUp = (): Server => createTcpServer(socket => void socket.resume().end())
  const hangsUpLater = (): Server => createTcpServer(socket => void socket.once('data', () => socket.end()))
  const resets = (): Server => createTcpServer(socket => void socket.once('data', () => socket.resetAndDestroy()))

  test.each([
    ['speaks plain HTTP', hello, /^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG)$/],
    ['hangs up', hangsUp, /^(ECONNRESET|EPIPE)$/],
    ['hangs up when greeted', hangsUpLater, /^ECONNRESET$/],
    ['resets the connection', resets, /^ECONNRESET$/],
  ])('with a server that %s fails at once, and as it does without a connector of our own', async (_, serve, code) => {
    const server = await listening(serve())
    expect(await asker().ask(`https://registry.example:${server.port}/`)).toMatch(code)
    await quiet(server)
  })
})

describe('the time limit', () => {
  test('ends a handshake that does not go on, and the connection with it', async () => {
    const server = await listening(silent())
    const { ask } = asker({ connectMs: 100 })
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(`https://registry.example:${server.port}/`)))
    expect(new Set(answers)).toEqual(new Set(['ETIMEDOUT']))
    await quiet(server)
    expect(server.open.size).toBe(0)
  })

  test('ends a resolver that does not answer', async () => {
    const { ask } = asker({ connectMs: 50, resolve: () => new Promise(() => {}) })
    expect(await ask('https://registry.example/')).toBe('ETIMEDOUT')
  })

  test('ends a proxy that does not answer', async () => {
    const server = await listening(silent())
    const route = createRouting({ ...noProxies, httpsProxy: `http://proxy.example:${server.port}` })
    const { ask } = asker({ connectMs: 100, route })
    expect(await ask('https://registry.example/')).toBe('ETIMEDOUT')
    await quiet(server)
  })

  test('need not be waited for: closing gives up at once', async () => {
    const server = await listening(silent())
    const { ask, close } = asker({ connectMs: 600_000 })
    const asked = ask(`https://registry.example:${server.port}/`)
    while (server.accepted() === 0) await new Promise(resolve => setImmediate(resolve))
    close()
    expect(await asked).toBe('ETIMEDOUT')
    await quiet(server)
  })
})

describe('a race', () => {
  const never = (): AbortSignal => new AbortController().signal

  test('is run by both families in turns', () => {
    expect(interleaved(['::a', '::b', '::c', '1.1.1.1', '2.2.2.2'])).toEqual([
      '::a',
      '1.1.1.1',
      '::b',
      '2.2.2.2',
      '::c',
    ])
    expect(interleaved(['1.1.1.1', '::a', '::b', '::c'])).toEqual(['1.1.1.1', '::a', '::b', '::c'])
    expect(interleaved(['1.1.1.1'])).toEqual(['1.1.1.1'])
    expect(interleaved([])).toEqual([])
  })

  test('is won by the second where the first leads into a black hole, which is left', async () => {
    const server = await listening(hello())
    const hole = new Socket()
    const open = (address: string): Socket => (address === 'hole' ? hole : connectTcp(server.port, address))
    const socket = await firstConnected(['hole', '127.0.0.2'], open, never())
    expect([socket.remoteAddress, hole.destroyed]).toEqual(['127.0.0.2', true])
    socket.destroy()
  })

  test('has one winner among many', async () => {
    const server = await listening(hello())
    const sockets: Socket[] = []
    const open = (address: string): Socket => {
      const socket = address === 'hole' ? new Socket() : connectTcp(server.port, address)
      sockets.push(socket)
      return socket
    }
    const winner = await firstConnected(['hole', '127.0.0.2', '127.0.0.2'], open, never())
    expect(sockets.filter(socket => !socket.destroyed)).toEqual([winner])
    winner.destroy()
  })

  test('is over when it is called off', async () => {
    const holes: Socket[] = []
    const open = (): Socket => {
      const hole = new Socket()
      holes.push(hole)
      return hole
    }
    const controller = new AbortController()
    const run = firstConnected(['a', 'b'], open, controller.signal)
    controller.abort('over')
    await expect(run).rejects.toBe('over')
    await expect(firstConnected(['a'], open, controller.signal)).rejects.toBe('over')
    expect(holes.map(({ destroyed }) => destroyed)).toEqual([true])
  })
})

interface Seen {
  readonly line: string
  readonly host: string | undefined
  readonly authorization: string | undefined
}

/** A proxy that tunnels and forwards to 127.0.0.2, whatever the name, and wants credentials where some are given. */
const proxyServer = (seen: Seen[], credentials?: string, secure?: Certificate): HttpServer => {
  const note = ({ method, url, headers }: IncomingMessage): boolean => {
    seen.push({ line: `${method} ${url}`, host: headers.host, authorization: headers['proxy-authorization'] })
    return credentials === undefined || headers['proxy-authorization'] === credentials
  }
  const server = secure === undefined ? createHttpServer() : createHttpsServer({ key: secure.key, cert: secure.cert })
  server.on('connect', (request: IncomingMessage, client: Duplex) => {
    if (!note(request)) return void client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
    const port = Number(request.url?.split(':').at(-1))
    if (port === 1) return void client.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno')
    if (port === 2) return void client.destroy()
    const upstream = connectTcp(port, '127.0.0.2', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      client.pipe(upstream).pipe(client)
    })
    upstream.on('error', () => client.destroy())
    client.on('error', () => upstream.destroy()).on('close', () => upstream.destroy())
  })
  server.on('request', (request, response) => {
    response.statusCode = note(request) ? 200 : 407
    response.end('forwarded')
  })
  return server
}

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`

describe('through a proxy', () => {
  const tlsServer = async (): Promise<Listener> => {
    const { key, cert } = await certificate
    return listening(createHttpsServer({ key, cert }, (request, response) => void response.end(request.url)))
  }

  test('HTTPS is tunnelled, with the name and the credentials', async () => {
    const { ca } = await certificate
    const seen: Seen[] = []
    const server = await tlsServer()
    const proxy = await listening(proxyServer(seen, basic('user:p@ss')))
    const route = createRouting({ ...noProxies, httpsProxy: `http://user:p%40ss@proxy.example:${proxy.port}` })
    const { ask, standings } = asker({ route, tls: () => ({ ca }) })
    expect(await ask(`https://registry.example:${server.port}/v2/`)).toBe('200 /v2/')
    const authority = `registry.example:${server.port}`
    expect(seen).toEqual([{ line: `CONNECT ${authority}`, host: authority, authorization: basic('user:p@ss') }])
    expect(standings).toEqual(['https://registry.example public'])
  })

  test('the tunnel ends at the right certificate or at none', async () => {
    const { ca } = await certificate
    const server = await tlsServer()
    const proxy = await listening(proxyServer([]))
    const route = createRouting({ ...noProxies, httpsProxy: `proxy.example:${proxy.port}` })
    const { ask } = asker({ route, tls: () => ({ ca }) })
    expect(await ask(`https://other.example:${server.port}/v2/`)).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
    await quiet(proxy)
  })

  test('HTTP is handed over whole', async () => {
    const seen: Seen[] = []
    const proxy = await listening(proxyServer(seen, basic('user:')))
    const route = createRouting({ ...noProxies, httpProxy: `http://user@proxy.example:${proxy.port}` })
    const { ask } = asker({ route })
    expect(await ask('http://registry.example:5000/v2/?n=1')).toBe('200 forwarded')
    expect(seen).toEqual([
      {
        line: 'GET http://registry.example:5000/v2/?n=1',
        host: 'registry.example:5000',
        authorization: basic('user:'),
      },
    ])
  })

  test('which is spoken to by TLS itself, both work', async () => {
    const secure = await certificate
    const seen: Seen[] = []
    const server = await tlsServer()
    const proxy = await listening(proxyServer(seen, undefined, secure))
    const address = `https://proxy.example:${proxy.port}`
    const route = createRouting({ ...noProxies, httpProxy: address, httpsProxy: address })
    const { ask } = asker({ route, tls: () => ({ ca: secure.ca }) })
    expect(await ask(`https://registry.example:${server.port}/v2/`)).toBe('200 /v2/')
    expect(await ask('http://registry.example/v2/')).toBe('200 forwarded')
    expect(await asker({ route }).ask('https://registry.example/v2/')).toBe('ERR_PULLGATE_PROXY_REFUSED')
    expect(seen.map(({ line }) => line)).toEqual([
      `CONNECT registry.example:${server.port}`,
      'GET http://registry.example/v2/',
    ])
  })

  test.each([
    ['https://registry.example/', 'ERR_PULLGATE_PROXY_AUTH', 'a proxy that wants other credentials'],
    ['http://registry.example/', '407 forwarded', 'a proxy that wants other credentials and was asked in plain HTTP'],
  ])('%s: %s, %s', async (url, expected) => {
    const proxy = await listening(proxyServer([], basic('user:right')))
    const address = `http://user:wrong@proxy.example:${proxy.port}`
    const { ask } = asker({ route: createRouting({ ...noProxies, httpProxy: address, httpsProxy: address }) })
    expect(await ask(url)).toBe(expected)
  })

  test.each([
    ['https://registry.example:1/', 'a proxy that does not want to'],
    ['https://registry.example:2/', 'a proxy that hangs up'],
    ['https://registry.example:3/', 'a proxy that finds nobody there'],
  ])('%s is refused: %s', async url => {
    const proxy = await listening(proxyServer([]))
    const { ask } = asker({ route: createRouting({ ...noProxies, httpsProxy: `proxy.example:${proxy.port}` }) })
    expect(await ask(url)).toBe('ERR_PULLGATE_PROXY_REFUSED')
    await quiet(proxy)
  })

  test.each([
    ['127.0.0.2:1', 'where no proxy listens'],
    ['socks5://proxy.example', 'of a kind that we do not speak'],
    ['http://proxy.example:99999', 'that cannot be'],
  ])('%s nothing works: one %s', async address => {
    const { ask } = asker({ route: createRouting({ ...noProxies, httpProxy: address, httpsProxy: address }) })
    expect(await ask('https://registry.example/')).toBe('ERR_PULLGATE_PROXY_REFUSED')
    expect(await ask('http://registry.example/')).toBe('ERR_PULLGATE_PROXY_REFUSED')
  })

  test('nobody is asked for an address that is refused, though the proxy itself may stand anywhere', async () => {
    const seen: Seen[] = []
    const proxy = await listening(proxyServer(seen), '127.0.0.1')
    const address = `127.0.0.1:${proxy.port}`
    const { ask } = asker({ route: createRouting({ ...noProxies, httpProxy: address, httpsProxy: address }) })
    expect(await ask('https://169.254.169.254/')).toBe('ERR_PULLGATE_BLOCKED')
    expect(await ask('http://[::ffff:169.254.169.254]/latest')).toBe('ERR_PULLGATE_BLOCKED')
    expect(await ask('http://registry.example/')).toBe('200 forwarded')
    expect(seen.map(({ line }) => line)).toEqual(['GET http://registry.example/'])
  })

  test('goes nothing that is exempt', async () => {
    const server = await listening(hello())
    const route = createRouting({ httpProxy: '127.0.0.2:1', httpsProxy: '', noProxy: '.example' })
    expect(await asker({ route }).ask(`http://registry.example:${server.port}/`)).toBe('200 hello')
  })
})
