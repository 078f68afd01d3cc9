import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { multiArchImage, singleImage } from '../../src/demo/images.ts'
import type { RegistryOptions as EmbeddedOptions, EmbeddedRegistry, Intercept } from '../../src/demo/registry.ts'
import { basicAuthorization } from '../../src/registry/auth/credential.ts'
import type { Dialogue } from '../../src/registry/dialogue.ts'
import type { FindPlaces } from '../../src/registry/hosts/place.ts'
import type { RegistryOptions } from '../../src/registry/registry.ts'
import { certsD } from '../support/certs-d.ts'
import { openBlackHole } from '../support/faults/black-hole.ts'
import { goodCertificate } from '../support/faults/certificates.ts'
import { createLab } from '../support/faults/lab.ts'
import { closedAfterTest, dialogueForTest, registryFor } from '../support/lifetime.ts'
import { pullOf } from '../support/reference-of.ts'
import { basicGate, bearerGate, startTokenServer } from '../support/token-server.ts'
import { makeCertificate } from './hosts/certificate.ts'

const image = multiArchImage(['linux/amd64', 'linux/arm64'])
const { digest } = image.top
const signal = (): AbortSignal => AbortSignal.timeout(5000)
const ada = { username: 'ada', password: 'ada’s password' }

/** A registry with the image. */
const stocked = async (options: EmbeddedOptions = {}): Promise<EmbeddedRegistry> => {
  const registry = await registryFor(options)
  registry.put('shop/web', '1', image)
  return registry
}

const saying =
  (status: number, body = '', headers: Record<string, string> = {}): Intercept =>
  (_, response) =>
    Boolean(response.writeHead(status, headers).end(body))

const error = (code: string): string => JSON.stringify({ errors: [{ code, message: 'prose' }] })
const portOf = ({ host }: EmbeddedRegistry): string => host.slice(host.indexOf(':') + 1)
const asked = ({ requests }: EmbeddedRegistry): readonly string[] =>
  requests.map(({ method, path }) => `${method} ${path}`)

/** A dialogue that reads this hosts.toml for every registry; each name is this machine. */
const dialogueWith = async (
  hostsToml: string,
  more: Readonly<Record<string, string>> = {},
  overrides: Partial<RegistryOptions> = {},
): Promise<Dialogue> => {
  const { findPlaces } = await certsD(hostsToml, more)
  return dialogueForTest({ findPlaces, resolve: async () => ['127.0.0.1'], ...overrides })
}

const mirror = (of: EmbeddedRegistry | string, more = ''): string =>
  `[host."http://${typeof of === 'string' ? of : of.host}"]\n${more}\n`

const resolved = { ok: true, value: { digest } }

describe('a mirror', () => {
  test('that has the image is asked instead of the registry, and told whose image is wanted', async () => {
    const [near, far] = [await stocked(), await stocked()]
    const dialogue = await dialogueWith(mirror(near))
    const pull = pullOf(`${far.host}/shop/web:1`)
    expect(await dialogue.resolve(pull, signal())).toMatchObject(resolved)
    expect(await dialogue.manifest(pull, digest, signal())).toMatchObject({
      ok: true,
      value: { bytes: image.top.bytes },
    })
    const ns = `ns=${encodeURIComponent(far.host)}`
    expect(asked(near)).toEqual([`HEAD /v2/shop/web/manifests/1?${ns}`, `GET /v2/shop/web/manifests/${digest}?${ns}`])
    expect(asked(far)).toEqual([])
  })

  test.each<[what: string, intercept: Intercept]>([
    ['says that there is no such tag', saying(404, error('MANIFEST_UNKNOWN'))],
    ['says 404 and no more', saying(404)],
    ['says 401 and nothing that helps', saying(401)],
    ['refuses with 403', saying(403, error('DENIED'))],
    ['has had enough of us', saying(429, '', { 'retry-after': '30' })],
    ['has an error', saying(500)],
    ['has nobody behind it', saying(502)],
    ['sends us in a circle', saying(307, '', { location: '/v2/shop/web/manifests/1' })],
    ['hangs up', (request): boolean => Boolean(request.socket.resetAndDestroy())],
    ['talks nonsense', (request): boolean => request.socket.end('SSH-2.0-OpenSSH_9.9\r\n').writable || true],
  ])('that %s makes way for the registry', async (_, intercept) => {
    const [near, far] = [await stocked({ intercept }), await stocked()]
    const dialogue = await dialogueWith(mirror(near))
    expect(await dialogue.resolve(pullOf(`${far.host}/shop/web:1`), signal())).toMatchObject(resolved)
    expect(near.requests.length).toBeGreaterThan(0)
    expect(asked(far)).toEqual(['HEAD /v2/shop/web/manifests/1'])
  })

  test('that is not there makes way for the registry', async () => {
    const far = await stocked()
    const dialogue = await dialogueWith(mirror(await createLab().closedPort()))
    expect(await dialogue.resolve(pullOf(`${far.host}/shop/web:1`), signal())).toMatchObject(resolved)
  })

  test('that lets nobody in makes way after its dial_timeout, and the next question does not wait for it', async () => {
    const far = await stocked()
    const hole = closedAfterTest(await openBlackHole())
    const dialogue = await dialogueWith(mirror(hole.host, 'dial_timeout = "100ms"'))
    const pull = pullOf(`${far.host}/shop/web:1`)
    const timed = async (): Promise<number> => {
      const began = performance.now()
      expect(await dialogue.resolve(pull, signal())).toMatchObject(resolved)
      return performance.now() - began
    }
    expect(await timed()).toBeGreaterThan(80)
    expect(Math.min(await timed(), await timed(), await timed())).toBeLessThan(80)
  })

  test('behind another is asked when that one fails, and the registry last', async () => {
    const order: string[] = []
    const named = async (name: string, status: number) =>
      registryFor({
        intercept: (_, response) => {
          order.push(name)
          return Boolean(response.writeHead(status).end())
        },
      })
    const [one, two, far] = [await named('one', 500), await named('two', 404), await named('registry', 404)]
    const dialogue = await dialogueWith(mirror(one) + mirror(two))
    await dialogue.resolve(pullOf(`${far.host}/shop/web:1`), signal())
    expect([...new Set(order)]).toEqual(['one', 'two', 'registry'])
  })

  test('may have a path of its own, below which it has /v2 unless told otherwise', async () => {
    const urls: (string | undefined)[] = []
    const near = await registryFor({
      intercept: ({ url }, response) => {
        urls.push(url)
        return Boolean(response.writeHead(200, { 'docker-content-digest': digest }).end())
      },
    })
    const at = `${near.host}/team/cache`
    for (const toml of [
      mirror(at),
      mirror(at, 'override_path = true'),
      mirror(`${near.host}/v2/proxy`, 'override_path = true'),
    ])
      await (await dialogueWith(toml)).resolve(pullOf('registry.example/shop/web:1'), signal())
    expect(urls).toEqual([
      '/team/cache/v2/shop/web/manifests/1?ns=registry.example',
      '/team/cache/shop/web/manifests/1?ns=registry.example',
      '/v2/proxy/shop/web/manifests/1?ns=registry.example',
    ])
  })

  test('in the place of the registry is the last word', async () => {
    const [near, far] = [await stocked({ intercept: saying(500) }), await stocked()]
    const dialogue = await dialogueWith(`server = "http://${near.host}"`)
    expect(await dialogue.resolve(pullOf(`${far.host}/shop/web:1`), signal())).toMatchObject({
      error: { host: near.host, problem: 'server-error' },
    })
    expect(far.requests).toEqual([])
  })
})

describe('capabilities', () => {
  test('decide who is asked what a tag stands for, and not who has its content', async () => {
    const [near, far] = [await stocked(), await stocked()]
    const dialogue = await dialogueWith(mirror(near, 'capabilities = ["pull"]'))
    const pull = pullOf(`${far.host}/shop/web:1`)
    await dialogue.resolve(pull, signal())
    expect([near.requests.length, far.requests.length]).toEqual([0, 1])
    await dialogue.manifest(pull, digest, signal())
    expect([near.requests.length, far.requests.length]).toEqual([1, 1])
  })

  test('to pull are enough for an image named by its digest', async () => {
    const [near, far] = [await stocked(), await stocked()]
    const dialogue = await dialogueWith(mirror(near, 'capabilities = ["pull"]'))
    expect(await dialogue.resolve(pullOf(`${far.host}/shop/web@${digest}`), signal())).toMatchObject(resolved)
    expect([near.requests.length, far.requests.length]).toEqual([1, 0])
  })

  test('to resolve alone are of no use to a pull', async () => {
    const [near, far] = [await stocked(), await stocked()]
    const dialogue = await dialogueWith(mirror(near, 'capabilities = ["resolve"]'))
    await dialogue.resolve(pullOf(`${far.host}/shop/web:1`), signal())
    await dialogue.resolve(pullOf(`${far.host}/shop/web@${digest}`), signal())
    expect([near.requests.length, far.requests.length]).toEqual([0, 2])
  })

  test('that nobody has make the image one that is had nowhere', async () => {
    const near = await stocked()
    const dialogue = await dialogueWith(`server = "http://${near.host}"\ncapabilities = ["push"]`)
    expect(await dialogue.resolve(pullOf('registry.example/shop/web:1'), signal())).toMatchObject({
      error: { kind: 'unreachable', problem: 'no-capable-host', host: 'registry.example', step: 'hosts' },
    })
    expect(near.requests).toEqual([])
  })
})

describe('trust', () => {
  const secure = async (more: EmbeddedOptions['tls'] | object = {}, intercept: Intercept = () => false) => {
    const { key, cert, ca } = await goodCertificate('mirror.example')
    const registry = await stocked({ tls: { key, cert, ...more }, intercept })
    return { registry, ca, table: `[host."https://mirror.example:${portOf(registry)}"]\n` }
  }
  const untrusted = { error: { kind: 'unreachable', problem: 'mirror-unasked' } }
  const found = { ok: true }

  test.each<[what: string, toml: string, isServed: boolean]>([
    ['the authority of its file', 'ca = "ca.crt"', true],
    ['no authority', '', false],
    ['another authority', 'ca = "other.crt"', false],
    ['one of several authorities', 'ca = ["other.crt", "ca.crt"]', true],
    ['anybody', 'skip_verify = true', true],
  ])('in a mirror with %s', async (_, toml, isServed) => {
    const { registry, ca, table } = await secure()
    const other = (await goodCertificate('mirror.example')).ca
    const far = await stocked()
    const dialogue = await dialogueWith(table + toml, { 'ca.crt': ca, 'other.crt': other })
    expect(await dialogue.resolve(pullOf(`${far.host}/shop/web:1`), signal())).toMatchObject(found)
    expect([registry.requests.length, far.requests.length]).toEqual(isServed ? [1, 0] : [0, 1])
    const missing = await dialogue.resolve(pullOf(`${far.host}/shop/web:nope`), signal())
    expect(missing).toMatchObject(isServed ? { error: { kind: 'absent' } } : untrusted)
  })

  test('in a mirror is not trust in another of the same name', async () => {
    const { ca, registry } = await secure()
    const table = `[host."https://elsewhere.example:${portOf(registry)}"]\nca = "ca.crt"\n`
    const far = await stocked()
    const dialogue = await dialogueWith(table, { 'ca.crt': ca })
    await dialogue.resolve(pullOf(`${far.host}/shop/web:1`), signal())
    expect([registry.requests.length, far.requests.length]).toEqual([0, 1])
  })

  test('is shown by a certificate of our own where the mirror wants one', async () => {
    const [own, foreign] = [await makeCertificate('pullgate'), await makeCertificate('somebody else')]
    const wanting = { requestCert: true, rejectUnauthorized: true, ca: own.cert }
    const subjects: unknown[] = []
    const { registry, ca, table } = await secure(wanting, ({ socket }) => {
      subjects.push((socket as TLSSocket).getPeerCertificate().subject['CN'])
      return false
    })
    const far = await stocked()
    const files = { 'ca.crt': ca, 'own.crt': own.cert, 'own.key': own.key, 'both.pem': own.cert + own.key }
    const more = { ...files, 'foreign.crt': foreign.cert, 'foreign.key': foreign.key }
    const served = async (client: string): Promise<boolean> => {
      const dialogue = await dialogueWith(`${table}ca = "ca.crt"\n${client}`, more)
      const before = registry.requests.length
      expect(await dialogue.resolve(pullOf(`${far.host}/shop/web:1`), signal())).toMatchObject(resolved)
      return registry.requests.length > before
    }
    expect(await served('client = [["own.crt", "own.key"]]')).toBe(true)
    expect(await served('client = "both.pem"')).toBe(true)
    expect(await served('client = [["foreign.crt", "foreign.key"]]')).toBe(false)
    expect(await served('')).toBe(false)
    expect(subjects).toEqual(['pullgate', 'pullgate'])
  })
})

describe('headers that a file adds', () => {
  const toml = (near: EmbeddedRegistry): string =>
    `${mirror(near)}[host."http://${near.host}".header]
      X-One = "CANARY-1"
      X-Several = ["CANARY-2", "CANARY-3"]
      Authorization = "Basic CANARY"
      Accept = "CANARY-ACCEPT"
      Host = "CANARY-HOST"
      Content-Length = "5"`

  test('go to the mirror, each value of its own, and nowhere else', async () => {
    const seen: Readonly<Record<string, unknown>>[] = []
    const near = await stocked({
      intercept: ({ headersDistinct, headers }) => {
        seen.push({ one: headersDistinct['x-one'], several: headersDistinct['x-several'], as: headers.authorization })
        seen.push({ accept: headers.accept, host: headers.host, length: headers['content-length'] })
        return headers['x-one'] === undefined
      },
    })
    const far = await stocked()
    const dialogue = await dialogueWith(toml(near))
    await dialogue.resolve(pullOf(`${far.host}/shop/web:1`), signal())
    expect(seen).toEqual([
      { one: ['CANARY-1'], several: ['CANARY-2', 'CANARY-3'], as: 'Basic CANARY' },
      {
        accept: expect.stringContaining('application/vnd.oci.image.index.v1+json'),
        host: near.host,
        length: undefined,
      },
    ])
    expect(far.requests).toEqual([])
  })

  test('do not come along to the registry behind it', async () => {
    const near = await stocked({ intercept: saying(404) })
    const headers: string[] = []
    const far = await stocked({
      intercept: request => {
        headers.push(JSON.stringify(request.rawHeaders))
        return false
      },
    })
    const dialogue = await dialogueWith(toml(near))
    expect(await dialogue.resolve(pullOf(`${far.host}/shop/web:1`), signal())).toMatchObject(resolved)
    expect(headers).toHaveLength(1)
    expect(headers.join()).not.toContain('CANARY')
  })

  test('do not follow a redirect to another host, to which "accept" alone goes of what was asked', async () => {
    const names: (readonly string[])[] = []
    const headers: string[] = []
    const network = await stocked({
      intercept: request => {
        names.push(Object.keys(request.headers).toSorted())
        headers.push(JSON.stringify(request.rawHeaders))
        return false
      },
    })
    const near = await stocked({
      intercept: (request, response) =>
        Boolean(response.writeHead(307, { location: `http://${network.host}${request.url}` }).end()),
    })
    const dialogue = await dialogueWith(toml(near))
    expect(await dialogue.resolve(pullOf('registry.example/shop/web:1', ada), signal())).toMatchObject(resolved)
    expect(names).toEqual([['accept', 'accept-encoding', 'connection', 'host', 'user-agent']])
    expect(headers.join()).not.toContain('CANARY')
  })

  test('do not go to the token server, which gets the credentials of the pull', async () => {
    const headers: string[] = []
    const tokens = await registryFor({
      intercept: (request, response) => {
        headers.push(JSON.stringify(request.rawHeaders))
        return Boolean(response.writeHead(200).end(JSON.stringify({ access_token: 'TOKEN' })))
      },
    })
    const challenge = `Bearer realm="http://${tokens.host}/token"`
    const near = await stocked({
      intercept: (request, response) =>
        request.headers.authorization === 'Bearer TOKEN' && request.headers['x-one'] === 'CANARY-1'
          ? false
          : Boolean(response.writeHead(401, { 'www-authenticate': challenge }).end()),
    })
    const dialogue = await dialogueWith(toml(near))
    expect(await dialogue.resolve(pullOf('registry.example/shop/web:1', ada), signal())).toMatchObject(resolved)
    expect(headers).toHaveLength(1)
    expect(headers.join()).not.toContain('CANARY')
  })
})

describe('a file', () => {
  test('that is broken is complained of once, at its line and column, and passed over', async () => {
    const far = await stocked()
    const { findPlaces, complaints, root } = await certsD(
      '# a mirror\n[host."http://mirror.example"]\n  capabilities = 7\n',
    )
    const dialogue = dialogueForTest({ findPlaces })
    for (let asking = 0; asking < 3; asking++)
      expect(await dialogue.resolve(pullOf(`${far.host}/shop/web:1`), signal())).toMatchObject(resolved)
    expect(complaints).toEqual([
      { file: join(root, '_default', 'hosts.toml'), line: 3, column: 3, what: 'capabilities must be a list of texts' },
    ])
  })

  test.each([
    ['is not there', 'ca = "missing.crt"', {}],
    ['has no certificate in it', 'ca = "empty.crt"', { 'empty.crt': 'rubbish' }],
    ['has a key that does not fit', 'client = [["a.crt", "b.key"]]', { 'a.crt': 'rubbish', 'b.key': 'rubbish' }],
  ])(
    'of certificates that %s keeps every image of the registry away, as it does on the node',
    async (_, line, more) => {
      const far = await stocked()
      const dialogue = await dialogueWith(`[host."https://mirror.example"]\n${line}`, more)
      expect(await dialogue.resolve(pullOf(`${far.host}/shop/web:1`), signal())).toEqual({
        ok: false,
        error: { host: far.host, step: 'hosts', kind: 'unreachable', problem: 'hosts-unreadable' },
      })
      expect(far.requests).toEqual([])
    },
  )

  test('that is taken away is out of use', async () => {
    const [near, far] = [await stocked(), await stocked()]
    const { findPlaces, root } = await certsD(mirror(near))
    await rm(root, { recursive: true })
    const dialogue = dialogueForTest({ findPlaces })
    expect(await dialogue.resolve(pullOf(`${far.host}/shop/web:1`), signal())).toMatchObject(resolved)
    expect([near.requests.length, far.requests.length]).toEqual([0, 1])
  })
})

describe('the registry’s "no"', () => {
  const missing = ({ host }: EmbeddedRegistry) => pullOf(`${host}/shop/web:nope`)

  test('counts when each mirror before it was heard to say the same', async () => {
    const [near, far] = [await stocked(), await stocked()]
    const dialogue = await dialogueWith(mirror(near))
    expect(await dialogue.resolve(missing(far), signal())).toMatchObject({ error: { kind: 'absent', missing: 'tag' } })
  })

  test('counts when the mirror says 404 and no more', async () => {
    const [near, far] = [await stocked({ intercept: saying(404) }), await stocked()]
    const dialogue = await dialogueWith(mirror(near))
    expect(await dialogue.resolve(missing(far), signal())).toMatchObject({
      error: { kind: 'absent', missing: 'tag', host: far.host },
    })
  })

  test.each<[what: string, intercept: Intercept]>([
    ['is down', request => Boolean(request.socket.resetAndDestroy())],
    ['has an error', saying(503)],
    ['has had enough of us', saying(429)],
  ])(
    'does not count when a mirror before it %s: a node may reach that, and find the image there',
    async (_, intercept) => {
      const [near, far] = [await stocked({ intercept }), await stocked()]
      const dialogue = await dialogueWith(mirror(near))
      const answer = await dialogue.resolve(missing(far), signal())
      expect(answer).toMatchObject({ ok: false })
      expect(answer).not.toMatchObject({ error: { kind: 'absent' } })
    },
  )

  test('is told as a mirror that was not asked, by the mirror’s name', async () => {
    const far = await stocked()
    const near = await createLab().closedPort()
    const dialogue = await dialogueWith(mirror(near))
    for (let asking = 0; asking < 7; asking++)
      expect(await dialogue.resolve(missing(far), signal())).toEqual({
        ok: false,
        error: { host: near, step: 'manifest', kind: 'unreachable', problem: 'mirror-unasked' },
      })
  })
})

describe('a mirror whose bytes are others than it says', () => {
  const lying: Intercept = (request, response) =>
    request.method === 'GET' && request.url?.includes('/manifests/')
      ? Boolean(response.writeHead(200, { 'content-type': image.top.mediaType }).end('{"lies":true}'))
      : false

  test('ends the question where the digest is pinned, as it ends the node’s pull', async () => {
    const [near, far] = [await stocked({ intercept: lying }), await stocked()]
    const dialogue = await dialogueWith(mirror(near))
    const pull = pullOf(`${far.host}/shop/web@${digest}`)
    expect(await dialogue.manifest(pull, digest, signal())).toEqual({
      ok: false,
      error: { host: near.host, step: 'manifest', kind: 'wrong-content', wanted: digest },
    })
    expect(far.requests).toEqual([])
  })

  test('ends the question by tag as well, but proves nothing', async () => {
    const [near, far] = [await stocked({ intercept: lying }), await stocked()]
    const dialogue = await dialogueWith(mirror(near))
    expect(await dialogue.manifest(pullOf(`${far.host}/shop/web:1`), digest, signal())).toMatchObject({
      error: { host: near.host, kind: 'bad-answer', problem: 'digest-mismatch' },
    })
    expect(far.requests).toEqual([])
  })

  test('is not asked again by the registry’s own content', async () => {
    const [near, far] = [await stocked({ intercept: saying(404) }), await stocked({ intercept: lying })]
    const dialogue = await dialogueWith(mirror(near))
    expect(await dialogue.manifest(pullOf(`${far.host}/shop/web@${digest}`), digest, signal())).toMatchObject({
      error: { host: far.host, kind: 'wrong-content' },
    })
  })
})

describe('credentials of the pod', () => {
  const gated = () => stocked({ intercept: basicGate([ada]) })
  const withoutCredentials =
    (find: FindPlaces): FindPlaces =>
    async reference => {
      const found = await find(reference)
      if (!found.ok) return found
      return {
        ok: true,
        value: found.value.map(place => ({
          ...place,
          host: { ...place.host, takesCredentials: place.host.isUpstream },
        })),
      }
    }

  test('go to a mirror as well, by containerd’s rule', async () => {
    const [near, far] = [await gated(), await gated()]
    const dialogue = await dialogueWith(mirror(near))
    expect(await dialogue.resolve(pullOf(`${far.host}/shop/web:1`, ada), signal())).toMatchObject(resolved)
    expect(far.requests).toEqual([])
  })

  test('go to the registry alone where the mirror takes none', async () => {
    const proofs: (string | undefined)[] = []
    const near = await stocked({
      intercept: (request, response) => {
        proofs.push(request.headers.authorization)
        return saying(401, '', { 'www-authenticate': 'Basic realm="x"' })(request, response)
      },
    })
    const far = await gated()
    const { findPlaces } = await certsD(mirror(near))
    const dialogue = dialogueForTest({ findPlaces: withoutCredentials(findPlaces) })
    expect(await dialogue.resolve(pullOf(`${far.host}/shop/web:1`, ada), signal())).toMatchObject(resolved)
    expect(proofs).toEqual([undefined])
  })

  test('do not go to the token server of a mirror that takes none', async () => {
    const tokens = closedAfterTest(await startTokenServer({ accounts: [ada] }))
    const near = await stocked({ intercept: bearerGate({ tokens }) })
    const { findPlaces } = await certsD(mirror(near))
    const dialogue = dialogueForTest({ findPlaces: withoutCredentials(findPlaces) })
    expect(await dialogue.resolve(pullOf('registry.example/shop/web:1', ada), signal())).toMatchObject(resolved)
    expect(tokens.requests.map(({ method, authorization }) => [method, authorization])).toEqual([['GET', undefined]])
  })

  test('in a header of the file give way to those of the pod once the mirror asks for some', async () => {
    const proofs: (string | undefined)[] = []
    const gate = basicGate([ada])
    const near = await stocked({
      intercept: (request, response) => {
        proofs.push(request.headers.authorization)
        return gate(request, response)
      },
    })
    const dialogue = await dialogueWith(
      `${mirror(near)}[host."http://${near.host}".header]\nauthorization = "Basic bm8="`,
    )
    await dialogue.resolve(pullOf('registry.example/shop/web:1', ada), signal())
    expect(proofs).toEqual(['Basic bm8=', basicAuthorization(ada)])
  })
})

test('the tags of a repository are listed by the first that answers, which speaks for itself alone', async () => {
  const [near, far] = [await stocked({ intercept: saying(404) }), await stocked()]
  far.put('shop/web', '2', singleImage('linux/amd64'))
  const dialogue = await dialogueWith(mirror(near))
  expect(await dialogue.tags(pullOf(`${far.host}/shop/web:x`), signal())).toEqual({
    ok: true,
    value: { names: ['1', '2'], host: far.host, showsAll: false },
  })
})

test('the tags that a mirror lists are not all that the registry may have', async () => {
  const [near, far] = [await stocked(), await stocked()]
  const dialogue = await dialogueWith(mirror(near))
  const listed = await dialogue.tags(pullOf(`${far.host}/shop/web:x`), signal())
  expect(listed).toEqual({ ok: true, value: { names: ['1'], host: near.host, showsAll: false } })
})
