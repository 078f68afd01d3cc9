import { once } from 'node:events'
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { singleImage } from '../../src/demo/images.ts'
import type { RegistryOptions as EmbeddedOptions, EmbeddedRegistry } from '../../src/demo/registry.ts'
import { openSockets } from '../../src/lib/open-sockets.ts'
import type { ProxySettings } from '../../src/registry/dial/proxy.ts'
import type { RegistryOptions } from '../../src/registry/registry.ts'
import { makeCertificate } from '../../src/webhook/certificate.ts'
import { certsD } from '../support/certs-d.ts'
import { createLab } from '../support/faults/lab.ts'
import { guardAllowing } from '../support/faults/scenes.ts'
import { closedAfterTest, dialogueForTest, registryFor } from '../support/lifetime.ts'
import { noProxies } from '../support/plain-network.ts'
import { pullOf } from '../support/reference-of.ts'
import { basicGate } from '../support/token-server.ts'

const image = singleImage('linux/amd64')
const resolved = { ok: true, value: { digest: image.top.digest } }
const ada = { username: 'ada', password: 'CANARY-of-the-pod' }
const hourMs = 60 * 60 * 1000
const certificate = await makeCertificate(['registry.example', 'proxy.example'], new Date(), hourMs)
const { key, cert, ca } = certificate
const authorities = [ca]

const signal = (): AbortSignal => AbortSignal.timeout(5000)
const portOf = (host: string): string => host.slice(host.lastIndexOf(':') + 1)

const stocked = async (options: EmbeddedOptions = {}): Promise<EmbeddedRegistry> => {
  const registry = await registryFor(options)
  registry.put('shop/web', '1', image)
  return registry
}

interface Proxy {
  readonly host: string
  /** First lines, as they came. */
  readonly lines: readonly string[]
  /** Every header of every request that the proxy could read. */
  readonly headers: readonly string[]
}

/** A proxy to which every name is this machine; it may want credentials. */
const proxyFor = async ({ wants, tls = false }: { wants?: string; tls?: boolean } = {}): Promise<Proxy> => {
  const lines: string[] = []
  const headers: string[] = []
  const note = (request: IncomingMessage): boolean => {
    lines.push(`${request.method} ${request.url}`)
    headers.push(...request.rawHeaders)
    return wants === undefined || request.headers['proxy-authorization'] === wants
  }
  const server: Server = tls ? createHttpsServer({ key, cert }) : createServer()
  server.on('request', (incoming: IncomingMessage, response) => {
    if (!note(incoming)) return response.writeHead(407, { 'proxy-authenticate': 'Basic realm="proxy"' }).end()
    const { pathname, search, port } = new URL(incoming.url ?? '')
    const { 'proxy-authorization': _, ...passed } = incoming.headers
    const onward = { host: '127.0.0.1', port, path: pathname + search, method: incoming.method, headers: passed }
    const forwarded = httpRequest({ ...onward, method: incoming.method ?? 'GET' }, answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    return forwarded.end()
  })
  server.on('connect', (incoming: IncomingMessage, socket) => {
    if (!note(incoming)) return socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
    const onward = connect({ host: '127.0.0.1', port: Number(portOf(incoming.url ?? '')) })
    onward.once('connect', () => socket.write('HTTP/1.1 200 Connection established\r\n\r\n'))
    onward.pipe(socket).pipe(onward)
    onward.on('error', () => socket.destroy())
    return socket.on('error', () => onward.destroy())
  })
  const sockets = openSockets(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closedAfterTest({
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  })
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, lines, headers }
}

/** A dialogue behind proxies, to which no name but the proxy's own has an address. */
const behind = (proxies: Partial<ProxySettings>, overrides: Partial<RegistryOptions> = {}) =>
  dialogueForTest({
    proxies: { ...noProxies, ...proxies },
    trust: () => authorities,
    resolve: async name => {
      if (name === 'proxy.example') return ['127.0.0.1']
      throw Object.assign(new Error(name), { code: 'ENOTFOUND' })
    },
    ...overrides,
  })

const pullFrom = ({ host }: EmbeddedRegistry, credential = ada) =>
  pullOf(`registry.example:${portOf(host)}/shop/web:1`, credential)

/** Places of a registry that is spoken to by plain HTTP. */
const plainly = async ({ host }: EmbeddedRegistry) =>
  (await certsD(`server = "http://registry.example:${portOf(host)}"`)).findPlaces

describe('behind a proxy', () => {
  test('a registry by HTTPS is reached by CONNECT, and the proxy sees its name and nothing of what is said', async () => {
    const registry = await stocked({ tls: { key, cert }, intercept: basicGate([ada]) })
    const proxy = await proxyFor()
    const dialogue = behind({ httpsProxy: `http://${proxy.host}` })
    expect(await dialogue.resolve(pullFrom(registry), signal())).toMatchObject(resolved)
    expect(new Set(proxy.lines)).toEqual(new Set([`CONNECT registry.example:${portOf(registry.host)}`]))
    expect(proxy.headers.join()).not.toMatch(/authorization|manifests/i)
  })

  test('a registry by HTTP is asked by its whole URL', async () => {
    const registry = await stocked()
    const proxy = await proxyFor()
    const dialogue = behind({ httpProxy: proxy.host }, { findPlaces: await plainly(registry) })
    expect(await dialogue.resolve(pullFrom(registry), signal())).toMatchObject(resolved)
    expect(proxy.lines).toEqual([`HEAD http://registry.example:${portOf(registry.host)}/v2/shop/web/manifests/1`])
  })

  test('that is itself spoken to by TLS, its certificate is verified', async () => {
    const registry = await stocked({ tls: { key, cert } })
    const proxy = await proxyFor({ tls: true })
    const proxies = { httpsProxy: `https://proxy.example:${portOf(proxy.host)}` }
    expect(await behind(proxies).resolve(pullFrom(registry), signal())).toMatchObject(resolved)
    const nobody: readonly string[] = []
    expect(await behind(proxies, { trust: () => nobody }).resolve(pullFrom(registry), signal())).toMatchObject({
      error: { kind: 'unreachable', problem: 'proxy-refused' },
    })
    expect(registry.requests).toHaveLength(1)
  })

  test('the proxy’s credentials go to the proxy alone, by HTTP and by HTTPS', async () => {
    const seen: string[] = []
    const intercept: EmbeddedOptions['intercept'] = request => {
      seen.push(...request.rawHeaders)
      return false
    }
    const [plain, secure] = [await stocked({ intercept }), await stocked({ tls: { key, cert }, intercept })]
    const wants = `Basic ${Buffer.from('proxy:CANARY').toString('base64')}`
    const proxy = await proxyFor({ wants })
    const at = `http://proxy:CANARY@${proxy.host}`
    const byHttps = behind({ httpsProxy: at })
    expect(await byHttps.resolve(pullFrom(secure), signal())).toMatchObject(resolved)
    const byHttp = behind({ httpProxy: at }, { findPlaces: await plainly(plain) })
    expect(await byHttp.resolve(pullFrom(plain), signal())).toMatchObject(resolved)
    expect(proxy.headers.filter(header => header === wants)).toHaveLength(2)
    expect(seen.length).toBeGreaterThan(0)
    expect(seen.join()).not.toMatch(/proxy-authorization|CANARY/i)
  })

  test('a registry that is asked directly does not get the proxy’s credentials', async () => {
    const seen: string[] = []
    const registry = await stocked({
      intercept: request => {
        seen.push(...request.rawHeaders)
        return false
      },
    })
    const dialogue = behind({ httpProxy: 'http://proxy:CANARY@proxy.example', httpsProxy: 'http://proxy.example' })
    expect(await dialogue.resolve(pullOf(`${registry.host}/shop/web:1`), signal())).toMatchObject(resolved)
    expect(seen.join()).not.toMatch(/proxy-authorization/i)
  })

  test.each(['http', 'https'])(
    'that wants other credentials, nobody knows what a registry by %s says',
    async scheme => {
      const registry = await stocked(scheme === 'https' ? { tls: { key, cert } } : {})
      const proxy = await proxyFor({ wants: 'Basic b3RoZXI=' })
      const at = `http://proxy:CANARY@${proxy.host}`
      const findPlaces = scheme === 'https' ? {} : { findPlaces: await plainly(registry) }
      const answer = await behind({ httpProxy: at, httpsProxy: at }, findPlaces).resolve(pullFrom(registry), signal())
      expect(answer).toMatchObject({ error: { kind: 'unreachable', problem: 'proxy-auth' } })
      expect(JSON.stringify(answer)).not.toContain('CANARY')
      expect(registry.requests).toEqual([])
    },
  )

  test.each(['http', 'https'])('that is down, a registry by %s is not asked in any other way', async scheme => {
    const registry = await stocked(scheme === 'https' ? { tls: { key, cert } } : {})
    const at = `http://${await createLab().closedPort()}`
    const findPlaces = scheme === 'https' ? {} : { findPlaces: await plainly(registry) }
    const dialogue = behind({ httpProxy: at, httpsProxy: at }, { ...findPlaces, resolve: async () => ['127.0.0.1'] })
    expect(await dialogue.resolve(pullFrom(registry), signal())).toMatchObject({
      error: { kind: 'unreachable', problem: 'proxy-refused' },
    })
    expect(registry.requests).toEqual([])
  })

  test('of a kind that we do not speak, nothing is asked in any other way', async () => {
    const registry = await stocked({ tls: { key, cert } })
    const dialogue = behind({ httpsProxy: 'socks5://127.0.0.1:1080' }, { resolve: async () => ['127.0.0.1'] })
    expect(await dialogue.resolve(pullFrom(registry), signal())).toMatchObject({
      error: { kind: 'unreachable', problem: 'proxy-refused' },
    })
    expect(registry.requests).toEqual([])
  })

  test('an address that may not be talked to is not talked to through it either', async () => {
    const proxy = await proxyFor()
    const dialogue = behind({ httpsProxy: `http://${proxy.host}` })
    expect(await dialogue.resolve(pullOf('169.254.169.254/shop/web:1'), signal())).toMatchObject({
      error: { kind: 'blocked' },
    })
    expect(proxy.lines).toEqual([])
  })
})

describe('NO_PROXY', () => {
  /** Whether a registry with a name is asked directly. */
  const direct = async (noProxy: string) => {
    const registry = await stocked({ tls: { key, cert } })
    const proxy = await proxyFor()
    const dialogue = behind({ httpsProxy: `http://${proxy.host}`, noProxy }, { resolve: async () => ['127.0.0.1'] })
    expect(await dialogue.resolve(pullFrom(registry), signal())).toMatchObject(resolved)
    return proxy.lines.length === 0
  }

  test.each([
    ['registry.example', true],
    ['.example', true],
    ['*', true],
    ['10.0.0.0/8, registry.example', true],
    ['10.0.0.0/8', false],
    ['127.0.0.0/8', false],
    ['other.example', false],
    ['', false],
  ])('of %j lets a registry with a name be asked directly: %s', async (noProxy, isDirect) => {
    expect(await direct(noProxy)).toBe(isDirect)
  })

  test.each([
    ['0.0.0.0/8', true],
    ['10.0.0.0/8, 0.0.0.0/31', true],
    ['10.0.0.0/8', false],
    ['0.0.0.1/32', false],
  ])('of %j lets a registry with an address be asked directly: %s', async (noProxy, isDirect) => {
    // Linux takes this address for the machine itself, and a proxy's rules do not.
    const own = await makeCertificate(['0.0.0.0'], new Date(), hourMs)
    const registry = await stocked({ tls: { key: own.key, cert: own.cert } })
    const proxy = await proxyFor()
    const trust = [own.ca]
    const dialogue = behind(
      { httpsProxy: `http://${proxy.host}`, noProxy },
      { trust: () => trust, guard: guardAllowing('127.0.0.0/8', '0.0.0.0/32') },
    )
    const pull = pullOf(`0.0.0.0:${portOf(registry.host)}/shop/web:1`)
    expect(await dialogue.resolve(pull, signal())).toMatchObject(resolved)
    expect(proxy.lines.length === 0).toBe(isDirect)
  })

  test('is not needed for this machine', async () => {
    const registry = await stocked()
    const proxy = await proxyFor()
    const at = `http://${proxy.host}`
    const dialogue = behind({ httpProxy: at, httpsProxy: at })
    expect(await dialogue.resolve(pullOf(`${registry.host}/shop/web:1`), signal())).toMatchObject(resolved)
    expect(proxy.lines).toEqual([])
  })
})

describe('a 407', () => {
  const saying407: EmbeddedOptions['intercept'] = (_, response) => Boolean(response.writeHead(407).end())
  const unexpected = { error: { kind: 'bad-answer', problem: 'unexpected-status', status: 407 } }

  test('of a registry that is asked directly is a status that nobody expects', async () => {
    const registry = await stocked({ intercept: saying407 })
    expect(await behind({}).resolve(pullOf(`${registry.host}/shop/web:1`), signal())).toMatchObject(unexpected)
  })

  test('of a registry at the far end of a tunnel is no word of the proxy’s', async () => {
    const registry = await stocked({ tls: { key, cert }, intercept: saying407 })
    const proxy = await proxyFor()
    const dialogue = behind({ httpsProxy: `http://${proxy.host}` })
    expect(await dialogue.resolve(pullFrom(registry), signal())).toMatchObject(unexpected)
  })
})
