import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Content, Image } from '../../src/demo/content.ts'
import {
  attestedImage,
  childFor,
  type Dialect,
  helmChart,
  incompleteImage,
  indexOf,
  multiArchImage,
  singleImage,
} from '../../src/demo/images.ts'

const sha256 = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

const parsed = ({ bytes }: Content) => JSON.parse(Buffer.from(bytes).toString())

const everything = (image: Image): readonly Content[] => [...image.manifests, ...image.blobs]

const find = (image: Image, digest: string): Content => {
  const content = everything(image).find(each => each.digest === digest)
  if (content === undefined) throw new Error(`nothing has the digest ${digest}`)
  return content
}

const platforms = ['linux/amd64', 'linux/arm/v7']

describe('images', () => {
  it.each([
    ['a single manifest', singleImage('linux/arm64')],
    ["a single manifest in Docker's media types", singleImage('linux/arm64', { dialect: 'docker' })],
    ['an index', multiArchImage(platforms)],
    ['an index with attestations', attestedImage(platforms)],
    ['an index of indexes', indexOf([{ ...childFor('linux/amd64'), image: multiArchImage(platforms) }])],
    ['a chart', helmChart('web', '1')],
  ])('name all that they are made of by its real digest, size and type: %s', (_, image) => {
    const named = image.manifests.flatMap(manifest => {
      const { config, layers = [], manifests = [] } = parsed(manifest)
      return [...(config ? [config] : []), ...layers, ...manifests]
    })
    expect(named.length).toBeGreaterThan(0)
    for (const { digest, size, mediaType } of named) {
      const content = find(image, digest)
      expect([sha256(content.bytes), content.bytes.length, content.mediaType]).toEqual([digest, size, mediaType])
    }
  })

  it.each<[Dialect, string]>([
    ['oci', 'application/vnd.oci.image.manifest.v1+json'],
    ['docker', 'application/vnd.docker.distribution.manifest.v2+json'],
  ])('say in the document, too, which type they are of (%s)', (dialect, mediaType) => {
    const { top } = singleImage('linux/amd64', { dialect })
    expect([top.mediaType, parsed(top).mediaType]).toEqual([mediaType, mediaType])
  })

  it('are built for their platform: in the configuration, and in the head of the program', () => {
    const image = singleImage('linux/arm/v7')
    const { config, layers } = parsed(image.top)
    const tar = gunzipSync(find(image, layers[0].digest).bytes)
    const { os, architecture, variant, rootfs } = parsed(find(image, config.digest))
    expect({ os, architecture, variant }).toEqual({ os: 'linux', architecture: 'arm', variant: 'v7' })
    expect(rootfs.diff_ids).toEqual([sha256(tar)])
    expect(tar.subarray(0, 4).toString()).toBe('app\0')
    // ELF, 32 bits, little endian, machine 40.
    expect([...tar.subarray(512, 518), tar[530]]).toEqual([0x7f, 0x45, 0x4c, 0x46, 1, 1, 40])
  })

  it('may hold a program for another platform than they say', () => {
    const image = singleImage('linux/arm64', { program: 'linux/s390x' })
    const tar = gunzipSync(find(image, parsed(image.top).layers[0].digest).bytes)
    // ELF, 64 bits, big endian, machine 22.
    expect([...tar.subarray(516, 518), tar[531]]).toEqual([2, 2, 22])
  })

  it('are equal when they are built alike, and differ by their version', () => {
    const digestOf = (version: string): string => singleImage('linux/amd64', { version }).top.digest
    expect(digestOf('1')).toBe(digestOf('1'))
    expect(digestOf('1')).not.toBe(digestOf('2'))
  })

  it('may lack a child that the index names', () => {
    const image = incompleteImage(platforms, 'linux/amd64')
    const present = new Set(image.manifests.map(({ digest }) => digest))
    const entries: { digest: Content['digest']; platform: object }[] = parsed(image.top).manifests
    expect(entries.map(({ digest, platform }) => [platform, present.has(digest)])).toEqual([
      [{ os: 'linux', architecture: 'amd64' }, false],
      [{ os: 'linux', architecture: 'arm', variant: 'v7' }, true],
    ])
  })

  it('carry attestations as docker buildx writes them', () => {
    const [image, attestation] = parsed(attestedImage(['linux/amd64']).top).manifests
    expect(attestation).toMatchObject({
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: {
        'vnd.docker.reference.type': 'attestation-manifest',
        'vnd.docker.reference.digest': image.digest,
      },
    })
  })

  it('may have children without a platform', () => {
    const { top } = indexOf([{ ...childFor('linux/amd64'), platform: undefined }])
    expect(parsed(top).manifests[0]).not.toHaveProperty('platform')
  })

  it('are told from charts by the type of their configuration', () => {
    expect(parsed(helmChart('web', '1').top).config.mediaType).toBe('application/vnd.cncf.helm.config.v1+json')
  })
})
