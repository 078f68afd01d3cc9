import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { type ApiServer, connectApiServer, type WebhookAddress } from '../../src/demo/api-server.ts'
import { makeCertificate } from '../../src/webhook/certificate.ts'

interface Seen {
  readonly request: IncomingMessage
  readonly body: string
}

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

const startServer = async (status: number, answer: string, names = ['127.0.0.1']) => {
  const { cert, key, ca } = await makeCertificate(names, new Date(), 60_000)
  const seen: Seen[] = []
  const server = createServer({ cert, key }, async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    seen.push({ request, body })
    response.writeHead(status, { 'content-type': 'application/json' }).end(answer)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => server.close())
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, caPem: ca, seen }
}

const connect = (address: WebhookAddress): ApiServer => {
  const apiServer = connectApiServer(address)
  closers.push(() => apiServer.close())
  return apiServer
}

const approval = JSON.stringify({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  response: { uid: 'u', allowed: true },
})

const { signal } = new AbortController()

describe('the API server', () => {
  it('posts reviews as JSON, one after another over one connection of HTTP/1.1', async () => {
    const webhook = await startServer(200, approval)
    const apiServer = connect(webhook)
    const answers = [await apiServer.ask({ a: 1 }, 'u', signal), await apiServer.ask({ b: 2 }, 'u', signal)]
    expect(answers).toEqual(Array(2).fill({ ok: true, value: { kind: 'allowed', warnings: [] } }))
    expect(webhook.seen.map(({ body }) => body)).toEqual(['{"a":1}', '{"b":2}'])
    expect(webhook.seen[0]?.request).toMatchObject({
      method: 'POST',
      url: '/validate?timeout=5s',
      httpVersion: '1.1',
      headers: { 'content-type': 'application/json' },
    })
    expect(webhook.seen[0]?.request.socket).toBe(webhook.seen[1]?.request.socket)
  })

  it.each([
    ['a status that is none of success', 500, approval, 'the webhook answered with status 500'],
    ['an answer that is no JSON', 200, 'ok', 'the webhook gave no answer: '],
    ['the answer to another review', 200, approval.replace('"u"', '"v"'), 'the answer is to another review'],
  ])('takes for a failure %s', async (_, status, answer, error) => {
    const answered = await connect(await startServer(status, answer)).ask({}, 'u', signal)
    expect(answered).toEqual({ ok: false, error: expect.stringContaining(error) })
  })

  it('trusts only the authority that it was given', async () => {
    const { url } = await startServer(200, approval)
    const { ca } = await makeCertificate(['127.0.0.1'], new Date(), 60_000)
    expect(await connect({ url, caPem: ca }).ask({}, 'u', signal)).toMatchObject({ ok: false })
  })

  it('trusts a certificate only for the name that it is for', async () => {
    const webhook = await startServer(200, approval, ['example.test'])
    expect(await connect(webhook).ask({}, 'u', signal)).toMatchObject({ ok: false })
  })
})
