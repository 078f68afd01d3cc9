import { type Digest, digestOf, matchesDigest, parseDigest } from '../image/digest.ts'
import type { ImageReference } from '../image/reference.ts'
import { fail, ok, type Result } from '../lib/result.ts'
import { asRecord } from '../lib/untrusted.ts'
import type { AskPlaces } from './ask-places.ts'
import type { Authorized } from './auth/authorize.ts'
import type { Origin, ProbeFailure, Step } from './failure.ts'
import type { Place, PlaceQuestion } from './hosts/place.ts'
import { type Inquire, type Inquiry, labelOf } from './inquiry.ts'
import { parseJson } from './json.ts'
import { nextPage } from './link.ts'
import { acceptManifests, indexTypes, manifestTypes } from './media-types.ts'
import type { Pull } from './pull.ts'
import { type Quota, quotaOf } from './quota.ts'
import type { Reply } from './send.ts'
import { failureOf } from './status.ts'

/** Bytes that have the digest, and what the registry called them. */
export interface Content {
  readonly digest: Digest
  readonly mediaType: string
  readonly bytes: Uint8Array
}

/** A registry's answer by name: the digest, the content where it had to be fetched to learn it, and what may still be asked. */
export interface Resolved {
  readonly digest: Digest
  readonly content: Content | undefined
  readonly quota: Quota | undefined
}

type Asked<T> = Promise<Result<T, ProbeFailure>>

/** The questions that a registry is asked. Failures are values; no call rejects. */
export interface Dialogue {
  /** What the name or digest of the reference stands for today: one HEAD. */
  readonly resolve: (pull: Pull, signal: AbortSignal) => Asked<Resolved>
  /** The manifest with this digest. */
  readonly manifest: (pull: Pull, digest: Digest, signal: AbortSignal) => Asked<Content>
  /** Whether a manifest of this digest is there: one HEAD. */
  readonly exists: (pull: Pull, digest: Digest, signal: AbortSignal) => Asked<boolean>
  /** The blob with this digest, which is an image's configuration. */
  readonly config: (pull: Pull, digest: Digest, signal: AbortSignal) => Asked<Content>
  /** So many bytes of the blob with this digest, from its beginning. They are not checked: a part has no digest. */
  readonly beginning: (pull: Pull, digest: Digest, mostBytes: number, signal: AbortSignal) => Asked<Uint8Array>
  /** The repository's tags, or as many as its first pages have. */
  readonly tags: (pull: Pull, signal: AbortSignal) => Asked<readonly string[]>
}

/** What a dialogue is made of. */
export interface DialogueOptions {
  readonly inquire: Inquire
  readonly askPlaces: AskPlaces
}

// 4 * 1048 * 1048: what containerd takes for a manifest (core/remotes/docker/resolver.go MaxManifestSize).
const mostManifestBytes = 4_393_216
const mostConfigBytes = 4 * 1024 * 1024
const mostTagBytes = 1024 * 1024
const tagsPerPage = 1000
const mostTagPages = 10

const targetText = ({ target }: ImageReference): string => (target.kind === 'tag' ? target.tag : target.digest)

/** What is fetched. */
interface Fetch extends Pick<Inquiry, 'pull' | 'path' | 'step' | 'accept' | 'mostBytes' | 'tooLong'> {
  readonly question: PlaceQuestion
}

const manifestAt = (pull: Pull, path: string, step: Step, question: PlaceQuestion): Fetch => ({
  ...{ pull, step, question, path: `manifests/${path}` },
  ...{ accept: acceptManifests, mostBytes: mostManifestBytes, tooLong: 'refused' },
})

const blobAt = (pull: Pull, digest: Digest, step: Step, mostBytes: number, tooLong: Fetch['tooLong']): Fetch => ({
  ...{ pull, step, question: 'content', path: `blobs/${digest}` },
  ...{ accept: '*/*', mostBytes, tooLong },
})

const mediaTypeOf = (answer: Reply): string => (answer.header('content-type') ?? '').split(';')[0]?.trim() ?? ''

const isManifest = (answer: Reply): boolean =>
  indexTypes.has(mediaTypeOf(answer)) || manifestTypes.has(mediaTypeOf(answer))

/** Speaks the registry's protocol. */
export const createDialogue = ({ inquire, askPlaces }: DialogueOptions): Dialogue => {
  const ask = (method: 'HEAD' | 'GET', { question: _, ...fetch }: Fetch, place: Place, signal: AbortSignal) =>
    inquire({ ...fetch, method, place }, signal)

  const accepted = (answer: Authorized, { pull, step }: Fetch, place: Place): Result<Reply, ProbeFailure> =>
    answer.reply.status === 200
      ? ok(answer.reply)
      : fail(failureOf(answer, pull.reference, { host: labelOf(pull, place), step }))

  const get = async (fetch: Fetch, place: Place, signal: AbortSignal): Asked<Reply> => {
    const answer = await ask('GET', fetch, place, signal)
    return answer.ok ? accepted(answer.value, fetch, place) : answer
  }

  /** HEAD where the registry allows it; a "no" that would be believed is asked again by GET, whose answer has a body that says why. */
  const head = async (fetch: Fetch, place: Place, isLast: boolean, signal: AbortSignal): Asked<Reply> => {
    const answer = await ask('HEAD', fetch, place, signal)
    if (!answer.ok) return answer
    const { status } = answer.value.reply
    const isAskedAgain = isLast ? [403, 404, 405, 501] : [403, 405, 501]
    return isAskedAgain.includes(status) ? get(fetch, place, signal) : accepted(answer.value, fetch, place)
  }

  const contentWith = (
    answer: Reply,
    digest: Digest,
    { pull, step }: Fetch,
    place: Place,
  ): Result<Content, ProbeFailure> => {
    if (matchesDigest(answer.body, digest)) return ok({ digest, mediaType: mediaTypeOf(answer), bytes: answer.body })
    const at = { host: labelOf(pull, place), step }
    const { target } = pull.reference
    // Whoever pinned the digest gets nothing else from any node; otherwise it may be a passing fault of a cache in between.
    return target.kind === 'digest' && target.digest === digest && isManifest(answer)
      ? fail({ ...at, kind: 'wrong-content', wanted: digest })
      : fail({ ...at, kind: 'bad-answer', problem: 'digest-mismatch', status: undefined })
  }

  const fetchContent = (fetch: Fetch, digest: Digest, signal: AbortSignal): Asked<Content> =>
    askPlaces(fetch.pull, fetch.question, async place => {
      const answer = await get(fetch, place, signal)
      return answer.ok ? contentWith(answer.value, digest, fetch, place) : answer
    })

  const resolveAt = async (fetch: Fetch, place: Place, isLast: boolean, signal: AbortSignal): Asked<Resolved> => {
    const { target } = fetch.pull.reference
    const answer = await head(fetch, place, isLast, signal)
    if (!answer.ok) return answer
    const { body, header } = answer.value
    const sizeBytes = Number(header('content-length') ?? 0)
    if (sizeBytes > mostManifestBytes)
      return fail({ host: labelOf(fetch.pull, place), step: fetch.step, kind: 'oversized', sizeBytes })
    const quota = quotaOf(header)
    const wanted = target.kind === 'digest' ? target.digest : undefined
    const named = parseDigest(header('docker-content-digest') ?? '')
    // Of a pinned digest the node does not look at the header, which may name the same bytes by another algorithm.
    const known = wanted ?? (named.ok ? named.value : undefined)
    if (body.length === 0 && known !== undefined) return ok({ digest: known, content: undefined, quota })
    const full = body.length > 0 ? answer : await get(fetch, place, signal)
    if (!full.ok) return full
    const content = contentWith(full.value, wanted ?? digestOf(full.value.body), fetch, place)
    return content.ok ? ok({ digest: content.value.digest, content: content.value, quota }) : content
  }

  const tagsAt = async (fetch: Fetch, place: Place, signal: AbortSignal): Asked<readonly string[]> => {
    const tags: string[] = []
    let path: string | undefined = fetch.path
    for (let page = 0; page < mostTagPages && path !== undefined; page++) {
      const answer: Result<Reply, ProbeFailure> = await get({ ...fetch, path }, place, signal)
      // What was listed so far is worth more than that the list could not be read to its end.
      if (!answer.ok) return page === 0 ? answer : ok(tags)
      const listed = readTags(answer.value, { host: labelOf(fetch.pull, place), step: fetch.step })
      if (!listed.ok) return page === 0 ? listed : ok(tags)
      tags.push(...listed.value)
      path = nextTagPage(answer.value, place)
    }
    return ok(tags)
  }

  return {
    resolve: (pull, signal) => {
      const question = pull.reference.target.kind
      const fetch = manifestAt(pull, targetText(pull.reference), 'manifest', question)
      return askPlaces(pull, question, (place, isLast) => resolveAt(fetch, place, isLast, signal))
    },
    manifest: (pull, digest, signal) => fetchContent(manifestAt(pull, digest, 'manifest', 'content'), digest, signal),
    exists: async (pull, digest, signal) => {
      const fetch = manifestAt(pull, digest, 'child', 'content')
      const answer = await askPlaces(pull, 'content', (place, isLast) => head(fetch, place, isLast, signal))
      if (answer.ok) return ok(true)
      return answer.error.kind === 'absent' ? ok(false) : answer
    },
    config: (pull, digest, signal) =>
      fetchContent(blobAt(pull, digest, 'config', mostConfigBytes, 'refused'), digest, signal),
    beginning: async (pull, digest, mostBytes, signal) => {
      const fetch = blobAt(pull, digest, 'program', mostBytes, 'cut')
      const answer = await askPlaces(pull, 'content', place => get(fetch, place, signal))
      return answer.ok ? ok(answer.value.body) : answer
    },
    tags: (pull, signal) => {
      const limits = { mostBytes: mostTagBytes, tooLong: 'refused' } as const
      const path = `tags/list?n=${tagsPerPage}`
      const fetch: Fetch = { pull, question: 'tag', path, step: 'tags', accept: 'application/json', ...limits }
      return askPlaces(pull, 'tag', place => tagsAt(fetch, place, signal))
    },
  }
}

/** The path of the next page, if it is one of this very list. */
const nextTagPage = (answer: Reply, { host, repository }: Place): string | undefined => {
  for (const base of host.bases) {
    const list = new URL(`${base}/${repository}/tags/list`)
    const next = nextPage(answer.header('link'), list)
    if (next?.pathname === list.pathname) return `tags/list${next.search}`
  }
  return undefined
}

const readTags = (answer: Reply, at: Origin): Result<readonly string[], ProbeFailure> => {
  const names = asRecord(parseJson(answer.body))?.['tags']
  // Where no tag is left, some registries list null.
  if (names === null) return ok([])
  if (!Array.isArray(names)) return fail({ ...at, kind: 'bad-answer', problem: 'wrong-shape', status: undefined })
  return ok(names.filter(name => typeof name === 'string'))
}
