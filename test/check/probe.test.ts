import { describe, expect, test } from 'vitest'
import { createProbe, type Question } from '../../src/check/probe.ts'
import { type Content, type Image, jsonContent } from '../../src/demo/content.ts'
import { indexOf, multiArchImage, singleImage } from '../../src/demo/images.ts'
import type { EmbeddedRegistry, Intercept } from '../../src/demo/registry.ts'
import type { ImageFacts } from '../../src/image/facts.ts'
import type { NodePlatform } from '../../src/image/fit.ts'
import { ok, type Result } from '../../src/lib/result.ts'
import type { ProbeFailure } from '../../src/registry/failure.ts'
import { dialogueForTest, registryFor } from '../support/lifetime.ts'
import { referenceOf } from '../support/reference-of.ts'
import { platform } from '../verdict/evidence.ts'

const dockerList = 'application/vnd.docker.distribution.manifest.list.v2+json'

/** An image of whose parts one is called otherwise. */
const calling = (image: Image, part: Content, mediaType: string): Image => ({
  top: image.top === part ? { ...part, mediaType } : image.top,
  manifests: image.manifests.map(each => (each === part ? { ...each, mediaType } : each)),
  blobs: image.blobs,
})

/** An index that does not say itself what it is, as old ones do not. */
const unnamed = (image: Image): Image => {
  const { mediaType: _, ...document } = JSON.parse(Buffer.from(image.top.bytes).toString())
  const top = jsonContent(image.top.mediaType, document)
  return { ...image, top, manifests: [top, ...image.manifests.slice(1)] }
}

const signal = (): AbortSignal => AbortSignal.timeout(5000)

const node = (text: string): NodePlatform => ({ platform: platform(text), runtime: 'containerd://2.4.2' })
const amd64 = [node('linux/amd64')]
const both = [node('linux/amd64'), node('linux/arm64')]

type Asked = Omit<Question, 'anew' | 'credentials'> & { readonly anew?: boolean }

interface Bench {
  readonly registry: EmbeddedRegistry
  readonly probe: (question: Asked, signal: AbortSignal) => Promise<Result<ImageFacts, ProbeFailure>>
  /** Requests since it was last asked, as method and kind of thing. */
  readonly spent: () => readonly string[]
  readonly pass: (seconds: number) => void
}

const bench = async (intercept?: Intercept): Promise<Bench> => {
  const registry = await registryFor(intercept === undefined ? {} : { intercept })
  let now = 1000
  const created = createProbe({
    dialogue: dialogueForTest(),
    foundSeconds: 60,
    absentSeconds: 5,
    flightMs: 5000,
    entries: 100,
    now: () => now,
    fingerprintKey: new Uint8Array(32),
  })
  const probe: Bench['probe'] = async (question, signal) => {
    const probed = await created({ anew: false, credentials: [], ...question }, signal)
    return probed.ok ? ok(probed.value.facts) : probed
  }
  let seen = 0
  const spent = () => {
    const since = registry.requests.slice(seen)
    seen = registry.requests.length
    return since.map(({ method, path }) => `${method} ${path.split('/').at(-2)}`).toSorted()
  }
  const pass = (seconds: number) => {
    now += seconds * 1000
  }
  return { registry, probe, spent, pass }
}

describe('what a question costs', () => {
  test('is a HEAD, a GET and a HEAD a wanted part for an index, and later nothing', async () => {
    const { registry, probe, spent } = await bench()
    registry.put('shop/web', '1', multiArchImage(['linux/amd64', 'linux/arm64', 'linux/s390x']))
    const at = referenceOf(`${registry.host}/shop/web:1`)
    await probe({ reference: at, platforms: both }, signal())
    expect(spent()).toEqual(['GET manifests', 'HEAD manifests', 'HEAD manifests', 'HEAD manifests'])
    await probe({ reference: at, platforms: both }, signal())
    expect(spent()).toEqual([])
  })

  test('is nothing for parts where platforms are not judged', async () => {
    const { registry, probe, spent } = await bench()
    registry.put('shop/web', '1', multiArchImage(['linux/amd64']))
    await probe({ reference: referenceOf(`${registry.host}/shop/web:1`), platforms: [] }, signal())
    expect(spent()).toEqual(['GET manifests', 'HEAD manifests'])
  })

  test('is a HEAD and two GETs for a single image, whose configuration tells its platform', async () => {
    const { registry, probe, spent } = await bench()
    registry.put('shop/web', '1', singleImage('linux/arm64'))
    const facts = await probe({ reference: referenceOf(`${registry.host}/shop/web:1`), platforms: amd64 }, signal())
    expect(facts).toMatchObject({ value: { content: { config: { platform: { architecture: 'arm64' } } } } })
    expect(spent()).toEqual(['GET blobs', 'GET manifests', 'HEAD manifests'])
  })

  test('is one HEAD where another tag of the same content was asked for before', async () => {
    const { registry, probe, spent } = await bench()
    const image = singleImage('linux/amd64')
    registry.put('shop/web', '1', image)
    registry.put('shop/web', 'latest', image)
    await probe({ reference: referenceOf(`${registry.host}/shop/web:1`), platforms: amd64 }, signal())
    spent()
    await probe({ reference: referenceOf(`${registry.host}/shop/web:latest`), platforms: amd64 }, signal())
    expect(spent()).toEqual(['HEAD manifests'])
  })

  test('is a HEAD for the name and one a part when a minute has gone by, and not for what can never change', async () => {
    const { registry, probe, spent, pass } = await bench()
    registry.put('shop/web', '1', multiArchImage(['linux/amd64']))
    const question = { reference: referenceOf(`${registry.host}/shop/web:1`), platforms: amd64 }
    await probe(question, signal())
    spent()
    pass(59)
    await probe(question, signal())
    expect(spent()).toEqual([])
    pass(2)
    await probe(question, signal())
    expect(spent()).toEqual(['HEAD manifests', 'HEAD manifests'])
  })
})

describe('what was asked before', () => {
  test('does not hide that the image is there now: a "no" is not remembered', async () => {
    const { registry, probe } = await bench()
    const question = { reference: referenceOf(`${registry.host}/shop/web:1`), platforms: amd64 }
    expect(await probe(question, signal())).toMatchObject({ error: { kind: 'absent' } })
    registry.put('shop/web', '1', singleImage('linux/amd64'))
    expect((await probe(question, signal())).ok).toBe(true)
  })

  test('does not stand in the way of a question that is asked anew', async () => {
    const { registry, probe, spent } = await bench()
    registry.put('shop/web', '1', multiArchImage(['linux/arm64']))
    const question = { reference: referenceOf(`${registry.host}/shop/web:1`), platforms: [] }
    await probe(question, signal())
    const mended = multiArchImage(['linux/amd64'])
    registry.put('shop/web', '1', mended)
    spent()
    expect(await probe({ ...question, anew: true }, signal())).toMatchObject({ value: { digest: mended.top.digest } })
    expect(spent()).toEqual(['GET manifests', 'HEAD manifests'])
  })

  test('gives way where what the name stood for is gone, and the name stands for something else', async () => {
    const flaky = { isDown: true }
    const { registry, probe } = await bench((request, response) => {
      if (!flaky.isDown || request.method !== 'GET') return false
      response.writeHead(500).end()
      return true
    })
    registry.put('shop/web', '1', multiArchImage(['linux/arm64']))
    const question = { reference: referenceOf(`${registry.host}/shop/web:1`), platforms: [] }
    expect(await probe(question, signal())).toMatchObject({ error: { problem: 'server-error' } })
    flaky.isDown = false
    registry.untag('shop/web', '1')
    const moved = multiArchImage(['linux/amd64'])
    registry.put('shop/web', '1', moved)
    expect(await probe(question, signal())).toMatchObject({ ok: true })
  })

  test('does not say of another repository that it has the same part', async () => {
    const { registry, probe } = await bench()
    const image = multiArchImage(['linux/amd64'])
    registry.put('shop/web', '1', image)
    registry.put('shop/copy', '1', { ...image, manifests: [image.top] })
    await probe({ reference: referenceOf(`${registry.host}/shop/web:1`), platforms: amd64 }, signal())
    const copy = await probe({ reference: referenceOf(`${registry.host}/shop/copy:1`), platforms: amd64 }, signal())
    expect(copy).toMatchObject({ value: { content: { entries: [{ presence: 'absent' }] } } })
  })

  test('does not make one thing of what two repositories call by two names', async () => {
    const { registry, probe, spent } = await bench()
    const image = unnamed(multiArchImage(['linux/amd64']))
    registry.put('liar/web', '1', calling(image, image.top, dockerList))
    registry.put('shop/web', '1', image)
    const typeAt = async (repository: string): Promise<string> => {
      const reference = referenceOf(`${registry.host}/${repository}:1`)
      const facts = await probe({ reference, platforms: [] }, signal())
      return facts.ok ? facts.value.mediaType : facts.error.kind
    }
    expect(await typeAt('liar/web')).toBe(dockerList)
    expect(await typeAt('shop/web')).toBe(image.top.mediaType)
    expect(spent()).toEqual(['GET manifests', 'GET manifests', 'HEAD manifests', 'HEAD manifests'])
    expect([await typeAt('liar/web'), await typeAt('shop/web')]).toEqual([dockerList, image.top.mediaType])
    expect(spent()).toEqual([])
  })

  test('does not make an index empty for all because one repository calls what is in it something else', async () => {
    const { registry, probe } = await bench()
    const inner = multiArchImage(['linux/amd64'])
    const outer = indexOf([{ image: inner, platform: undefined, annotations: {}, presence: 'present' }])
    const liar = calling(outer, inner.top, 'application/vnd.oci.image.manifest.v1+json')
    registry.put('liar/web', '1', liar)
    registry.put('shop/web', '1', outer)
    await probe({ reference: referenceOf(`${registry.host}/liar/web:1`), platforms: [] }, signal())
    const facts = await probe({ reference: referenceOf(`${registry.host}/shop/web:1`), platforms: [] }, signal())
    expect(facts).toMatchObject({ value: { content: { entries: [{ entries: [{ role: 'image' }] }] } } })
  })

  test('is not kept of an index in which something could not be read', async () => {
    const { registry, probe, spent } = await bench()
    const inner = multiArchImage(['linux/amd64'])
    const outer = indexOf([{ image: inner, platform: undefined, annotations: {}, presence: 'absent' }])
    registry.put('shop/web', '1', outer)
    const question = { reference: referenceOf(`${registry.host}/shop/web:1`), platforms: [] }
    await probe(question, signal())
    spent()
    registry.put('shop/web', undefined, inner)
    const facts = await probe(question, signal())
    expect(spent()).toEqual(['GET manifests', 'GET manifests'])
    expect(facts).toMatchObject({ value: { content: { entries: [{ entries: [{ role: 'image' }] }] } } })
  })
})
