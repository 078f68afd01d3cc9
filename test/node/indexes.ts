import { contentOf, descriptorOf, jsonContent } from '../../src/demo/content.ts'
import { type Craft, type Json, platformFields, type Single, single, types } from './images.ts'

/** A part of an index. */
export interface Part {
  readonly craft: Craft
  /** Over its descriptor. */
  readonly entry: Json
  readonly isMissing?: boolean
}

/** The part for a platform; `none`: without a platform, and for linux/amd64. */
export const part = (name: string, options: Single = {}, entry: Json = {}): Part => {
  const platform = name === 'none' ? 'linux/amd64' : name
  const named = name === 'none' ? {} : { platform: platformFields(name) }
  return { craft: single({ platform, ...options }), entry: { ...named, ...entry } }
}

/** A part that the index names and the registry does not have. */
export const missing = (name: string): Part => ({ ...part(name), isMissing: true })

/** What docker buildx puts behind an image. */
export const attestation: Part = {
  craft: salt => {
    const statement = jsonContent('application/vnd.in-toto+json', { _type: 'https://in-toto.io/Statement/v0.1', salt })
    const config = jsonContent(types.oci.config, {
      ...platformFields('unknown/unknown'),
      config: {},
      rootfs: { type: 'layers', diff_ids: [contentOf('', statement.bytes).digest] },
    })
    const top = jsonContent(types.oci.manifest, {
      schemaVersion: 2,
      mediaType: types.oci.manifest,
      config: descriptorOf(config),
      layers: [descriptorOf(statement)],
    })
    return { top, manifests: [top], blobs: [config, statement] }
  },
  entry: {
    platform: platformFields('unknown/unknown'),
    annotations: {
      'vnd.docker.reference.type': 'attestation-manifest',
      'vnd.docker.reference.digest': `sha256:${'0'.repeat(64)}`,
    },
  },
}

/** How an index differs from a plain one. */
export interface IndexOptions {
  readonly dialect?: 'oci' | 'docker'
  readonly index?: Json
  readonly topType?: string
}

/** An index of parts. */
export const index =
  (parts: readonly Part[], options: IndexOptions = {}): Craft =>
  salt => {
    const { dialect = 'oci' } = options
    const made = parts.map((each, at) => ({ ...each, image: each.craft(`${salt}/${at}`) }))
    const top = jsonContent(options.topType ?? types[dialect].index, {
      schemaVersion: 2,
      mediaType: types[dialect].index,
      manifests: made.map(({ image, entry }) => ({ ...descriptorOf(image.top), ...entry })),
      ...options.index,
    })
    const there = made.filter(({ isMissing }) => isMissing !== true).map(({ image }) => image)
    return {
      top,
      manifests: [top, ...there.flatMap(({ manifests }) => manifests)],
      blobs: there.flatMap(({ blobs }) => blobs),
    }
  }

/** An index of images for the platforms: `none`, `attestation` and `missing:…` too. */
export const offering = (names: readonly string[], options: IndexOptions = {}): Craft =>
  index(
    names.map(name => {
      if (name === 'attestation') return attestation
      if (name.startsWith('missing:')) return missing(name.slice('missing:'.length))
      return part(name, { dialect: options.dialect ?? 'oci' })
    }),
    options,
  )

/** An index whose only entry is the index. */
export const nested = (inner: Craft, entry: Json = {}, options: IndexOptions = {}): Craft =>
  index([{ craft: inner, entry }], options)
