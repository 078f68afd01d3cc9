import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseDigest } from '../../../src/image/digest.ts'
import { normalizePlatform } from '../../../src/image/platform.ts'
import { type ManifestDocument, readConfig, readDocument } from '../../../src/registry/manifest.ts'
import { damagedJson, deepJson } from '../../support/arbitraries/damaged-json.ts'
import { fuzz, must, mustReadSoon } from './fuzz.ts'

const oci = 'application/vnd.oci.image'
const docker = 'application/vnd.docker'
const types = {
  index: `${oci}.index.v1+json`,
  list: `${docker}.distribution.manifest.list.v2+json`,
  manifest: `${oci}.manifest.v1+json`,
  v2: `${docker}.distribution.manifest.v2+json`,
  schema1: `${docker}.distribution.manifest.v1+prettyjws`,
}
const digest = `sha256:${'0123456789abcdef'.repeat(4)}`

const entry = (platform: object | undefined, more: object = {}) => ({
  mediaType: types.manifest,
  digest,
  size: 527,
  platform,
  ...more,
})
const amd64 = { architecture: 'amd64', os: 'linux' }
const windows = { architecture: 'amd64', os: 'windows', 'os.version': '10.0.20348.1', 'os.features': ['win32k'] }
const attestation = {
  annotations: { 'vnd.docker.reference.digest': digest, 'vnd.docker.reference.type': 'attestation-manifest' },
  platform: { architecture: 'unknown', os: 'unknown' },
}
const config = { mediaType: `${oci}.config.v1+json`, digest, size: 2 }
const layer = { mediaType: `${oci}.layer.v1.tar+gzip`, digest, size: 9 }

/** Each with the media type that a registry gives it. */
const documents: readonly (readonly [type: string, document: object])[] = [
  [
    types.index,
    {
      schemaVersion: 2,
      mediaType: types.index,
      manifests: [entry(amd64), entry(windows), entry(undefined, attestation)],
    },
  ],
  [
    types.list,
    {
      schemaVersion: 2,
      mediaType: types.list,
      manifests: [entry({ ...amd64, variant: 'v3' }, { mediaType: types.v2 })],
    },
  ],
  [
    types.index,
    {
      schemaVersion: 2,
      manifests: [entry(undefined, { mediaType: types.index }), entry(amd64, { digest: 'sha512:00' })],
    },
  ],
  [types.index, { schemaVersion: 2, manifests: [] }],
  [types.manifest, { schemaVersion: 2, mediaType: types.manifest, config, layers: [layer, layer] }],
  [
    types.v2,
    {
      schemaVersion: 2,
      mediaType: types.v2,
      config: { ...config, mediaType: `${docker}.container.image.v1+json` },
      layers: [],
    },
  ],
  [types.manifest, { config: { ...config, mediaType: 'application/vnd.cncf.helm.config.v1+json' }, layers: [layer] }],
  [types.manifest, { config, layers: [{ mediaType: 'application/vnd.in-toto+json', digest, size: 1 }] }],
  [types.schema1, { schemaVersion: 1, name: 'a', fsLayers: [{ blobSum: digest }], signatures: [] }],
]

const kinds: ReadonlySet<string> = new Set(['index', 'manifest', 'artifact', 'schema1'])
const problems: ReadonlySet<string> = new Set(['not-json', 'wrong-shape', 'wrong-media-type', 'too-many-entries'])

const mustBeDigest = (text: string): void => {
  const parsed = parseDigest(text)
  must(parsed.ok && parsed.value === text && /^sha(256|384|512):[0-9a-f]{64,128}$/.test(text), text)
}

const mustBeClosed = (document: ManifestDocument): void => {
  must(kinds.has(document.kind), document)
  if (document.kind === 'manifest') mustBeDigest(document.config)
  if (document.kind === 'artifact') must(typeof document.artifactType === 'string', document)
  if (document.kind !== 'index') return
  must(document.entries.length <= 1000, document.entries.length)
  for (const { digest: child, sizeBytes, role, presence, entries, platform } of document.entries) {
    mustBeDigest(child)
    must(typeof sizeBytes === 'number' && !Number.isNaN(sizeBytes), sizeBytes)
    must(
      presence === 'unasked' && entries === undefined && ['image', 'index', 'attestation', 'other'].includes(role),
      role,
    )
    const texts = platform && [
      platform.os,
      platform.architecture,
      platform.variant,
      platform.osVersion,
      ...platform.osFeatures,
    ]
    must(texts === undefined || texts.every(text => typeof text === 'string'), platform)
  }
}

describe('whatever a registry has for a manifest', () => {
  const sound = fc.constantFrom(...documents)
  const withType = sound.chain(([type, document]) =>
    fc.tuple(
      damagedJson(fc.constant(document)),
      fc.constantFrom(type, type, type, type, ...Object.values(types), '', 'text/plain'),
    ),
  )

  test('gives a document whose digests are digests, or a reason', () => {
    fuzz(withType, ([bytes, type]) => {
      const document = readDocument(bytes, type)
      if (!document.ok) must(problems.has(document.error), document.error)
      else mustBeClosed(document.value)
      return document.ok ? 'accepted' : 'refused'
    })
  })

  test('depth costs nothing but its reading, and is looked into nowhere', () => {
    for (const bytes of deepJson(['manifests', 'config', 'layers', 'platform', 'annotations', 'mediaType']))
      for (const type of Object.values(types)) {
        const document = readDocument(bytes, type)
        if (document.ok) mustBeClosed(document.value)
        expect(document.ok && document.value.kind).not.toBe('index')
      }
    const within = `{"manifests":[{"digest":"${digest}","mediaType":"${types.manifest}","size":1,"platform":${'{"os":'.repeat(20_000)}1${'}'.repeat(20_000)}}]}`
    // The node does not read such an index either.
    expect(readDocument(Buffer.from(within), types.index).ok).toBe(false)
  })

  test('lists of up to 1,000 entries are read and longer ones are not', () => {
    const listed = (count: number) =>
      Buffer.from(JSON.stringify({ manifests: Array.from({ length: count }, () => entry(amd64)) }))
    expect(readDocument(listed(1000), types.index).ok).toBe(true)
    expect(readDocument(listed(1001), types.index)).toEqual({ ok: false, error: 'too-many-entries' })
  })

  test('length costs no more than reading it', () => {
    const read = (text: string) => readDocument(Buffer.from(text), types.index)
    mustReadSoon(
      read,
      ['{"manifests":[', '[', '"', '\\u00', '1', '{},'],
      [text => text, text => `{"manifests":[${text}`],
    )
    const asDigest = (text: string) => `{"manifests":[{"digest":"${text}"}]}`
    mustReadSoon(read, ['sha256:', 'a', ':', '+', 'a+'], [asDigest, text => `{"mediaType":"${text}"}`])
  })
})

describe('whatever a registry has for a configuration', () => {
  const configs = [
    {
      architecture: 'amd64',
      os: 'linux',
      config: { Env: ['PATH=/bin'], Entrypoint: ['/app'] },
      rootfs: { type: 'layers', diff_ids: [digest] },
    },
    { architecture: 'ARM', os: 'Linux', variant: 'v7', history: [{ created: '2026-01-01T00:00:00Z' }] },
    { ...windows, created: '2026-01-01T00:00:00Z' },
    { architecture: '', os: '' },
    {},
  ]

  test('gives a platform in its one form, or none, or a reason', () => {
    fuzz(damagedJson(fc.constantFrom(...configs)), bytes => {
      const read = readConfig(bytes)
      if (!read.ok) {
        must(problems.has(read.error), read.error)
        return 'refused'
      }
      const { platform } = read.value
      if (platform === undefined) return 'accepted'
      const { os, architecture, variant, osVersion, osFeatures } = platform
      must(
        [os, architecture, variant, osVersion, ...osFeatures].every(text => typeof text === 'string'),
        platform,
      )
      must(JSON.stringify(normalizePlatform({ ...platform })) === JSON.stringify(platform), platform)
      return 'accepted'
    })
  })

  test('depth is looked into nowhere', () => {
    for (const bytes of deepJson(['os', 'architecture', 'os.features', 'config'])) {
      const read = readConfig(bytes)
      expect(read.ok && read.value.platform).toBeFalsy()
    }
  })
})
