import { once } from 'node:events'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { describe, expect, test } from 'vitest'
import { helmChart, multiArchImage, singleImage } from '../../src/demo/images.ts'
import type { EmbeddedRegistry, Intercept } from '../../src/demo/registry.ts'
import { digestOf } from '../../src/image/digest.ts'
import { makeCertificate } from '../../src/webhook/certificate.ts'
import { dialogueForTest, registryFor } from '../support/lifetime.ts'
import { pullOf } from '../support/reference-of.ts'

const signal = (): AbortSignal => AbortSignal.timeout(5000)

const asked = ({ requests }: EmbeddedRegistry): readonly string[] =>
  requests.map(({ method, path }) => `${method} ${path.replace(/sha256:[0-9a-f]{64}/, 'DIGEST')}`)

const web = multiArchImage(['linux/amd64', 'linux/arm64'])

const shop = async (intercept?: Intercept): Promise<EmbeddedRegistry> => {
  const registry = await registryFor(intercept === undefined ? {} : { intercept })
  registry.put('shop/web', '1.0', web)
  return registry
}

/** Answers every request for a manifest in the given way. */
const always =
  (status: number, headers: Record<string, string> = {}, body = ''): Intercept =>
  (_, response) => {
    response.writeHead(status, headers).end(body)
    return true
  }

describe('a name is resolved', () => {
  test('by one HEAD', async () => {
    const registry = await shop()
    const resolved = await dialogueForTest().resolve(pullOf(`${registry.host}/shop/web:1.0`), signal())
    expect(resolved).toEqual({
      ok: true,
      value: { digest: web.top.digest, mediaType: web.top.mediaType, content: undefined },
    })
    expect(asked(registry)).toEqual(['HEAD /v2/shop/web/manifests/1.0'])
  })

  test('by a GET whose body is hashed, where the registry names no digest', async () => {
    const registry = await shop((request, response) => {
      response.removeHeader('docker-content-digest')
      const setHeaders = response.writeHead.bind(response)
      response.writeHead = ((status: number, headers: Record<string, string>) => {
        const kept = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'docker-content-digest')
        return setHeaders(status, Object.fromEntries(kept))
      }) as typeof response.writeHead
      return request.method === 'TRACE'
    })
    const resolved = await dialogueForTest().resolve(pullOf(`${registry.host}/shop/web:1.0`), signal())
    expect(resolved).toMatchObject({ ok: true, value: { digest: web.top.digest, content: { bytes: web.top.bytes } } })
    expect(asked(registry)).toEqual(['HEAD /v2/shop/web/manifests/1.0', 'GET /v2/shop/web/manifests/1.0'])
  })

  test('over TLS as well, which of a loopback host is not verified, as containerd does not', async () => {
    const { cert, key } = await makeCertificate(['somebody-else.example'], new Date(), 60_000)
    const registry = await registryFor({ tls: { cert, key } })
    registry.put('shop/web', '1.0', web)
    const resolved = await dialogueForTest().resolve(pullOf(`${registry.host}/shop/web:1.0`), signal())
    expect(resolved.ok).toBe(true)
  })

  test('by its digest, beside which the tag is not asked for', async () => {
    const registry = await shop()
    const resolved = await dialogueForTest().resolve(pullOf(`${registry.host}/shop/web:9@${web.top.digest}`), signal())
    expect(resolved.ok).toBe(true)
    expect(asked(registry)).toEqual(['HEAD /v2/shop/web/manifests/DIGEST'])
  })
})

describe('a "no" is asked again, and believed only from a registry', () => {
  test('that names the missing tag', async () => {
    const registry = await shop()
    const resolved = await dialogueForTest().resolve(pullOf(`${registry.host}/shop/web:2.0`), signal())
    expect(resolved).toMatchObject({ error: { kind: 'absent', missing: 'tag', askedAs: 'unchallenged' } })
    expect(asked(registry)).toEqual([
      'HEAD /v2/shop/web/manifests/2.0',
      'GET /v2/shop/web/manifests/2.0',
      'HEAD /v2/shop/web/manifests/DIGEST',
    ])
  })

  test('and not from a server that says 404 to everything', async () => {
    const registry = await shop(always(404, { 'content-type': 'text/html' }, '<h1>Not Found</h1>'))
    const resolved = await dialogueForTest().resolve(pullOf(`${registry.host}/shop/web:1.0`), signal())
    expect(resolved).toMatchObject({ error: { kind: 'bad-answer', problem: 'bare-not-found', status: 404 } })
  })

  test.each([
    [403, 'unexpected-status'],
    [302, 'bad-redirect'],
    [500, 'server-error'],
    [503, 'server-error'],
    [408, 'server-error'],
    [418, 'unexpected-status'],
  ])('and status %i is none: %s', async (status, problem) => {
    const registry = await shop(always(status))
    const resolved = await dialogueForTest().resolve(pullOf(`${registry.host}/shop/web:1.0`), signal())
    expect(resolved).toMatchObject({ error: { kind: 'bad-answer', problem, status } })
  })

  test('and 429 asks for patience, of which no more than a day is believed', async () => {
    const registry = await shop(always(429, { 'retry-after': '30' }))
    const resolved = await dialogueForTest().resolve(pullOf(`${registry.host}/shop/web:1.0`), signal())
    expect(resolved).toMatchObject({ error: { kind: 'rate-limited', retryAfterMs: 30_000 } })
    const greedy = await shop(always(429, { 'retry-after': '999999999' }))
    const again = await dialogueForTest().resolve(pullOf(`${greedy.host}/shop/web:1.0`), signal())
    expect(again).toMatchObject({ error: { kind: 'rate-limited', retryAfterMs: 86_400_000 } })
  })

  const refusingHead = (status: number) =>
    shop((request, response) => {
      if (request.method !== 'HEAD') return false
      response.writeHead(status).end()
      return true
    })

  test('and a HEAD that is not served (status 405) becomes a GET', async () => {
    const registry = await refusingHead(405)
    const resolved = await dialogueForTest().resolve(pullOf(`${registry.host}/shop/web:1.0`), signal())
    expect(resolved).toMatchObject({ ok: true, value: { digest: web.top.digest } })
  })

  test.each([403, 404, 501])('and no GET takes back what containerd believes of HEAD (status %i)', async status => {
    const registry = await refusingHead(status)
    const resolved = await dialogueForTest().resolve(pullOf(`${registry.host}/shop/web:1.0`), signal())
    expect(resolved).toMatchObject({ error: { kind: 'bad-answer', problem: 'unexpected-status', status } })
  })

  test('and a header that holds no digest is no answer to containerd', async () => {
    const registry = await shop((_, response) => {
      response.writeHead(200, { 'docker-content-digest': 'latest', 'content-length': '2' }).end()
      return true
    })
    const resolved = await dialogueForTest().resolve(pullOf(`${registry.host}/shop/web:1.0`), signal())
    expect(resolved).toMatchObject({ error: { kind: 'bad-answer', problem: 'bad-digest' } })
  })
})

describe('bytes that are not what the digest names are refused', () => {
  const lying = always(200, { 'content-type': 'application/vnd.oci.image.index.v1+json' }, '{"manifests":[]}')

  test('as broken where somebody pinned the digest', async () => {
    const registry = await shop(lying)
    const pinned = pullOf(`${registry.host}/shop/web@${web.top.digest}`)
    expect(await dialogueForTest().manifest(pinned, web.top.digest, signal())).toMatchObject({
      error: { kind: 'wrong-content' },
    })
  })

  test('as no answer where the bytes do not even come as a manifest', async () => {
    const portal = await shop(always(200, { 'content-type': 'text/html' }, '<h1>Log in</h1>'))
    const pinned = pullOf(`${portal.host}/shop/web@${web.top.digest}`)
    expect(await dialogueForTest().manifest(pinned, web.top.digest, signal())).toMatchObject({
      error: { kind: 'bad-answer', problem: 'digest-mismatch' },
    })
  })

  test('but not because a header names the same bytes by another digest', async () => {
    const digest = digestOf(web.top.bytes, 'sha512')
    const registry = await shop(always(200, { 'docker-content-digest': web.top.digest }))
    const pinned = pullOf(`${registry.host}/shop/web@${digest}`)
    expect(await dialogueForTest().resolve(pinned, signal())).toMatchObject({ ok: true, value: { digest } })
  })

  test('as no answer where nobody did', async () => {
    const registry = await shop(lying)
    const tagged = pullOf(`${registry.host}/shop/web:1.0`)
    expect(await dialogueForTest().manifest(tagged, web.top.digest, signal())).toMatchObject({
      error: { kind: 'bad-answer', problem: 'digest-mismatch' },
    })
  })
})

describe('a registry that does not answer', () => {
  test('because nobody listens is unreachable', async () => {
    const registry = await registryFor()
    await registry.close()
    const resolved = await dialogueForTest().resolve(pullOf(`${registry.host}/shop/web:1.0`), signal())
    expect(resolved).toMatchObject({ error: { kind: 'unreachable', problem: 'connection-refused' } })
  })

  test('because it hangs costs no more than the time that there is', async () => {
    const registry = await shop(() => true)
    const resolved = await dialogueForTest().resolve(pullOf(`${registry.host}/shop/web:1.0`), AbortSignal.timeout(100))
    expect(resolved).toMatchObject({ error: { kind: 'timed-out' } })
  })

  test('because it hangs up is unreachable', async () => {
    const server: Server = createTcpServer(socket => socket.destroy()).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
    const resolved = await dialogueForTest().resolve(pullOf(`${host}/shop/web:1.0`), signal())
    server.close()
    expect(resolved).toMatchObject({ error: { kind: 'unreachable' } })
  })

  test('because there is no such host is unreachable', async () => {
    const resolved = await dialogueForTest().resolve(pullOf('registry.invalid/shop/web:1.0'), signal())
    expect(resolved).toMatchObject({ error: { kind: 'unreachable' } })
  })

  test.each(['registry.example:99999', '1.2.3.400', 'registry.123', 'xn--a.example'])(
    'because no URL has the host %s is unreachable, as it is for a node',
    async host => {
      const resolved = await dialogueForTest().resolve(pullOf(`${host}/shop/web:1.0`), signal())
      expect(resolved).toMatchObject({ error: { kind: 'unreachable', problem: 'no-such-host', host } })
    },
  )

  test('with HTTP is none', async () => {
    const server: Server = createTcpServer(socket => socket.end('SSH-2.0-OpenSSH_9.9\r\n')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
    const resolved = await dialogueForTest().resolve(pullOf(`${host}/shop/web:1.0`), signal())
    server.close()
    expect(resolved).toMatchObject({ ok: false, error: { host } })
  })
})

describe('an answer without end', () => {
  const endless: Intercept = (request, response) => {
    response.writeHead(200, { 'content-type': 'application/vnd.oci.image.index.v1+json' })
    const more = (): void => {
      if (!response.destroyed) response.write(Buffer.alloc(65_536, ' '), more)
    }
    if (request.method === 'GET') more()
    else response.end()
    return true
  }

  test('is cut off at what a runtime accepts for a manifest', async () => {
    const registry = await shop(endless)
    const resolved = await dialogueForTest().manifest(pullOf(`${registry.host}/shop/web:1.0`), web.top.digest, signal())
    expect(resolved).toMatchObject({ error: { kind: 'oversized', sizeBytes: undefined } })
  })
})

describe('other questions', () => {
  test('whether a part is there: yes, no, and could not find out', async () => {
    const registry = await shop()
    registry.put('shop/report', '7', singleImage('linux/arm64'))
    const at = pullOf(`${registry.host}/shop/web:1.0`)
    const dialogue = dialogueForTest()
    const child = web.manifests[1]?.digest ?? web.top.digest
    expect(await dialogue.exists(at, child, signal())).toEqual({ ok: true, value: true })
    expect(await dialogue.exists(at, `sha256:${'0'.repeat(64)}`, signal())).toEqual({ ok: true, value: false })
    const down = await shop(always(500))
    expect(await dialogue.exists(pullOf(`${down.host}/shop/web:1.0`), child, signal())).toMatchObject({
      ok: false,
    })
  })

  test('which tags there are', async () => {
    const registry = await shop()
    registry.put('shop/web', '1.1', helmChart('web', '1.1'))
    const tags = await dialogueForTest().tags(pullOf(`${registry.host}/shop/web:x`), signal())
    expect(tags).toEqual({ ok: true, value: { names: ['1.0', '1.1'], host: registry.host, showsAll: true } })
  })

  test('which tags there are, of a repository that does not exist', async () => {
    const registry = await shop()
    const tags = await dialogueForTest().tags(pullOf(`${registry.host}/shop/wbe:x`), signal())
    expect(tags).toMatchObject({ error: { kind: 'absent', missing: 'repository' } })
  })

  test('which tags there are, answered with something else', async () => {
    const registry = await shop(always(200, { 'content-type': 'application/json' }, '{"tags":{"a":1}}'))
    const tags = await dialogueForTest().tags(pullOf(`${registry.host}/shop/web:x`), signal())
    expect(tags).toMatchObject({ error: { kind: 'bad-answer', problem: 'wrong-shape' } })
  })
})
