import { type Digest, digestOf } from '../../src/image/digest.ts'
import type { EntryRole, IndexEntry } from '../../src/image/facts.ts'
import type { Platform } from '../../src/image/platform.ts'
import { type RuntimeRules, runtimeRules } from '../../src/image/runtime.ts'
import { written } from './platform-rows.ts'

export const ociIndex = 'application/vnd.oci.image.index.v1+json'
export const dockerList = 'application/vnd.docker.distribution.manifest.list.v2+json'

const digest = (name: string): Digest => digestOf(Buffer.from(name))

const entry = (name: string, role: EntryRole, platform: Platform | undefined): IndexEntry => ({
  digest: digest(name),
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  sizeBytes: 1000,
  platform,
  role,
  presence: 'unasked',
  entries: undefined,
})

/** An image of a platform, or of none for `none`; what follows a # tells two of one platform apart. */
export const image = (name: string): IndexEntry => {
  const platform = name.replace(/#.*/, '')
  return entry(name, 'image', platform === 'none' ? undefined : written(platform))
}

/** What BuildKit puts beside an image: a manifest of the platform unknown/unknown. */
export const attestation: IndexEntry = entry('attestation', 'attestation', written('unknown/unknown'))

/** Something that is neither image nor index, of a platform all the same. */
export const other: IndexEntry = entry('other', 'other', written('linux/s390x'))

/** An index within an index; without entries it is one that nobody read. */
export const nested = (platform: string, entries: readonly IndexEntry[] | undefined): IndexEntry => ({
  ...entry(`index ${platform}`, 'index', platform === 'none' ? undefined : written(platform)),
  entries,
})

const only = (version: string, path: RuntimeRules['pullPath']): RuntimeRules => {
  const rules = runtimeRules(version).find(({ pullPath }) => pullPath === path)
  if (rules === undefined) throw new Error(`${version} has no ${path}`)
  return rules
}

/** One runtime of each kind. */
export const local = only('containerd://1.7.34', 'containerd-local')
export const transfer = only('containerd://2.4.2', 'containerd-transfer')
export const crio = only('cri-o://1.35.0', 'cri-o')
