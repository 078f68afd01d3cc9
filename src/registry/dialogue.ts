import { type Digest, digestOf, matchesDigest, parseDigest } from '../image/digest.ts'
import type { ImageReference } from '../image/reference.ts'
import { fail, ok, type Result } from '../lib/result.ts'
import { asRecord } from '../lib/untrusted.ts'
import type { Authorized } from './auth/authorize.ts'
import { endpointOf } from './endpoint.ts'
import type { ProbeFailure, Step } from './failure.ts'
import type { Inquire } from './inquiry.ts'
import { parseJson } from './json.ts'
import { acceptManifests, indexTypes, manifestTypes } from './media-types.ts'
import type { Reply } from './send.ts'
import { failureOf } from './status.ts'

/** Bytes that have the digest, and what the registry called them. */
export interface Content {
  readonly digest: Digest
  readonly mediaType: string
  readonly bytes: Uint8Array
}

/** A registry's answer by name: the digest, and the content where it had to be fetched to learn it. */
export interface Resolved {
  readonly digest: Digest
  readonly content: Content | undefined
}

/** The questions that a registry is asked. Failures are values; no call rejects. */
export interface Dialogue {
  /** What the name or digest of the reference stands for today: one HEAD. */
  readonly resolve: (reference: ImageReference, signal: AbortSignal) => Promise<Result<Resolved, ProbeFailure>>
  /** The manifest with this digest. */
  readonly manifest: (
    reference: ImageReference,
    digest: Digest,
    signal: AbortSignal,
  ) => Promise<Result<Content, ProbeFailure>>
  /** Whether a manifest of this digest is there: one HEAD. */
  readonly exists: (
    reference: ImageReference,
    digest: Digest,
    signal: AbortSignal,
  ) => Promise<Result<boolean, ProbeFailure>>
  /** The blob with this digest, which is an image's configuration. */
  readonly config: (
    reference: ImageReference,
    digest: Digest,
    signal: AbortSignal,
  ) => Promise<Result<Content, ProbeFailure>>
  /** The first page of the repository's tags. */
  readonly tags: (reference: ImageReference, signal: AbortSignal) => Promise<Result<readonly string[], ProbeFailure>>
}

// 4 * 1048 * 1048: what containerd takes for a manifest (core/remotes/docker/resolver.go MaxManifestSize).
const mostManifestBytes = 4_393_216
const mostConfigBytes = 4 * 1024 * 1024
const mostTagBytes = 1024 * 1024
const tagsPerPage = 1000

const targetText = (reference: ImageReference): string =>
  reference.target.kind === 'tag' ? reference.target.tag : reference.target.digest

/** Speaks the registry's protocol. */
export const createDialogue = (inquire: Inquire): Dialogue => {
  type Fetch = { reference: ImageReference; path: string; step: Step; mostBytes: number; accept: string }
  const ask = (method: 'HEAD' | 'GET', fetch: Fetch, signal: AbortSignal) =>
    inquire(
      {
        method,
        endpoint: endpointOf(fetch.reference.registry),
        repository: fetch.reference.repository,
        path: fetch.path,
        accept: fetch.accept,
        step: fetch.step,
        mostBytes: fetch.mostBytes,
      },
      signal,
    )

  const get = async (fetch: Fetch, signal: AbortSignal): Promise<Result<Reply, ProbeFailure>> => {
    const answer = await ask('GET', fetch, signal)
    return answer.ok ? accepted(answer.value, fetch) : answer
  }

  const accepted = (answer: Authorized, fetch: Fetch): Result<Reply, ProbeFailure> =>
    answer.reply.status === 200 ? ok(answer.reply) : fail(failureOf(answer, fetch.reference, fetch.step))

  /** HEAD where the registry allows it; a "no" is asked again by GET, whose answer has a body that says why. */
  const head = async (fetch: Fetch, signal: AbortSignal): Promise<Result<Reply, ProbeFailure>> => {
    const answer = await ask('HEAD', fetch, signal)
    if (!answer.ok) return answer
    return [403, 404, 405, 501].includes(answer.value.reply.status) ? get(fetch, signal) : accepted(answer.value, fetch)
  }

  const manifestAt = (reference: ImageReference, path: string, step: Step): Fetch => ({
    reference,
    path: `manifests/${path}`,
    step,
    mostBytes: mostManifestBytes,
    accept: acceptManifests,
  })

  const contentWith = (answer: Reply, digest: Digest, fetch: Fetch): Result<Content, ProbeFailure> => {
    if (matchesDigest(answer.body, digest)) return ok({ digest, mediaType: mediaTypeOf(answer), bytes: answer.body })
    const at = { host: fetch.reference.registry, step: fetch.step }
    const { target } = fetch.reference
    // Whoever pinned the digest gets nothing else from any node; otherwise it may be a passing fault of a cache in between.
    const isManifest = indexTypes.has(mediaTypeOf(answer)) || manifestTypes.has(mediaTypeOf(answer))
    return target.kind === 'digest' && target.digest === digest && isManifest
      ? fail({ ...at, kind: 'wrong-content', wanted: digest })
      : fail({ ...at, kind: 'bad-answer', problem: 'digest-mismatch', status: undefined })
  }

  return {
    resolve: async (reference, signal) => {
      const fetch = manifestAt(reference, targetText(reference), 'manifest')
      const answer = await head(fetch, signal)
      if (!answer.ok) return answer
      const wanted = reference.target.kind === 'digest' ? reference.target.digest : undefined
      const named = parseDigest(answer.value.header('docker-content-digest') ?? '')
      // Of a pinned digest the node does not look at the header, which may name the same bytes by another algorithm.
      if (answer.value.body.length === 0 && (wanted !== undefined || named.ok))
        return ok({ digest: wanted ?? (named.ok ? named.value : digestOf(answer.value.body)), content: undefined })
      const full = answer.value.body.length > 0 ? answer : await get(fetch, signal)
      if (!full.ok) return full
      const digest = wanted ?? digestOf(full.value.body)
      const content = contentWith(full.value, digest, fetch)
      return content.ok ? ok({ digest, content: content.value }) : content
    },
    manifest: async (reference, digest, signal) => {
      const fetch = manifestAt(reference, digest, 'manifest')
      const answer = await get(fetch, signal)
      return answer.ok ? contentWith(answer.value, digest, fetch) : answer
    },
    exists: async (reference, digest, signal) => {
      const answer = await head(manifestAt(reference, digest, 'child'), signal)
      if (answer.ok) return ok(true)
      return answer.error.kind === 'absent' ? ok(false) : answer
    },
    config: async (reference, digest, signal) => {
      const path = `blobs/${digest}`
      const fetch: Fetch = { reference, path, step: 'config', mostBytes: mostConfigBytes, accept: '*/*' }
      const answer = await get(fetch, signal)
      return answer.ok ? contentWith(answer.value, digest, fetch) : answer
    },
    tags: async (reference, signal) => {
      const path = `tags/list?n=${tagsPerPage}`
      const fetch: Fetch = { reference, path, step: 'tags', mostBytes: mostTagBytes, accept: 'application/json' }
      const answer = await get(fetch, signal)
      return answer.ok ? readTags(answer.value, reference) : answer
    },
  }
}

const mediaTypeOf = (answer: Reply): string => (answer.header('content-type') ?? '').split(';')[0]?.trim() ?? ''

const readTags = (answer: Reply, reference: ImageReference): Result<readonly string[], ProbeFailure> => {
  const body = parseJson(answer.body)
  const names = asRecord(body)?.['tags']
  const at = { host: reference.registry, step: 'tags' as const }
  if (!Array.isArray(names)) return fail({ ...at, kind: 'bad-answer', problem: 'wrong-shape', status: undefined })
  return ok(names.filter(name => typeof name === 'string'))
}
