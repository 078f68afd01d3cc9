import { beforeAll, describe, expect, test } from 'vitest'
import { type Content, type Image, jsonContent } from '../../src/demo/content.ts'
import { singleImage } from '../../src/demo/images.ts'
import { mapSideBySide } from '../../src/lib/side-by-side.ts'
import { pullOf } from '../support/reference-of.ts'
import { countingForwarder } from './counting-forwarder.ts'
import { crane, debian, distribution, distributions, kinds, type RealRegistry } from './kinds.ts'
import { oldImage } from './old-image.ts'
import { push, putBlob, putManifest } from './push.ts'
import { inTime, standing } from './standing.ts'

const image = singleImage('linux/amd64')

/** An image whose manifest has so many bytes. */
const imageOf = (bytes: number): Image => {
  const document = JSON.parse(Buffer.from(image.top.bytes).toString())
  const padded = (by: number): Content =>
    jsonContent(image.top.mediaType, { ...document, annotations: { padding: 'x'.repeat(by) } })
  const top = padded(bytes - padded(0).bytes.length)
  return { top, manifests: [top], blobs: image.blobs }
}

// distribution takes no larger one (registry/handlers/manifests.go maxManifestBodySize); containerd would pull one of 4 * 1048 * 1048.
const mostAtDistribution = 4 * 1024 * 1024
const mostAtContainerd = 4 * 1048 * 1048

describe.each(kinds)('$name', ({ name, start }) => {
  const { registry, questions } = standing(name, start)
  const at = (tag: string | undefined) => ({ url: registry().url, repository: 'shop/large', tag })

  test('serves a manifest of 4 MiB, which is read', async () => {
    await push(at('most'), imageOf(mostAtDistribution))
    const told = await questions().ask(`${registry().host}/shop/large:most`)
    expect(told).toMatchObject({ value: { sizeBytes: mostAtDistribution, content: { kind: 'manifest' } } })
  })
})

describe.each(distributions)('$name', ({ name, start }) => {
  const { registry } = standing(name, start)

  test('takes no manifest that is larger', async () => {
    const at = { url: registry().url, repository: 'shop/large', tag: 'larger' }
    for (const blob of image.blobs) await putBlob(at, blob)
    const { status, text } = await putManifest(at, imageOf(mostAtDistribution + 1).top)
    expect({ status, text }).toMatchObject({ status: 400, text: expect.stringContaining('MANIFEST_INVALID') })
  })
})

describe(`${crane.name}, which takes anything,`, () => {
  const { registry, questions } = standing(crane.name, crane.start)
  const at = (tag: string) => ({ url: registry().url, repository: 'shop/large', tag })

  test('serves the largest manifest that a node pulls, which is read', async () => {
    await push(at('most'), imageOf(mostAtContainerd))
    const told = await questions().ask(`${registry().host}/shop/large:most`)
    expect(told).toMatchObject({ value: { sizeBytes: mostAtContainerd, content: { kind: 'manifest' } } })
  })

  test('serves a larger one, which is refused after one HEAD', async () => {
    await push(at('larger'), imageOf(mostAtContainerd + 1))
    const { host, requests } = await countingForwarder(registry().host)
    const told = await questions().ask(`${host}/shop/large:larger`)
    expect(told).toMatchObject({ error: { kind: 'oversized', sizeBytes: mostAtContainerd + 1 } })
    expect(requests.map(({ line }) => line)).toEqual(['HEAD /v2/shop/large/manifests/larger'])
  })

  test('serves the format before digests named content, which is told apart', async () => {
    const old = oldImage('shop/old', '1')
    await putManifest({ url: registry().url, repository: 'shop/old', tag: '1' }, old.unsigned)
    const told = await questions().ask(`${registry().host}/shop/old:1`)
    expect(told).toMatchObject({ value: { digest: old.unsigned.digest, content: { kind: 'schema1' } } })
  })
})

describe(`${debian.name} with the format before digests named content`, () => {
  const { registry, questions } = standing(debian.name, debian.start)
  const old = oldImage('shop/old', '1')
  beforeAll(async () => {
    const at = { url: registry().url, repository: 'shop/old', tag: '1' }
    await putBlob(at, old.layer)
    expect(await putManifest(at, old.signed)).toMatchObject({ status: 201 })
  })

  // It serves it with the signature and names it by the digest of what was signed.
  test('serves it, and it is told apart', async () => {
    const told = await questions().ask(`${registry().host}/shop/old:1`)
    expect(told).toMatchObject({ value: { content: { kind: 'schema1' } } })
  })
})

describe(`${distribution.name} with the format before digests named content`, () => {
  const { registry } = standing(distribution.name, distribution.start)

  test('takes none', async () => {
    const old = oldImage('shop/old', '1')
    const at = { url: registry().url, repository: 'shop/old', tag: '1' }
    await putBlob(at, old.layer)
    expect(await putManifest(at, old.signed)).toMatchObject({ status: 400 })
  })
})

describe('a repository with more tags than one page has', () => {
  const listing = (name: string, start: () => Promise<RealRegistry>, tags: number) => {
    const { registry, questions } = standing(name, start)
    beforeAll(async () => {
      const at = { url: registry().url, repository: 'shop/web', tag: undefined }
      await push(at, image)
      const all = Array.from({ length: tags }, (_, each) => `1.${each}`)
      await mapSideBySide(all, 8, tag => putManifest({ ...at, tag }, image.top))
    })
    return async () => {
      const { host, requests } = await countingForwarder(registry().host)
      const told = await questions().dialogue.tags(pullOf(`${host}/shop/web:x`), inTime())
      return { tags: told.ok ? told.value.names.length : told.error, requests: requests.map(({ line }) => line) }
    }
  }

  describe(debian.name, () => {
    const list = listing(debian.name, debian.start, 120)

    test('has them all listed at once, whatever it was asked for', async () => {
      expect(await list()).toEqual({ tags: 120, requests: ['GET /v2/shop/web/tags/list?n=1000'] })
    })
  })

  describe(distribution.name, () => {
    const list = listing(distribution.name, () => distribution.start({ mostTags: 50 }), 120)

    test('has them listed page by page', async () => {
      const { tags, requests } = await list()
      expect(tags).toBe(120)
      expect(requests).toHaveLength(3)
      expect(requests[1]).toMatch(/^GET \/v2\/shop\/web\/tags\/list\?last=1\.\d+&n=50$/)
    })
  })

  describe(crane.name, () => {
    const list = listing(crane.name, crane.start, 1100)

    test('has the first thousand listed, and does not say that there are more', async () => {
      expect(await list()).toEqual({ tags: 1000, requests: ['GET /v2/shop/web/tags/list?n=1000'] })
    })
  })
})
