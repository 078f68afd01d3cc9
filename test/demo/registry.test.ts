import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { Agent, request } from 'undici'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { helmChart, incompleteImage, multiArchImage, singleImage } from '../../src/demo/images.ts'
import { type EmbeddedRegistry, startRegistry } from '../../src/demo/registry.ts'
import { emptyShelf, placed } from '../../src/demo/shelf.ts'
import { makeCertificate } from '../../src/webhook/certificate.ts'

const web = multiArchImage(['linux/amd64', 'linux/arm64'])
const broken = incompleteImage(['linux/amd64', 'linux/arm64'], 'linux/amd64')
const inDocker = multiArchImage(['linux/amd64'], { dialect: 'docker' })
const single = singleImage('linux/s390x')

const images = [
  ['shop/web', '1.4.0', web],
  ['shop/web', '1.3.1', web],
  ['shop/web', '1.3.2', web],
  ['shop/broken', '1', broken],
  ['shop/docker', '1', inDocker],
  ['shop/manifests/blobs', '1', single],
  ['charts/web', '1.4.0', helmChart('web', '1.4.0')],
] as const

const shelf = images.reduce((all, [name, tag, image]) => placed(all, name, tag, image), emptyShelf)

const agent = new Agent()
let registry: EmbeddedRegistry

beforeAll(async () => {
  registry = await startRegistry({ shelf })
})

afterAll(async () => {
  await agent.destroy()
  await registry.close()
})

const ask = async (path: string, method = 'GET', host = registry.host) => {
  const { statusCode, headers, body } = await request(`http://${host}${path}`, { method, dispatcher: agent })
  return { status: statusCode, headers, body: Buffer.from(await body.arrayBuffer()) }
}

const sha256 = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`
const blobOf = (index: number): string => web.blobs[index]?.digest ?? ''

describe('the embedded registry', () => {
  it('says at /v2/ that it is a registry', async () => {
    const { status, headers, body } = await ask('/v2/')
    expect([status, headers['docker-distribution-api-version'], body.toString()]).toEqual([200, 'registry/2.0', '{}'])
  })

  it.each([
    ['a tag of an index', '/v2/shop/web/manifests/1.4.0', 'application/vnd.oci.image.index.v1+json'],
    ['an index by digest', `/v2/shop/web/manifests/${web.top.digest}`, 'application/vnd.oci.image.index.v1+json'],
    [
      'a child, which only its digest names',
      `/v2/shop/web/manifests/${web.manifests[1]?.digest}`,
      'application/vnd.oci.image.manifest.v1+json',
    ],
    [
      "Docker's media types",
      '/v2/shop/docker/manifests/1',
      'application/vnd.docker.distribution.manifest.list.v2+json',
    ],
    ['an artifact', '/v2/charts/web/manifests/1.4.0', 'application/vnd.oci.image.manifest.v1+json'],
    [
      'a repository whose name looks like a route',
      '/v2/shop/manifests/blobs/manifests/1',
      'application/vnd.oci.image.manifest.v1+json',
    ],
    ['a blob', `/v2/shop/web/blobs/${blobOf(0)}`, 'application/octet-stream'],
  ])(
    'serves %s with its type, length and digest, and to HEAD the same without the bytes',
    async (_, path, mediaType) => {
      const got = await ask(path)
      expect(got.status).toBe(200)
      expect(got.headers['content-type']).toBe(mediaType)
      expect(got.headers['content-length']).toBe(`${got.body.length}`)
      expect(got.headers['docker-content-digest']).toBe(sha256(got.body))

      const head = await ask(path, 'HEAD')
      expect([head.status, head.body.length]).toEqual([200, 0])
      const names = ['content-type', 'content-length', 'docker-content-digest']
      expect(names.map(name => head.headers[name])).toEqual(names.map(name => got.headers[name]))
    },
  )

  it.each([
    ['a tag', '/v2/shop/web/manifests/1.40', 404, 'MANIFEST_UNKNOWN'],
    ['a digest', `/v2/shop/web/manifests/${single.top.digest}`, 404, 'MANIFEST_UNKNOWN'],
    ['a blob', `/v2/shop/web/blobs/${single.top.digest}`, 404, 'BLOB_UNKNOWN'],
    ['a manifest, asked for as a blob', `/v2/shop/web/blobs/${web.top.digest}`, 404, 'BLOB_UNKNOWN'],
    ['a repository', '/v2/shop/wbe/manifests/1.4.0', 404, 'NAME_UNKNOWN'],
    ['the tags of a repository', '/v2/shop/wbe/tags/list', 404, 'NAME_UNKNOWN'],
    ['a name in capitals', '/v2/Shop/web/manifests/1.4.0', 400, 'NAME_INVALID'],
    ['a page size that is no number', '/v2/shop/web/tags/list?n=x', 400, 'PAGINATION_NUMBER_INVALID'],
  ])('answers to %s that is not there with the code of the specification', async (_, path, status, code) => {
    const got = await ask(path)
    expect([got.status, got.headers['content-type']]).toEqual([status, 'application/json'])
    expect(JSON.parse(got.body.toString())).toMatchObject({ errors: [{ code }] })
    expect((await ask(path, 'HEAD')).status).toBe(status)
  })

  it('does not have the child that an incomplete index names, and has the other', async () => {
    const index = JSON.parse((await ask('/v2/shop/broken/manifests/1')).body.toString())
    const statuses = index.manifests.map(async (entry: { digest: string }) => {
      const { status } = await ask(`/v2/shop/broken/manifests/${entry.digest}`)
      return status
    })
    expect(await Promise.all(statuses)).toEqual([404, 200])
  })

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('takes no %s', async method => {
    const got = await ask('/v2/shop/web/manifests/1.4.0', method)
    expect([got.status, got.headers['allow']]).toEqual([405, 'GET, HEAD'])
  })

  it.each(['/', '/v1/', '/v2/shop/web', '/v2/_catalog', '//', '/v2/shop/web/referrers/x'])(
    'has nothing at %s',
    async path => {
      expect((await ask(path)).status).toBe(404)
    },
  )
})

describe('the list of tags', () => {
  it.each([
    ['all of them, sorted', '', ['1.3.1', '1.3.2', '1.4.0'], undefined],
    ['the first ones', '?n=2', ['1.3.1', '1.3.2'], '</v2/shop/web/tags/list?n=2&last=1.3.2>; rel="next"'],
    ['the rest', '?n=2&last=1.3.2', ['1.4.0'], undefined],
    ['a page that ends with the list', '?n=3', ['1.3.1', '1.3.2', '1.4.0'], undefined],
    ['those behind a tag that is not there', '?last=1.3.15', ['1.3.2', '1.4.0'], undefined],
    ['none', '?n=0', [], undefined],
  ])('gives %s', async (_, query, tags, link) => {
    const { body, headers } = await ask(`/v2/shop/web/tags/list${query}`)
    expect(JSON.parse(body.toString())).toEqual({ name: 'shop/web', tags })
    expect(headers['link']).toBe(link)
  })
})

describe('a registry in a test', () => {
  const started: EmbeddedRegistry[] = []
  const start = async (...options: Parameters<typeof startRegistry>): Promise<EmbeddedRegistry> => {
    const own = await startRegistry(...options)
    started.push(own)
    return own
  }
  afterEach(() => Promise.all(started.splice(0).map(each => each.close())))

  it('takes images while it runs, moves tags, and forgets them', async () => {
    const { host, put, untag } = await start()
    const status = async (): Promise<number> => (await ask('/v2/app/manifests/1', 'GET', host)).status
    expect(await status()).toBe(404)
    put('app', '1', single)
    expect(await status()).toBe(200)
    put('app', '1', web)
    expect((await ask('/v2/app/manifests/1', 'GET', host)).headers['docker-content-digest']).toBe(web.top.digest)
    untag('app', '1')
    expect(await status()).toBe(404)
    expect((await ask(`/v2/app/manifests/${single.top.digest}`, 'GET', host)).status).toBe(200)
  })

  it('logs what was asked, with the query, and what was answered', async () => {
    const { host, requests } = await start({ shelf })
    await ask('/v2/', 'HEAD', host)
    await ask('/v2/shop/web/manifests/9?ns=docker.io', 'GET', host)
    expect(requests).toEqual([
      { method: 'HEAD', path: '/v2/', status: 200 },
      { method: 'GET', path: '/v2/shop/web/manifests/9?ns=docker.io', status: 404 },
    ])
  })

  it('lets an intercept answer first, and answers itself where that declines', async () => {
    const { host, requests } = await start({
      shelf,
      intercept: async (incoming, response) => {
        if (incoming.url !== '/v2/') return false
        response.writeHead(429, { 'Retry-After': '7' }).end()
        return true
      },
    })
    const limited = await ask('/v2/', 'GET', host)
    expect([limited.status, limited.headers['retry-after']]).toEqual([429, '7'])
    expect((await ask('/v2/shop/web/manifests/1.4.0', 'GET', host)).status).toBe(200)
    expect(requests.map(({ status }) => status)).toEqual([429, 200])
  })

  it('speaks TLS when it is given a certificate', async () => {
    const { cert, key, ca } = await makeCertificate(['127.0.0.1'], new Date(), 60_000)
    const { host } = await start({ shelf, tls: { cert, key } })
    const dispatcher = new Agent({ connect: { ca } })
    const { statusCode } = await request(`https://${host}/v2/`, { dispatcher })
    await dispatcher.close()
    expect(statusCode).toBe(200)
  })

  it('closes at once, whatever connections are open', async () => {
    const { cert, key } = await makeCertificate(['127.0.0.1'], new Date(), 60_000)
    const own = await startRegistry({ tls: { cert, key } })
    const inHandshake = connect({ host: '127.0.0.1', port: Number(own.host.split(':')[1]) })
    inHandshake.on('error', () => {})
    await once(inHandshake, 'connect')
    const ended = once(inHandshake, 'close')
    await own.close()
    await ended
    expect(inHandshake.destroyed).toBe(true)
  })
})
