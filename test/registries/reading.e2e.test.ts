import { buffer } from 'node:stream/consumers'
import { request } from 'undici'
import { beforeAll, describe, expect, test } from 'vitest'
import { nearTags } from '../../src/check/near-tags.ts'
import { contentOf, descriptorOf, type Image, jsonContent } from '../../src/demo/content.ts'
import { attestedImage, childFor, helmChart, indexOf, multiArchImage, singleImage } from '../../src/demo/images.ts'
import { pullOf } from '../support/reference-of.ts'
import { countingForwarder } from './counting-forwarder.ts'
import { kinds } from './kinds.ts'
import { deleteManifest, push } from './push.ts'
import { inTime, standing } from './standing.ts'

const platforms = ['linux/amd64', 'linux/arm64']
const web = multiArchImage(platforms)
const list = multiArchImage(platforms, { dialect: 'docker' })
const single = singleImage('linux/arm64', { version: 'single' })
const chart = helmChart('web', '1.0')
const attested = attestedImage(platforms, { version: 'attested' })
const inner = multiArchImage(platforms, { version: 'inner' })
const nested = indexOf([
  { image: inner, platform: undefined, annotations: {}, presence: 'present' },
  childFor('linux/s390x'),
])
const incomplete = multiArchImage(platforms, { version: 'incomplete' })

const empty = contentOf('application/vnd.oci.empty.v1+json', Buffer.from('{}'))
const artifactType = 'application/vnd.example.sbom'
const mediaType = 'application/vnd.oci.image.manifest.v1+json'
const parts = { config: descriptorOf(empty), layers: [descriptorOf(empty)], subject: descriptorOf(web.top) }
const sbomTop = jsonContent(mediaType, { schemaVersion: 2, mediaType, artifactType, ...parts })
const sbom: Image = { top: sbomTop, manifests: [sbomTop], blobs: [empty] }

const images = { '1.0': web, list, single, chart, attested, nested, incomplete, sbom }

describe.each(kinds)('$name', ({ name, start }) => {
  const { registry, questions } = standing(name, start)
  beforeAll(async () => {
    const at = { url: registry().url, repository: 'shop/web', tag: undefined }
    for (const [tag, image] of Object.entries(images)) await push({ ...at, tag }, image)
    const [, missing = incomplete.top] = incomplete.manifests
    await deleteManifest(at, missing)
  })

  /** Counted on the way, where a loopback host's port is first tried with TLS, as containerd does. */
  const counted = async () => {
    const { host, requests } = await countingForwarder(registry().host)
    return { at: `${host}/shop/web`, lines: () => requests.map(({ line }) => line), requests, ...questions() }
  }

  describe('is asked', () => {
    test('for an index with a HEAD, a GET and a HEAD a wanted platform', async () => {
      const { at, lines, ask } = await counted()
      expect(await ask(`${at}:1.0`, { platforms })).toMatchObject({ value: { digest: web.top.digest } })
      expect(lines()).toEqual([
        'HEAD /v2/shop/web/manifests/1.0',
        'GET /v2/shop/web/manifests/DIGEST',
        'HEAD /v2/shop/web/manifests/DIGEST',
        'HEAD /v2/shop/web/manifests/DIGEST',
      ])
    })

    test('for a single image with a HEAD, a GET and a GET of its configuration', async () => {
      const { at, lines, ask } = await counted()
      await ask(`${at}:single`, { platforms })
      expect(lines()).toEqual([
        'HEAD /v2/shop/web/manifests/single',
        'GET /v2/shop/web/manifests/DIGEST',
        'GET /v2/shop/web/blobs/DIGEST',
      ])
    })

    // undici closes a connection after a HEAD unless it is told not to (lib/dispatcher/client-h1.js, `reset`).
    test('on connections that stay open for the next question', async () => {
      const { at, requests, ask } = await counted()
      await ask(`${at}:1.0`, { platforms })
      expect(requests.filter(({ closes }) => closes)).toEqual([])
    })

    test('for a digest that is known with one HEAD', async () => {
      const { at, lines, ask } = await counted()
      await ask(`${at}:single`)
      const before = lines().length
      expect(await ask(`${at}@${single.top.digest}`)).toMatchObject({ value: { digest: single.top.digest } })
      expect(lines().slice(before)).toEqual(['HEAD /v2/shop/web/manifests/DIGEST'])
    })

    test('for what it does not have with a HEAD and a GET, and for what nobody has', async () => {
      const { at, lines, ask } = await counted()
      await ask(`${at}:9`)
      expect(lines()).toEqual([
        'HEAD /v2/shop/web/manifests/9',
        'GET /v2/shop/web/manifests/9',
        'HEAD /v2/shop/web/manifests/DIGEST',
      ])
    })
  })

  describe('tells', () => {
    const told = (tag: string) => questions().ask(`${registry().host}/shop/web:${tag}`, { platforms })

    test.each(['1.0', 'list'] as const)('what an index holds: %s', async tag => {
      const { digest, mediaType, bytes } = images[tag].top
      const entries = platforms.map(text => {
        const [os, architecture] = text.split('/')
        return { role: 'image', platform: { os, architecture } }
      })
      const content = { kind: 'index', entries }
      expect(await told(tag)).toMatchObject({ value: { digest, mediaType, sizeBytes: bytes.length, content } })
    })

    test('what an index in an index holds', async () => {
      const entries = [{ role: 'index', presence: 'present', entries: [{}, {}] }, { role: 'image' }]
      expect(await told('nested')).toMatchObject({ value: { content: { entries } } })
    })

    test('which platform a single image is for', async () => {
      const config = { platform: { os: 'linux', architecture: 'arm64' } }
      expect(await told('single')).toMatchObject({ value: { content: { kind: 'manifest', config } } })
    })

    test('which entries only attest to others', async () => {
      const roles = ['image', 'image', 'attestation', 'attestation']
      expect(await told('attested')).toMatchObject({ value: { content: { entries: roles.map(role => ({ role })) } } })
    })

    test.each([
      ['chart', 'application/vnd.cncf.helm.config.v1+json'],
      ['sbom', artifactType],
    ])('what is no image: %s', async (tag, artifactType) => {
      expect(await told(tag)).toMatchObject({ value: { content: { kind: 'artifact', artifactType } } })
    })

    test('which part of an index it does not have', async () => {
      const entries = [{ presence: 'absent' }, {}]
      expect(await told('incomplete')).toMatchObject({ value: { content: { kind: 'index', entries } } })
    })
  })

  describe('says no', () => {
    const absent = (missing: string, askedAs = 'unchallenged') => ({ error: { kind: 'absent', missing, askedAs } })
    const zeros = `sha256:${'0'.repeat(64)}` as const

    test('to a tag that is not there', async () => {
      expect(await questions().ask(`${registry().host}/shop/web:9`)).toMatchObject(absent('tag'))
    })

    test('to a digest that is not there', async () => {
      expect(await questions().ask(`${registry().host}/shop/web@${zeros}`)).toMatchObject(absent('digest'))
    })

    test('to a digest of the other kind', async () => {
      const digest = `sha512:${'0'.repeat(128)}`
      expect(await questions().ask(`${registry().host}/shop/web@${digest}`)).toMatchObject(absent('digest'))
    })

    test('to a configuration that is not there', async () => {
      const pull = pullOf(`${registry().host}/shop/web:1.0`)
      expect(await questions().dialogue.config(pull, zeros, inTime())).toMatchObject(absent('digest'))
    })

    // Of a repository that is not there, distribution says only that the tag is not.
    test('to a repository that is not there, at the latest when its tags are asked for', async () => {
      const { ask, dialogue } = questions()
      const image = `${registry().host}/shop/nothing:1.0`
      const missing = expect.stringMatching(/^(tag|repository)$/)
      expect(await ask(image)).toMatchObject({ error: { kind: 'absent', missing } })
      expect(await dialogue.tags(pullOf(image), inTime())).toMatchObject(absent('repository'))
    })
  })

  test('answers a HEAD with the headers of a GET, the digest among them', async () => {
    const headersOf = async (method: 'HEAD' | 'GET') => {
      const headers = { accept: mediaType.replace('manifest', 'index') }
      const answer = await request(`${registry().url}/v2/shop/web/manifests/1.0`, { method, headers })
      await answer.body.dump()
      const { date: _, connection: __, ...rest } = answer.headers
      return rest
    }
    const head = await headersOf('HEAD')
    expect(head).toEqual(await headersOf('GET'))
    expect(head).toMatchObject({ 'docker-content-digest': web.top.digest, 'content-length': `${web.top.bytes.length}` })
  })

  test('lists the tags, in whatever order, among which the near ones are found', async () => {
    const pull = pullOf(`${registry().host}/shop/web:1.00`)
    const listed = await questions().dialogue.tags(pull, inTime())
    expect(listed.ok && listed.value.names.toSorted()).toEqual(Object.keys(images).toSorted())
    expect(nearTags(pull.reference, listed.ok ? listed.value.names : [])).toEqual(['1.0'])
  })

  test('gives a layer piece by piece', async () => {
    const layer = single.blobs.at(-1) ?? empty
    const pull = pullOf(`${registry().host}/shop/web:single`)
    const given = await questions().dialogue.layer(pull, layer.digest, inTime())
    expect(given.ok && (await buffer(given.value))).toEqual(Buffer.from(layer.bytes))
  })
})
