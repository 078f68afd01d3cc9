import type { Digest } from '../../src/image/digest.ts'
import type { ImageContent, ImageFacts, IndexEntry, Presence } from '../../src/image/facts.ts'
import { type Platform, parsePlatform } from '../../src/image/platform.ts'
import type { ProbeFailure } from '../../src/registry/failure.ts'
import type { Answer, Evidence } from '../../src/verdict/evidence.ts'
import { imagesOwnStart } from '../../src/workload/container-start.ts'
import type { Landing } from '../../src/workload/landing.ts'
import type { ImageUse } from '../../src/workload/workload.ts'

/** The platform that the text names. */
export const platform = (text: string): Platform => {
  const parsed = parsePlatform(text)
  if (!parsed.ok) throw new Error(parsed.error)
  return parsed.value
}

/** A landing on nodes of these platforms, all with this runtime. */
export const nodes = (texts: readonly string[], runtime = 'containerd://2.4.2', every = false): Landing => ({
  kind: 'platforms',
  platforms: texts.map(text => ({ platform: platform(text), runtime })),
  awaited: false,
  every,
})

let serial = 0
const digest = (): Digest => `sha256:${(serial++).toString(16).padStart(64, '0')}`

/** An entry of an index for the platform, undefined for none. */
export const entry = (
  text: string | undefined,
  presence: Presence = 'present',
  role: IndexEntry['role'] = 'image',
): IndexEntry => ({
  digest: digest(),
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  sizeBytes: 500,
  platform: text === undefined ? undefined : platform(text),
  role,
  presence,
  entries: undefined,
})

const facts = (content: ImageContent, mediaType: string): ImageFacts => ({
  digest: digest(),
  mediaType,
  sizeBytes: 1000,
  content,
})

/** The answer that it is an index with these entries. */
export const index = (...entries: readonly IndexEntry[]): Answer => ({
  kind: 'facts',
  quotaUsedUpAt: undefined,
  facts: facts({ kind: 'index', entries }, 'application/vnd.oci.image.index.v1+json'),
})

/** The answer that it is a single manifest whose configuration names the platform. */
export const single = (text: string | undefined): Answer => ({
  kind: 'facts',
  quotaUsedUpAt: undefined,
  facts: facts(
    { kind: 'manifest', config: { platform: text === undefined ? undefined : platform(text), namesCommand: true } },
    'application/vnd.oci.image.manifest.v1+json',
  ),
})

/** The answer that it is something else than an image. */
export const artifact: Answer = {
  kind: 'facts',
  quotaUsedUpAt: undefined,
  facts: facts(
    { kind: 'artifact', artifactType: 'application/vnd.cncf.helm.config.v1+json' },
    'application/vnd.oci.image.manifest.v1+json',
  ),
}

/** The answer that it is in the retired format. */
export const schema1: Answer = {
  kind: 'facts',
  quotaUsedUpAt: undefined,
  facts: facts({ kind: 'schema1' }, 'text/plain'),
}

type FailureData<F = ProbeFailure> = F extends ProbeFailure ? Omit<F, 'host' | 'step'> : never

/** The answer that the question failed. */
export const failed = (failure: FailureData): Answer => ({
  kind: 'failed',
  failure: { host: 'registry.example', step: 'manifest', ...failure } as ProbeFailure,
})

/** An ordinary use of an image. */
export const use: ImageUse = {
  image: { kind: 'image', text: 'registry.example/shop/web:1.40' },
  path: 'spec.containers[0].image',
  name: 'web',
  role: 'container',
  blocks: true,
  start: imagesOwnStart,
  pullPolicy: 'IfNotPresent',
}

/** Evidence in an ordinary case, but for what is given. */
export const evidence = (given: Partial<Evidence>): Evidence => ({
  use,
  answer: index(entry('linux/amd64')),
  landing: nodes(['linux/amd64']),
  held: 'no-node-known',
  notes: [],
  nearTags: undefined,
  tagsShown: undefined,
  program: undefined,
  ...given,
})
