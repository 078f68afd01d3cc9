import { describe, expect, test } from 'vitest'
import { contentOf, descriptorOf, type Image, jsonContent } from '../../src/demo/content.ts'
import { indexOf, singleImage } from '../../src/demo/images.ts'
import { readFacts } from '../../src/registry/read-facts.ts'
import { dialogueForTest, registryFor } from '../support/lifetime.ts'
import { pullOf } from '../support/reference-of.ts'

const indexType = 'application/vnd.oci.image.index.v1+json'

const factsOf = async (image: Image) => {
  const registry = await registryFor()
  registry.put('shop/web', '1', image)
  const pull = pullOf(`${registry.host}/shop/web:1`)
  return readFacts(dialogueForTest(), pull, image.top, AbortSignal.timeout(5000))
}

/** An image whose manifest says of its configuration's size what is not so. */
const missized = (size: number | undefined): Image => {
  const image = singleImage('linux/amd64')
  const [config = image.top, ...layers] = image.blobs
  const { mediaType } = image.top
  const entry = { ...descriptorOf(config), size }
  const top = jsonContent(mediaType, { schemaVersion: 2, mediaType, config: entry, layers: layers.map(descriptorOf) })
  return { top, manifests: [top], blobs: image.blobs }
}

describe('what an image is', () => {
  test.each([10, 0, undefined])('is not known where its configuration is of another size than %s', async size => {
    const facts = await factsOf(missized(size))
    expect(facts).toMatchObject({ error: { kind: 'bad-answer', step: 'config', problem: 'wrong-size' } })
  })

  test('is nothing where what an index calls an index is a manifest', async () => {
    const image = singleImage('linux/amd64')
    const inner = { ...image, top: contentOf(indexType, image.top.bytes) }
    const outer = indexOf([{ image: inner, platform: undefined, annotations: {}, presence: 'present' }])
    const facts = await factsOf({ ...outer, manifests: [outer.top, image.top] })
    expect(facts).toMatchObject({ value: { content: { entries: [{ role: 'index', entries: [] }] } } })
  })
})
