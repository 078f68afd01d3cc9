import { once } from 'node:events'
import { createServer as createHttpServer, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { describe, expect, test } from 'vitest'
import { openSockets } from '../../src/lib/open-sockets.ts'
import { createRouting } from '../../src/registry/dial/proxy.ts'
import { createPools, type Pools, type PoolsOptions } from '../../src/registry/pool.ts'
import type { ClientTerms } from '../../src/registry/send.ts'
import { makeCertificate } from '../../src/webhook/certificate.ts'
import { closedAfterTest, loopbackGuard, plainTerms } from '../support/lifetime.ts'
import { noProxies } from '../support/plain-network.ts'

const hourMs = 60 * 60 * 1000
const [one, other] = await Promise.all([
  makeCertificate(['registry.example'], new Date(), hourMs),
  makeCertificate(['registry.example'], new Date(), hourMs),
])

const noTrust: readonly string[] = []

const poolsFor = (options: Partial<PoolsOptions> = {}): Pools =>
  closedAfterTest(
    createPools({
      guard: loopbackGuard,
      route: createRouting(noProxies),
      resolve: async () => ['127.0.0.1'],
      dialled: () => {},
      stalled: () => {},
      connectionsPerHost: 2,
      trust: () => noTrust,
      ...options,
    }),
  )

const listening = async (server: Server) => {
  const sockets = openSockets(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closedAfterTest({
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  })
  return { port: (server.address() as AddressInfo).port, sockets }
}

const withTls = ({ key, cert }: typeof one) =>
  listening(createHttpsServer({ key, cert }, (_, response) => void response.end('hello')))

/** A server that leaves every question open until it is told otherwise. */
const hanging = async () => {
  const waiting: ServerResponse[] = []
  const server = createHttpServer((_, response) => void waiting.push(response))
  return { ...(await listening(server)), waiting, server }
}

const ask = async (pools: Pools, origin: string, terms: ClientTerms = plainTerms): Promise<string> => {
  try {
    const answer = await pools.agentFor('private', terms).request({ origin, path: '/', method: 'GET' })
    await answer.body.dump()
    return String(answer.statusCode)
  } catch (error) {
    return String((error as { code?: unknown }).code)
  }
}

const trusting = (...ca: readonly string[]): ClientTerms => ({ ...plainTerms, tls: { ...plainTerms.tls, ca } })

describe('connections are shared', () => {
  test('by terms that say the same, though they were read anew', () => {
    const pools = poolsFor()
    const first = pools.agentFor('private', trusting(one.ca))
    expect(pools.agentFor('private', trusting(one.ca))).toBe(first)
    expect(
      pools.agentFor('private', { tls: { verify: true, ca: [one.ca], client: [] }, dialTimeoutMs: undefined }),
    ).toBe(first)
  })

  test('by none that differ in anything', () => {
    const pools = poolsFor()
    const pair = { cert: one.cert, key: one.key }
    const agents = [
      pools.agentFor('private', plainTerms),
      pools.agentFor('public', plainTerms),
      pools.agentFor('private', trusting(one.ca)),
      pools.agentFor('private', trusting(other.ca)),
      pools.agentFor('private', trusting(one.ca, other.ca)),
      pools.agentFor('private', { ...plainTerms, tls: { ...plainTerms.tls, verify: false } }),
      pools.agentFor('private', { ...plainTerms, tls: { ...plainTerms.tls, client: [pair] } }),
      pools.agentFor('private', { ...plainTerms, dialTimeoutMs: 100 }),
    ]
    expect(new Set(agents).size).toBe(agents.length)
  })
})

describe('what is trusted beside the system’s authorities', () => {
  test('is what is given, and nothing else', async () => {
    const { port } = await withTls(one)
    const url = `https://registry.example:${port}`
    expect(await ask(poolsFor({ trust: () => [one.ca] }), url)).toBe('200')
    expect(await ask(poolsFor({ trust: () => [other.ca] }), url)).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE')
    expect(await ask(poolsFor(), url)).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  })

  test('counts for terms with authorities of their own as well', async () => {
    const { port } = await withTls(one)
    const pools = poolsFor({ trust: () => [one.ca] })
    expect(await ask(pools, `https://registry.example:${port}`, trusting(other.ca))).toBe('200')
  })

  test('counts from the next question on when it changes, in either direction', async () => {
    const { port } = await withTls(one)
    const url = `https://registry.example:${port}`
    let trust: readonly string[] = [other.ca]
    const pools = poolsFor({ trust: () => trust })
    expect(await ask(pools, url)).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE')
    trust = [other.ca, one.ca]
    expect(await ask(pools, url)).toBe('200')
    trust = [other.ca]
    expect(await ask(pools, url)).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  })

  test('may be rubbish without harm', async () => {
    const { port } = await withTls(one)
    const pools = poolsFor({ trust: () => ['rubbish', '', one.ca] })
    expect(await ask(pools, `https://registry.example:${port}`)).toBe('200')
  })
})

describe('of very many terms', () => {
  /** Terms of which no two are alike. */
  const termsOf = (index: number): ClientTerms => ({ ...plainTerms, dialTimeoutMs: 1000 + index })

  test('64 pools are kept, the last used ones', () => {
    const pools = poolsFor()
    const first = pools.agentFor('private', termsOf(0))
    for (let index = 1; index < 64; index++) pools.agentFor('private', termsOf(index))
    expect(pools.agentFor('private', termsOf(0))).toBe(first)
    for (let index = 64; index < 127; index++) pools.agentFor('private', termsOf(index))
    expect(pools.agentFor('private', termsOf(0))).toBe(first)
    for (let index = 127; index < 191; index++) pools.agentFor('private', termsOf(index))
    expect(pools.agentFor('private', termsOf(0))).not.toBe(first)
  })

  test('the oldest goes once what it has under way came to its end', async () => {
    const server = await hanging()
    const pools = poolsFor()
    const asked = ask(pools, `http://127.0.0.1:${server.port}`, termsOf(0))
    await once(server.server, 'request')
    for (let index = 1; index <= 64; index++) pools.agentFor('private', termsOf(index))
    const [socket] = server.sockets
    server.waiting[0]?.end()
    expect(await asked).toBe('200')
    if (socket !== undefined && !socket.closed) await once(socket, 'close')
    expect(server.sockets.size).toBe(0)
  })

  test('all are closed together, those too that are on their way out', async () => {
    const server = await hanging()
    const pools = poolsFor()
    const origin = `http://127.0.0.1:${server.port}`
    const oldest = ask(pools, origin, termsOf(0))
    await once(server.server, 'request')
    for (let index = 1; index < 64; index++) pools.agentFor('private', termsOf(index))
    const newest = ask(pools, origin, termsOf(64))
    await once(server.server, 'request')
    await pools.close()
    expect(await Promise.all([oldest, newest])).toEqual(['UND_ERR_SOCKET', 'UND_ERR_DESTROYED'])
    for (const socket of server.sockets) await once(socket, 'close')
    expect(server.sockets.size).toBe(0)
  })
})

test('closing twice is closing once', async () => {
  const pools = poolsFor()
  pools.agentFor('private', plainTerms)
  await pools.close()
  await pools.close()
})
