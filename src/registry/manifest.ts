import { type Digest, parseDigest } from '../image/digest.ts'
import type { ConfigFacts, IndexEntry } from '../image/facts.ts'
import { normalizePlatform, type Platform } from '../image/platform.ts'
import { fail, ok, type Result } from '../lib/result.ts'
import { asList, asRecord, asText, ownProperty } from '../lib/untrusted.ts'
import type { AnswerProblem } from './failure.ts'
import { parseJson } from './json.ts'
import { imageConfigTypes, indexTypes, manifestTypes, schema1Types } from './media-types.ts'

/** What a manifest document says, before its configuration or its children are asked for. */
export type ManifestDocument =
  | { readonly kind: 'index'; readonly entries: readonly IndexEntry[] }
  /** `configBytes`: how large its configuration is said to be. */
  | { readonly kind: 'manifest'; readonly config: Digest; readonly configBytes: number | undefined }
  | { readonly kind: 'artifact'; readonly artifactType: string }
  | { readonly kind: 'schema1' }

type Fields = Readonly<Record<string, unknown>>

// An index lists one entry a platform; real ones have a few dozen with their attestations.
const mostEntries = 1000

const text = (record: Fields | undefined, name: string): string => (record && asText(ownProperty(record, name))) ?? ''

const list = (record: Fields, name: string): readonly unknown[] => asList(ownProperty(record, name))

// Whoever decodes it with Go's encoding/json decodes none of the document where one field is of another type.
const isText = (value: unknown): boolean => value === undefined || value === null || typeof value === 'string'

const platformTexts = ['os', 'architecture', 'variant', 'os.version'] as const

const isPlatform = (value: unknown): boolean => {
  if (value === undefined || value === null) return true
  const record = asRecord(value)
  return record !== undefined && platformTexts.every(name => isText(ownProperty(record, name)))
}

const platformOf = (value: unknown): Platform | undefined => {
  const record = asRecord(value)
  if (record === undefined) return undefined
  return {
    os: text(record, 'os'),
    architecture: text(record, 'architecture'),
    variant: text(record, 'variant'),
    osVersion: text(record, 'os.version'),
    osFeatures: list(record, 'os.features').filter(feature => typeof feature === 'string'),
  }
}

const roleOf = (record: Fields, platform: Platform | undefined): IndexEntry['role'] => {
  const annotations = asRecord(ownProperty(record, 'annotations'))
  if (text(annotations, 'vnd.docker.reference.type') === 'attestation-manifest') return 'attestation'
  if (platform?.os === 'unknown' && platform.architecture === 'unknown') return 'attestation'
  const mediaType = text(record, 'mediaType')
  if (indexTypes.has(mediaType)) return 'index'
  return manifestTypes.has(mediaType) ? 'image' : 'other'
}

const entryOf = (value: unknown): IndexEntry | undefined => {
  const record = asRecord(value)
  const digest = parseDigest(text(record, 'digest'))
  if (record === undefined || !digest.ok || !isPlatform(ownProperty(record, 'platform'))) return undefined
  const size = ownProperty(record, 'size')
  const platform = platformOf(ownProperty(record, 'platform'))
  return {
    digest: digest.value,
    mediaType: text(record, 'mediaType'),
    sizeBytes: typeof size === 'number' ? size : 0,
    platform,
    role: roleOf(record, platform),
    presence: 'unasked',
    entries: undefined,
  }
}

const readIndex = (document: Fields): Result<ManifestDocument, AnswerProblem> => {
  if (!Array.isArray(ownProperty(document, 'manifests'))) return fail('wrong-shape')
  const given = list(document, 'manifests')
  if (given.length > mostEntries) return fail('too-many-entries')
  const entries = given.map(entryOf).filter(entry => entry !== undefined)
  return entries.length === given.length ? ok({ kind: 'index', entries }) : fail('wrong-shape')
}

// Attestations and signatures have the configuration type of an image, and layers that are none.
const otherLayerTypes: ReadonlySet<string> = new Set([
  'application/vnd.in-toto+json',
  'application/vnd.dev.cosign.simplesigning.v1+json',
  'application/vnd.dsse.envelope.v1+json',
])

const readManifest = (document: Fields): Result<ManifestDocument, AnswerProblem> => {
  const config = asRecord(ownProperty(document, 'config'))
  const configType = text(config, 'mediaType')
  const layerTypes = list(document, 'layers').map(layer => text(asRecord(layer), 'mediaType'))
  if (!imageConfigTypes.has(configType))
    return ok({ kind: 'artifact', artifactType: text(document, 'artifactType') || configType })
  const [firstType] = layerTypes
  if (firstType !== undefined && layerTypes.every(type => otherLayerTypes.has(type)))
    return ok({ kind: 'artifact', artifactType: firstType })
  const digest = parseDigest(text(config, 'digest'))
  const size = config && ownProperty(config, 'size')
  const configBytes = typeof size === 'number' ? size : undefined
  return digest.ok ? ok({ kind: 'manifest', config: digest.value, configBytes }) : fail('wrong-shape')
}

/** The members that belong to the other kind of document: with both, one reader sees an index and another an image. */
const contradicts = (document: Fields, own: 'index' | 'manifest'): boolean => {
  const has = (name: string): boolean => ownProperty(document, name) !== undefined
  return has('fsLayers') || (own === 'index' ? has('config') || has('layers') : has('manifests'))
}

/** Reads a manifest document of the media type that the registry gave it. */
export const readDocument = (bytes: Uint8Array, mediaType: string): Result<ManifestDocument, AnswerProblem> => {
  const parsed = parseJson(bytes)
  if (parsed === undefined) return fail('not-json')
  const document = asRecord(parsed)
  if (document === undefined) return fail('wrong-shape')
  if (schema1Types.has(mediaType))
    return ownProperty(document, 'fsLayers') === undefined ? fail('wrong-shape') : ok({ kind: 'schema1' })
  const kind = indexTypes.has(mediaType) ? 'index' : manifestTypes.has(mediaType) ? 'manifest' : undefined
  const ownType = text(document, 'mediaType')
  if (kind === undefined || (ownType !== '' && ownType !== mediaType) || contradicts(document, kind))
    return fail('wrong-media-type')
  return kind === 'index' ? readIndex(document) : readManifest(document)
}

// Go's encoding/json minds no capitals in names; what is no list at all it does not decode, and nobody knows what comes of that.
const namesCommand = (document: unknown): boolean => {
  const config = asRecord(ownProperty(document, 'config')) ?? {}
  const said = Object.entries(config).filter(([name]) => /^(?:entrypoint|cmd)$/i.test(name))
  return said.some(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0))
}

/** Reads an image's configuration. */
export const readConfig = (bytes: Uint8Array): Result<ConfigFacts, AnswerProblem> => {
  const parsed = parseJson(bytes)
  if (parsed === undefined) return fail('not-json')
  const platform = platformOf(parsed)
  if (platform === undefined) return fail('wrong-shape')
  const named = platform.os !== '' || platform.architecture !== ''
  return ok({ platform: named ? normalizePlatform(platform) : undefined, namesCommand: namesCommand(parsed) })
}
