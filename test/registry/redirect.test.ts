import { describe, expect, test } from 'vitest'
import { singleImage } from '../../src/demo/images.ts'
import type { EmbeddedRegistry, Intercept } from '../../src/demo/registry.ts'
import { followingRedirects } from '../../src/registry/redirect.ts'
import type { Request, Send } from '../../src/registry/send.ts'
import { plainTerms, registryFor } from '../support/lifetime.ts'
import { notingSend } from '../support/noting-send.ts'

const image = singleImage('linux/amd64')
const signal = (): AbortSignal => AbortSignal.timeout(5000)

const following = (): Send => followingRedirects(notingSend().send)

/** A registry that has the image, and hands on or refuses what the function says. */
const registryWith = async (intercept: Intercept = () => false): Promise<EmbeddedRegistry> => {
  const registry = await registryFor({ intercept })
  registry.put('shop/web', '1', image)
  return registry
}

const path = `/v2/shop/web/blobs/${image.blobs[0]?.digest}`

const to =
  (status: number, location: () => string): Intercept =>
  (_, response) => {
    response.writeHead(status, { location: location() }).end()
    return true
  }

const request = (registry: EmbeddedRegistry, given: Partial<Request> = {}): Request => ({
  method: 'GET',
  url: `http://${registry.host}${path}`,
  client: plainTerms,
  host: registry.host,
  namedBy: undefined,
  headers: { authorization: 'Bearer canary', accept: '*/*' },
  body: undefined,
  step: 'config',
  mostBytes: 1024 * 1024,
  take: undefined,
  ...given,
})

describe('a redirect', () => {
  test.each([301, 302, 303, 307, 308])(
    'with status %i is followed to another host, which sees no proof of who asks',
    async status => {
      const seen: (string | undefined)[] = []
      const network = await registryWith(({ headers }) => {
        seen.push(headers.authorization)
        return false
      })
      const registry = await registryWith(to(status, () => `http://${network.host}${path}`))
      const reply = await following()(request(registry), signal())
      expect(reply).toMatchObject({ ok: true, value: { status: 200, body: image.blobs[0]?.bytes } })
      expect(seen).toEqual([undefined])
    },
  )

  test('within the registry is followed with the proof', async () => {
    const seen: (string | undefined)[] = []
    const registry = await registryWith((incoming, response) => {
      seen.push(incoming.headers.authorization)
      return incoming.url === '/old' && to(302, () => path)(incoming, response)
    })
    const reply = await following()(request(registry, { url: `http://${registry.host}/old` }), signal())
    expect(reply).toMatchObject({ ok: true, value: { status: 200 } })
    expect(seen).toEqual(['Bearer canary', 'Bearer canary'])
  })

  test.each([
    ['to nowhere', ''],
    ['to what is no URL', 'http://['],
    ['to another kind of place', 'file:///etc/passwd'],
    ['to a URL with a user in it', 'http://user:pass@127.0.0.1/x'],
  ])('%s is not followed', async (_, location) => {
    const registry = await registryWith(to(302, () => location))
    expect(await following()(request(registry), signal())).toMatchObject({
      error: { kind: 'bad-answer', problem: 'bad-redirect', status: 302, host: registry.host },
    })
  })

  test('in a circle ends after three', async () => {
    const registry = await registryWith(to(302, () => path))
    expect(await following()(request(registry), signal())).toMatchObject({ error: { problem: 'bad-redirect' } })
    expect(registry.requests).toHaveLength(4)
  })

  test.each([401, 403])('to a host that answers %i says nothing of our credentials', async status => {
    const network = await registryWith((_, response) => {
      response.writeHead(status).end()
      return true
    })
    const registry = await registryWith(to(307, () => `http://${network.host}${path}`))
    expect(await following()(request(registry), signal())).toMatchObject({
      error: { kind: 'bad-answer', problem: 'refused-after-redirect', status },
    })
  })

  test('of a token server is handed back, since a password might go with it', async () => {
    const registry = await registryWith(to(307, () => path))
    const reply = await following()(request(registry, { method: 'POST', body: 'x', step: 'token' }), signal())
    expect(reply).toMatchObject({ ok: true, value: { status: 307 } })
    expect(registry.requests).toHaveLength(1)
  })

  test('from HTTPS to HTTP is not followed', async () => {
    const asked: string[] = []
    const send: Send = async ({ url }) => {
      asked.push(url)
      const header = (name: string) => (name === 'location' ? 'http://registry.example/x' : undefined)
      return { ok: true, value: { status: 302, header, lines: () => [], body: new Uint8Array() } }
    }
    const registry = await registryWith()
    const secure = request(registry, { url: 'https://registry.example/v2/' })
    expect(await followingRedirects(send)(secure, signal())).toMatchObject({ error: { problem: 'bad-redirect' } })
    expect(asked).toEqual(['https://registry.example/v2/'])
  })
})
