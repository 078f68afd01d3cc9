import { once } from 'node:events'
import { createServer as createHttpServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import type { Duplex } from 'node:stream'
import { Agent } from 'undici'
import { describe, expect, test } from 'vitest'
import { knownCidr } from '../../../src/registry/dial/cidr.ts'
import { createConnector } from '../../../src/registry/dial/connector.ts'
import {
  createGuard,
  type Guard,
  type NamedBy,
  type Position,
  reachOf,
  type Strictness,
} from '../../../src/registry/dial/guard.ts'
import { createRouting, type ProxySettings } from '../../../src/registry/dial/proxy.ts'
import { closedAfterTest } from '../../support/lifetime.ts'
import { noProxies } from '../../support/plain-network.ts'

/** Ways of writing an address as the host of a URL. No port may be in them. */
const literals = [
  // The pod itself.
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '127.0.0.2',
  '127.255.255.254',
  '127.0.0.1.',
  '2130706433',
  '0x7f000001',
  '0x7F.1',
  '0x7f.0.0.0x1',
  '0x7f.0x0.0x1',
  '017700000001',
  '0177.0.0.1',
  '0177.0.0.01',
  '00000177.1',
  '１２７.０.０.１',
  '127。0。0。1',
  '127．0．0．1',
  '①②⑦.⓪.⓪.①',
  '𝟏𝟐𝟕.𝟎.𝟎.𝟏',
  '%31%32%37.0.0.1',
  '127.0.0.%31',
  '0',
  '0x0',
  '0.0.0.0',
  '0.0.0.1',
  '[::]',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[0000:0000:0000:0000:0000:0000:0000:0001]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[0:0:0:0:0:FFFF:7F00:0001]',
  '[::ffff:0.0.0.0]',
  '[::127.0.0.1]',
  '[::7f00:1]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b:1::127.0.0.1]',
  '[64:ff9b:1:7f00:0:100::]',
  '[64:ff9b:1:7f:0:1::]',
  '[64:ff9b:1:0:7f:0:100::]',
  '[2002:7f00:1::]',
  '[2002:7f00:1::1]',
  '[2001:0:808:808::80ff:fffe]',
  '[2001:0:7f00:1::f7f7:f7f7]',
  // The cloud.
  '169.254.169.254',
  '169.254.170.2',
  '2852039166',
  '0xa9fea9fe',
  '0251.0376.0251.0376',
  '169.16689662',
  '[::ffff:169.254.169.254]',
  '[::ffff:a9fe:a9fe]',
  '[::169.254.169.254]',
  '[64:ff9b::a9fe:a9fe]',
  '[2002:a9fe:a9fe::]',
  '[fd00:ec2::254]',
  '[FD00:0EC2:0000::0254]',
  '[fd20:ce::254]',
  '100.100.100.200',
  '168.63.129.16',
  // The neighbourhood, everybody, nobody.
  '[fe80::1]',
  '[febf::1]',
  '224.0.0.1',
  '[ff02::1]',
  '255.255.255.255',
  // What the operator refuses.
  '10.96.0.1',
  '[::ffff:10.96.0.1]',
  '174063617',
  '[fd00:10:96::1]',
]

/** What names may stand for, by the resolver's word. */
const answers: readonly (readonly string[])[] = [
  ['127.0.0.1'],
  ['127.0.0.2'],
  ['0.0.0.0'],
  ['::'],
  ['::1'],
  ['127.0.0.1', '::1'],
  ['::ffff:127.0.0.1'],
  ['::127.0.0.1'],
  ['64:ff9b::7f00:1'],
  ['2002:7f00:1::'],
  ['::1%lo'],
  ['fe80::1%lo'],
  ['169.254.169.254'],
  ['fd00:ec2::254'],
  ['224.0.0.1'],
  ['10.96.0.1'],
  ['127.0.0.1%lo'],
  ['localhost'],
  [''],
]

/** What is no URL at all, so that nobody is ever asked. */
const noUrls = [
  '[fe80::1%25lo]',
  '[::1%25lo]',
  '[::1%lo]',
  '256.0.0.1',
  '127.0.0.1.1',
  '0x7f.0.0.0.1',
  '4294967296',
  '127.0.0.0x100',
  '127.0.0.08',
  '[127.0.0.1]',
  '[::ffff:127.0.0.256]',
  '[:::1]',
  '127.0.0.1\u0000',
  '127.0.0.1%00',
]

const ranges = (...texts: readonly string[]) => texts.map(knownCidr)

const guard = createGuard({ refuse: ranges('10.96.0.0/12', 'fd00:10:96::/112'), allow: [], strictness: 'cluster' })

interface Place {
  readonly name: string
  readonly scheme: 'http' | 'https'
  readonly position: Position
  readonly from: NamedBy
}

const place = (scheme: Place['scheme'], position: Position, standing: NamedBy['standing'], itself = false): Place => ({
  name: `${scheme} ${position} named by a ${standing} host${itself ? ', itself' : ''}`,
  scheme,
  position,
  from: { standing, itself },
})

/** The places where an address may stand that a stranger wrote; with the proxy there are ten. */
const places: readonly Place[] = [
  place('http', 'registry', 'public'),
  place('https', 'registry', 'public'),
  place('http', 'mirror', 'public'),
  place('https', 'mirror', 'public'),
  place('https', 'realm', 'public'),
  place('https', 'realm', 'public', true),
  place('http', 'realm', 'private'),
  place('https', 'redirect', 'public'),
  place('http', 'redirect', 'private'),
]

interface Trap {
  readonly port: number
  readonly accepted: () => number
}

const bind = async (server: Server, host: string, port: number): Promise<boolean> => {
  server.listen(port, host)
  return once(server, 'listening').then(
    () => true,
    () => false,
  )
}

/** Listeners on every loopback address that the corpus reaches, on one port. Whoever connects has won. */
const setTrap = async (): Promise<Trap> => {
  let accepted = 0
  const count = (): Server => {
    const server = createServer(socket => {
      accepted += 1
      socket.destroy()
    })
    closedAfterTest({ close: async () => void server.close() })
    return server
  }
  const first = count()
  await bind(first, '127.0.0.1', 0)
  const { port } = first.address() as AddressInfo
  // Where there is no IPv6, nobody can be reached by it either.
  for (const host of ['127.0.0.2', '::1']) await bind(count(), host, port)
  return { port, accepted: () => accepted }
}

interface Dialler {
  readonly judge: Guard
  readonly position: Position
  readonly from: NamedBy
  readonly resolve: () => Promise<readonly string[]>
  readonly proxies: ProxySettings
}

const codeFor = async (url: URL, { judge, position, from, resolve, proxies }: Dialler): Promise<string> => {
  const connector = createConnector({
    guard: judge,
    reach: reachOf(position, from),
    route: createRouting(proxies),
    resolve,
    connectMs: 2000,
    tls: () => ({ rejectUnauthorized: false }),
    proxyTls: () => ({}),
    stalled: () => {},
    dialled: () => {},
  })
  const agent = new Agent({ connect: connector.connect })
  try {
    const { statusCode } = await agent.request({ origin: url.origin, path: '/v2/', method: 'GET' })
    return String(statusCode)
  } catch (error) {
    return String((error as { code?: unknown }).code)
  } finally {
    await agent.destroy()
  }
}

const unresolved = (): Promise<readonly string[]> => Promise.reject(new Error('an address needs no resolver'))

describe('a stranger who names an internal address', () => {
  test('has more than six hundred ways to do so', () => {
    expect(new Set(literals).size).toBe(literals.length)
    expect(literals.length).toBeGreaterThanOrEqual(60)
    expect((literals.length + answers.length) * places.length + literals.length).toBeGreaterThanOrEqual(600)
  })

  test.each(places)('$name: reaches nobody', async ({ scheme, position, from }) => {
    const trap = await setTrap()
    const passed: string[] = []
    for (const host of literals) {
      const url = new URL(`${scheme}://${host}:${trap.port}/v2/`)
      const code = await codeFor(url, { judge: guard, position, from, resolve: unresolved, proxies: noProxies })
      if (code !== 'ERR_PULLGATE_BLOCKED') passed.push(`${host}: ${code}`)
    }
    for (const answer of answers) {
      const url = new URL(`${scheme}://registry.example:${trap.port}/v2/`)
      const code = await codeFor(url, { judge: guard, position, from, resolve: async () => answer, proxies: noProxies })
      if (code !== 'ERR_PULLGATE_BLOCKED') passed.push(`${answer}: ${code}`)
    }
    expect(passed).toEqual([])
    expect(trap.accepted()).toBe(0)
  })

  test('would fall into the trap if the guard let them', async () => {
    const trap = await setTrap()
    const judge = createGuard({ refuse: [], allow: ranges('127.0.0.0/8'), strictness: 'cluster' })
    const from: NamedBy = { standing: 'public', itself: false }
    const url = new URL(`http://0x7f.1:${trap.port}/v2/`)
    await codeFor(url, { judge, position: 'registry', from, resolve: unresolved, proxies: noProxies })
    expect(trap.accepted()).toBe(1)
  })

  test('reaches nobody through a proxy that would take anybody anywhere', async () => {
    const trap = await setTrap()
    const asked: string[] = []
    const proxy = createHttpServer((request, response) => {
      asked.push(`${request.url}`)
      response.end()
    })
    proxy.on('connect', ({ url }: IncomingMessage, client: Duplex) => {
      asked.push(`${url}`)
      client.destroy()
    })
    await bind(proxy, '127.0.0.1', 0)
    closedAfterTest({ close: async () => void proxy.close() })
    const address = `127.0.0.1:${(proxy.address() as AddressInfo).port}`
    const proxies = { httpProxy: address, httpsProxy: address, noProxy: '' }
    const resolve = async () => ['127.0.0.1']
    for (const host of literals)
      for (const scheme of ['http', 'https']) {
        const url = new URL(`${scheme}://${host}:${trap.port}/v2/`)
        const from: NamedBy = { standing: 'public', itself: false }
        expect(await codeFor(url, { judge: guard, position: 'registry', from, resolve, proxies })).toBe(
          'ERR_PULLGATE_BLOCKED',
        )
      }
    expect(asked).toEqual([])
    expect(trap.accepted()).toBe(0)
  })

  test.each(noUrls)('cannot even write %j into a URL', host => {
    expect(URL.parse(`http://${host}:5000/v2/`)).toBeNull()
  })

  test.each([
    '10.0.0.5',
    '172.16.0.5',
    '192.168.0.5',
    '100.64.0.5',
    '198.18.0.5',
    'fd12::5',
    '::ffff:10.0.0.5',
    '64:ff9b::10.0.0.5',
    '2002:a00:5::',
  ])('on the internet sends nobody to %s on premises', async address => {
    const dialler = {
      resolve: async () => [address],
      proxies: noProxies,
      from: { standing: 'public', itself: false },
    } as const
    const url = new URL('https://inside.example/v2/')
    expect(await codeFor(url, { ...dialler, judge: guard, position: 'realm' })).toBe('ERR_PULLGATE_BLOCKED')
    expect(await codeFor(url, { ...dialler, judge: guard, position: 'redirect' })).toBe('ERR_PULLGATE_BLOCKED')
  })
})

const cluster = (refuse: readonly string[] = [], allow: readonly string[] = [], strictness: Strictness = 'cluster') =>
  createGuard({ refuse: ranges(...refuse), allow: ranges(...allow), strictness })

const usual = ['10.96.0.0/12', '10.244.0.0/16', 'fd00:10:96::/112', '172.18.0.2']
const strict = cluster(usual)
const inCluster = cluster(usual, ['10.96.77.7', '10.244.3.0/24', 'fd00:10:96::77'])
const withLoopback = cluster(usual, ['127.0.0.0/8', '::1'])
const withTokens = cluster(usual, ['10.20.0.0/16', 'fd20:20::/32'])
const laptop = cluster([], [], 'workstation')

const internet: NamedBy = { standing: 'public', itself: false }
const internetItself: NamedBy = { standing: 'public', itself: true }
const premises: NamedBy = { standing: 'private', itself: false }

type Legitimate = readonly [address: string, guard: Guard, position: Position, from: NamedBy, reason: string]

const legitimate: readonly Legitimate[] = [
  ...[
    '10.0.0.5',
    '10.255.0.5',
    '172.16.3.5',
    '172.31.3.5',
    '192.168.7.5',
    '100.64.0.5',
    'fd12:3456::5',
    'fc00::5',
  ].flatMap((address): readonly Legitimate[] => [
    [address, strict, 'registry', internet, 'a registry on premises'],
    [address, strict, 'mirror', internet, 'a mirror on premises for a registry on the internet'],
    [address, strict, 'realm', premises, 'the token server of a registry on premises'],
    [address, strict, 'redirect', premises, 'the storage of a registry on premises'],
    [address, strict, 'realm', internetItself, 'a registry of two standings that is its own token server'],
  ]),
  ['::ffff:10.0.0.5', strict, 'registry', internet, 'a resolver that maps'],
  ['64:ff9b::10.0.0.5', strict, 'registry', internet, 'a registry on premises behind NAT64'],
  ['64:ff9b::8.8.8.8', strict, 'realm', internet, 'a cluster of IPv6 alone, behind NAT64'],
  ['64:ff9b:1::8.8.8.8', strict, 'redirect', internet, 'the same with a prefix of its own'],
  ['64:ff9b:1:a00:0:500::', strict, 'registry', internet, 'the same with a shorter prefix'],
  ['8.8.8.8', strict, 'realm', premises, 'a registry on premises with a token server on the internet'],
  ['8.8.8.8', strict, 'redirect', premises, 'a registry on premises with storage on the internet'],
  ['2606:4700::1111', strict, 'redirect', internet, 'a content delivery network'],
  ['10.96.77.7', inCluster, 'registry', internet, "a registry's service in the cluster, allowed"],
  ['10.96.77.7', inCluster, 'realm', premises, 'its token server'],
  ['10.244.3.9', inCluster, 'registry', internet, "a registry's pod, allowed"],
  ['fd00:10:96::77', inCluster, 'registry', internet, 'the same by IPv6'],
  ['::ffff:10.96.77.7', inCluster, 'registry', internet, 'the same, mapped'],
  ['172.18.0.3', strict, 'registry', internet, "a registry beside kind's node that is refused"],
  ['127.0.0.1', withLoopback, 'registry', internet, 'a registry in the same pod, allowed'],
  ['::1', withLoopback, 'registry', internet, 'the same by IPv6'],
  ['10.20.0.9', withTokens, 'realm', internet, 'a token server on premises for a registry on the internet, allowed'],
  ['fd20:20::9', withTokens, 'redirect', internet, 'storage on premises for a registry on the internet, allowed'],
  ['127.0.0.1', laptop, 'registry', internet, "a registry on one's own machine"],
  ['::1', laptop, 'registry', internet, 'the same by IPv6'],
  ['127.0.0.1', laptop, 'realm', premises, 'with its token server'],
  ['192.168.1.5', laptop, 'realm', internet, 'a token server in the network at home'],
  ['198.18.0.9', laptop, 'redirect', internet, 'a local proxy that pretends to be the internet'],
]

describe('whoever has a registry of their own', () => {
  test('has sixty cases at least', () => {
    expect(legitimate.length).toBeGreaterThanOrEqual(60)
  })

  const rows = legitimate.map(
    ([address, judge, position, from, reason]) => [reason, address, position, judge, from] as const,
  )

  test.each(rows)('reaches %s, at %s as a %s', (_, address, position, judge, from) => {
    expect(judge(address, reachOf(position, from)).kind).toBe('allowed')
  })
})
