import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:tls'
import { Agent } from 'undici'
import { expect, test, vi } from 'vitest'
import { makeAuthority, signServer } from '../../src/webhook/authority.ts'
import { makeCertificate } from '../../src/webhook/certificate.ts'
import { nothingToSay } from '../../src/webhook/ruling.ts'
import { createServer, type ServerOptions, type WebhookServer } from '../../src/webhook/server.ts'
import { closedAfterTest } from '../support/lifetime.ts'
import { podWith, reviewOf } from '../support/reviews.ts'
import { makeClientCertificate } from './client-certificate.ts'

const hourMs = 60 * 60 * 1000
const certificate = await makeCertificate(['127.0.0.1'], new Date(), hourMs)

interface Served {
  readonly server: WebhookServer
  readonly url: string
}

const serve = async (given: Partial<ServerOptions> = {}): Promise<Served> => {
  const server = createServer({
    ...{ certificate, caller: undefined, timeoutMs: 5000, reserveMs: 500 },
    review: async () => nothingToSay,
    isReady: () => true,
    overloaded: () => expect.fail('too much'),
    bug: error => expect.fail(String(error)),
    ...given,
  })
  await server.instance.listen({ host: '127.0.0.1', port: 0 })
  closedAfterTest({ close: () => server.instance.close() })
  return { server, url: `https://127.0.0.1:${(server.instance.server.address() as AddressInfo).port}` }
}

const body = JSON.stringify(reviewOf(podWith(['a'])))

const ask = async (
  { url }: Served,
  connectOptions: object = {},
  path = '/validate',
  text: string | undefined = body,
) => {
  const agent = closedAfterTest(new Agent({ connect: { ca: certificate.ca, ...connectOptions }, allowH2: false }))
  const method = text === '' ? 'GET' : 'POST'
  const headers = { 'content-type': 'application/json' }
  const answer = await agent.request({ origin: url, path, method, headers, ...(text === '' ? {} : { body: text }) })
  return { status: answer.statusCode, headers: answer.headers, body: (await answer.body.json()) as object }
}

test('another certificate holds from the next connection on, and an open one goes on with its own', async () => {
  const served = await serve()
  const other = await makeCertificate(['127.0.0.1'], new Date(), hourMs)
  const port = Number(new URL(served.url).port)
  const open = connect({ host: '127.0.0.1', port, ca: certificate.ca })
  await once(open, 'secureConnect')
  served.server.useCertificate(other)
  const next = connect({ host: '127.0.0.1', port, ca: other.ca })
  await once(next, 'secureConnect')
  open.write('GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  const [answer] = (await once(open, 'data')) as [Buffer]
  expect(answer.toString()).toContain('200 OK')
  for (const socket of [open, next]) socket.destroy()
})

test('a hundred certificates change under new connections, and no handshake fails', async () => {
  const served = await serve()
  const authority = await makeAuthority(new Date(), hourMs)
  const before = await signServer(authority, ['127.0.0.1'], new Date(), hourMs)
  served.server.useCertificate({ ...before, ca: authority.cert })
  let isOver = false
  const client = async (): Promise<number> => {
    for (let count = 0; ; count++) {
      if (isOver) return count
      const agent = new Agent({ connect: { ca: authority.cert }, allowH2: false })
      const answer = await agent.request({ origin: served.url, path: '/healthz', method: 'GET' })
      await answer.body.dump()
      await agent.close()
    }
  }
  const clients = [client(), client()]
  for (let count = 0; count < 100; count++) {
    const leaf = await signServer(authority, ['127.0.0.1'], new Date(), hourMs)
    served.server.useCertificate({ ...leaf, ca: authority.cert })
  }
  isOver = true
  expect(Math.min(...(await Promise.all(clients)))).toBeGreaterThan(0)
})

test('while it parts, each answer asks the client to come back on another connection', async () => {
  const served = await serve()
  expect((await ask(served)).headers['connection']).toBe('keep-alive')
  served.server.partWithClients()
  expect((await ask(served)).headers['connection']).toBe('close')
})

test('it says whether it is ready', async () => {
  let isReady = false
  const served = await serve({ isReady: () => isReady })
  expect((await ask(served, {}, '/readyz', '')).status).toBe(503)
  isReady = true
  expect((await ask(served, {}, '/readyz', '')).status).toBe(200)
})

test('with too much to do a review is let through at once, with a warning, and is counted', async () => {
  const overloaded = vi.fn()
  const served = await serve({ overloaded, load: { mostReviews: 0 }, review: () => expect.fail('it was read') })
  const answer = await ask(served)
  expect(answer.status).toBe(200)
  expect(answer.body).toMatchObject({
    response: { uid: 'c0ffee', allowed: true, warnings: [expect.stringContaining('[overload]')] },
  })
  expect(answer.headers['retry-after']).toBeUndefined()
  expect(overloaded).toHaveBeenCalledOnce()
})

test('where it was told of the authority of the API server, it answers nobody else, but says how it is', async () => {
  const known = await makeClientCertificate('kube-apiserver')
  const stranger = await makeClientCertificate('kube-apiserver')
  const served = await serve({ caller: { ca: known.ca, names: ['kube-apiserver'] } })
  expect((await ask(served, { key: known.key, cert: known.cert })).status).toBe(200)
  expect((await ask(served, { key: stranger.key, cert: stranger.cert })).status).toBe(403)
  expect((await ask(served)).status).toBe(403)
  expect((await ask(served, {}, '/healthz', '')).status).toBe(200)
  served.server.useCertificate(certificate)
  expect((await ask(served, { key: known.key, cert: known.cert })).status).toBe(200)
  const other = await serve({ caller: { ca: known.ca, names: ['somebody'] } })
  expect((await ask(other, { key: known.key, cert: known.cert })).status).toBe(403)
})
