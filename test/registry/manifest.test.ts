import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { attestedImage, helmChart, multiArchImage, singleImage } from '../../src/demo/images.ts'
import { readConfig, readDocument } from '../../src/registry/manifest.ts'

const bytes = (value: unknown): Uint8Array => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))

const ociIndex = 'application/vnd.oci.image.index.v1+json'
const ociManifest = 'application/vnd.oci.image.manifest.v1+json'
const ociConfig = 'application/vnd.oci.image.config.v1+json'
const digest = `sha256:${'a'.repeat(64)}`
const descriptor = { mediaType: ociManifest, digest, size: 7 }
const manifest = { config: { ...descriptor, mediaType: ociConfig }, layers: [] }

describe('a manifest document', () => {
  test('that is an index tells each entry, and attestations apart', () => {
    const { top } = attestedImage(['linux/amd64', 'linux/arm/v7'])
    const document = readDocument(top.bytes, top.mediaType)
    expect(document).toMatchObject({
      value: {
        kind: 'index',
        entries: [
          { role: 'image', platform: { os: 'linux', architecture: 'amd64', variant: '' }, presence: 'unasked' },
          { role: 'image', platform: { os: 'linux', architecture: 'arm', variant: 'v7' } },
          { role: 'attestation' },
          { role: 'attestation' },
        ],
      },
    })
  })

  test.each(['oci', 'docker'] as const)("that is a single image in %s's types names its configuration", dialect => {
    const { top, blobs } = singleImage('linux/amd64', { dialect })
    expect(readDocument(top.bytes, top.mediaType)).toEqual({
      ok: true,
      value: { kind: 'manifest', config: blobs[0]?.digest, configBytes: blobs[0]?.bytes.length },
    })
  })

  test.each([
    ['a platform that is a text', 'linux/amd64'],
    ['an architecture that is a number', { os: 'linux', architecture: 386 }],
  ])('that has %s in its index is none, since Go decodes nothing of it', (_, given) => {
    const entry = {
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest: `sha256:${'a'.repeat(64)}`,
      size: 1,
    }
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [{ ...entry, platform: given }] }))
    expect(readDocument(bytes, 'application/vnd.oci.image.index.v1+json')).toEqual({ ok: false, error: 'wrong-shape' })
  })

  test('that holds nothing but a signature is an artifact, whatever its configuration says that it is', () => {
    const layer = 'application/vnd.dev.cosign.simplesigning.v1+json'
    const config = {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: `sha256:${'a'.repeat(64)}`,
      size: 1,
    }
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, config, layers: [{ mediaType: layer }] }))
    const value = { kind: 'artifact', artifactType: layer }
    expect(readDocument(bytes, 'application/vnd.oci.image.manifest.v1+json')).toEqual({ ok: true, value })
  })

  test('that is a chart is an artifact', () => {
    const { top } = helmChart('shop', '1')
    expect(readDocument(top.bytes, top.mediaType)).toEqual({
      ok: true,
      value: { kind: 'artifact', artifactType: 'application/vnd.cncf.helm.config.v1+json' },
    })
  })

  test('that is an attestation is an artifact, though its configuration is that of an image', () => {
    const attestation = { ...manifest, layers: [{ ...descriptor, mediaType: 'application/vnd.in-toto+json' }] }
    expect(readDocument(bytes(attestation), ociManifest)).toMatchObject({ value: { kind: 'artifact' } })
  })

  test.each(['application/vnd.docker.distribution.manifest.v1+prettyjws', 'text/plain'])(
    'of the type %s is of the retired format',
    mediaType => {
      expect(readDocument(bytes({ fsLayers: [] }), mediaType)).toEqual({ ok: true, value: { kind: 'schema1' } })
    },
  )

  test.each<[string, unknown, string, string]>([
    ['is no JSON', '<html>', ociIndex, 'not-json'],
    ['is cut off', '{"manifests":[', ociIndex, 'not-json'],
    ['is not UTF-8', 'ÿ'.repeat(2), ociIndex, 'not-json'],
    ['is a list', [], ociIndex, 'wrong-shape'],
    ['has another type than it was sent as', { mediaType: ociManifest, manifests: [] }, ociIndex, 'wrong-media-type'],
    ['is an index and an image at once', { manifests: [], layers: [] }, ociIndex, 'wrong-media-type'],
    ['is an index with a configuration', { manifests: [], config: {} }, ociIndex, 'wrong-media-type'],
    ['is an image that lists images', { ...manifest, manifests: [] }, ociManifest, 'wrong-media-type'],
    ['has layers of the retired format', { ...manifest, fsLayers: [] }, ociManifest, 'wrong-media-type'],
    ['is what a web server says to everything', 'ok', 'text/plain', 'not-json'],
    ['is JSON that comes as text', { ok: true }, 'text/plain', 'wrong-shape'],
    ['is an index without a list', { schemaVersion: 2 }, ociIndex, 'wrong-shape'],
    ['comes as something unknown', manifest, 'application/octet-stream', 'wrong-media-type'],
    ['comes as nothing', manifest, '', 'wrong-media-type'],
    ['has an entry without a digest', { manifests: [{ size: 1 }] }, ociIndex, 'wrong-shape'],
    ['has an entry that is no object', { manifests: [null] }, ociIndex, 'wrong-shape'],
    [
      'has an entry whose digest would lead elsewhere',
      { manifests: [{ digest: 'sha256:../../x' }] },
      ociIndex,
      'wrong-shape',
    ],
    ['lists too much', { manifests: Array.from({ length: 1001 }, () => descriptor) }, ociIndex, 'too-many-entries'],
    [
      'names a configuration without a digest',
      { config: { mediaType: ociConfig }, layers: [] },
      ociManifest,
      'wrong-shape',
    ],
  ])('that %s is refused', (_, document, mediaType, problem) => {
    const content = document === 'ÿ'.repeat(2) ? Buffer.from([0xff, 0xff]) : bytes(document)
    expect(readDocument(content, mediaType)).toEqual({ ok: false, error: problem })
  })

  test('never causes an exception, whatever it is', () => {
    const json = fc.jsonValue({ maxDepth: 4 })
    const type = fc.constantFrom(ociIndex, ociManifest, 'text/plain', '')
    const { top } = multiArchImage(['linux/amd64'])
    const spoiled = fc.tuple(fc.nat(top.bytes.length - 1), fc.nat(255)).map(([at, byte]) => {
      const copy = Buffer.from(top.bytes)
      copy[at] = byte
      return copy
    })
    const document = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      spoiled,
      json.map(bytes),
      fc
        .record({ manifests: fc.array(json), config: json, layers: json, mediaType: json }, { requiredKeys: [] })
        .map(bytes),
    )
    fc.assert(
      fc.property(document, type, (content, mediaType) => {
        readDocument(content, mediaType)
        readConfig(content)
      }),
      { numRuns: 5000 },
    )
  })
})

describe("an image's configuration", () => {
  test.each<[string, unknown, unknown]>([
    [
      'names its platform',
      { os: 'linux', architecture: 'arm64', variant: 'v8' },
      { os: 'linux', architecture: 'arm64' },
    ],
    [
      'names its platform in another way',
      { os: 'Linux', architecture: 'aarch64' },
      { os: 'linux', architecture: 'arm64' },
    ],
    ['names only the processor', { architecture: 's390x' }, { os: 'linux', architecture: 's390x' }],
  ])('%s', (_, config, platform) => {
    expect(readConfig(bytes(config))).toMatchObject({ ok: true, value: { platform } })
  })

  test('may name no platform at all', () => {
    expect(readConfig(bytes({ rootfs: {} }))).toEqual({ ok: true, value: { platform: undefined, namesCommand: false } })
  })

  test.each([
    [false, {}],
    [false, { config: null }],
    [false, { config: { Entrypoint: null, Cmd: [] } }],
    [true, { config: { Entrypoint: ['/app'] } }],
    [true, { config: { cmd: ['/app'] } }],
    [true, { config: { Cmd: '/app' } }],
  ])('names a command (%s): %j', (namesCommand, config) => {
    expect(readConfig(bytes(config))).toMatchObject({ ok: true, value: { namesCommand } })
  })

  test('is refused if it is something else', () => {
    expect(readConfig(bytes([]))).toEqual({ ok: false, error: 'wrong-shape' })
    expect(readConfig(bytes('x'))).toEqual({ ok: false, error: 'not-json' })
  })
})
