import { type Digest, parseDigest } from '../image/digest.ts'
import type { ImageReference } from '../image/reference.ts'
import { fail, ok, type Result } from '../lib/result.ts'
import type { AskPlaces } from './ask-places.ts'
import type { Authorized } from './auth/authorize.ts'
import { type Content, digestOfReply, mediaTypeOf, readContent } from './content.ts'
import type { ProbeFailure } from './failure.ts'
import { atPlace, configAt, type Fetch, layerAt, manifestAt, mostManifestBytes, tagsAt } from './fetch.ts'
import type { Place } from './hosts/place.ts'
import type { Inquire } from './inquiry-request.ts'
import type { Pull } from './pull.ts'
import { type Quota, quotaOf } from './quota.ts'
import type { Reply } from './send.ts'
import { failureOf } from './status.ts'
import { streamed } from './stream.ts'
import { readTagPages, type TagList } from './tag-list.ts'

/** A registry's answer by name: the digest, the content where it had to be fetched to learn it, and what may still be asked. */
export interface Resolved {
  readonly digest: Digest
  /** What the registry calls it; empty where it does not say. */
  readonly mediaType: string
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
  /** The blob with this digest, piece by piece. It is not checked: whoever reads a part of it has nothing to hash. */
  readonly layer: (pull: Pull, digest: Digest, signal: AbortSignal) => Asked<AsyncIterable<Uint8Array>>
  /** The repository's tags, or as many as its first pages have. */
  readonly tags: (pull: Pull, signal: AbortSignal) => Asked<TagList>
}

/** What a dialogue is made of. */
export interface DialogueOptions {
  readonly inquire: Inquire
  readonly askPlaces: AskPlaces
  /** Whether a place counts what is fetched there, so that it is asked by HEAD alone; none does unless given. */
  readonly isSpared?: (place: Place) => boolean
}

const targetText = ({ target }: ImageReference): string => (target.kind === 'tag' ? target.tag : target.digest)

const sparedFailure = { kind: 'rate-limited', retryAfterMs: undefined, spared: true } as const

// Nothing has this digest.
const noDigest = `sha256:${'0'.repeat(64)}`

/** Whether what HEAD is answered with needs another word. To CRI-O none but GET's counts: it asks for nothing by HEAD. */
const isAskedByGet = (status: number, { host }: Place, isLast: boolean): boolean => {
  if (host.askedBy === 'cri-o') return status >= 300 && status !== 429
  return (isLast ? [403, 404, 405, 501] : [403, 405, 501]).includes(status)
}

const digestAndType = ({ digest, mediaType }: Content) => ({ digest, mediaType })

/** Speaks the registry's protocol. */
export const createDialogue = ({ inquire, askPlaces, isSpared = () => false }: DialogueOptions): Dialogue => {
  const ask = (method: 'HEAD' | 'GET', { question: _, ...fetch }: Fetch, place: Place, signal: AbortSignal) =>
    inquire({ ...fetch, accept: fetch.accept[place.host.askedBy], method, place }, signal)

  const accepted = (answer: Authorized, fetch: Fetch, place: Place): Result<Reply, ProbeFailure> =>
    answer.reply.status >= 200 && answer.reply.status < 300
      ? ok(answer.reply)
      : fail(failureOf(answer, fetch.pull.reference, atPlace(fetch, place)))

  /**
   * What HEAD alone tells: its "no" has no body that says why, but a registry names its protocol. Who has others to ask goes
   * on to them, whoever said it.
   */
  const believed = (answer: Authorized, fetch: Fetch, place: Place, isLast: boolean): Result<Reply, ProbeFailure> => {
    const { status, header } = answer.reply
    return status === 404 && (!isLast || header('docker-distribution-api-version') !== undefined)
      ? fail({ ...atPlace(fetch, place), kind: 'absent', missing: 'unnamed', askedAs: answer.askedAs })
      : accepted(answer, fetch, place)
  }

  const get = async (fetch: Fetch, place: Place, signal: AbortSignal): Asked<Reply> => {
    if (isSpared(place)) return fail({ ...atPlace(fetch, place), ...sparedFailure })
    const answer = await ask('GET', fetch, place, signal)
    return answer.ok ? accepted(answer.value, fetch, place) : answer
  }

  /**
   * To find out what a name stands for, containerd takes HEAD's "no" as it is, whatever GET would answer, but for 405
   * (core/remotes/docker/resolver.go). A registry that has its content only since a moment ago says otherwise when asked again.
   */
  const heeded = async (got: Reply, status: number, fetch: Fetch, place: Place, signal: AbortSignal): Asked<Reply> => {
    if (place.host.askedBy !== 'containerd' || fetch.question === 'content' || status === 405) return ok(got)
    const again = await ask('HEAD', fetch, place, signal)
    if (!again.ok) return again
    if (again.value.reply.status < 300) return ok(got)
    return fail({ ...atPlace(fetch, place), kind: 'bad-answer', problem: 'unexpected-status', status })
  }

  /** HEAD where the registry allows it; a "no" that would be believed is asked again by GET, whose answer has a body that says why. */
  const head = async (fetch: Fetch, place: Place, isLast: boolean, signal: AbortSignal): Asked<Reply> => {
    const answer = await ask('HEAD', fetch, place, signal)
    if (!answer.ok) return answer
    const { status } = answer.value.reply
    if (!isAskedByGet(status, place, isLast) || isSpared(place)) return believed(answer.value, fetch, place, isLast)
    const got = await get(fetch, place, signal)
    return got.ok ? heeded(got.value, status, fetch, place, signal) : got
  }

  const contentWith = (answer: Reply, digest: Digest, fetch: Fetch, place: Place) =>
    readContent(answer, digest, fetch.pull.reference, atPlace(fetch, place))

  const fetchContent = (fetch: Fetch, digest: Digest, signal: AbortSignal): Asked<Content> =>
    askPlaces(fetch.pull, fetch.question, async place => {
      const answer = await get(fetch, place, signal)
      return answer.ok ? contentWith(answer.value, digest, fetch, place) : answer
    })

  /**
   * A pull-through cache that cannot reach its upstream says of every tag that it is unknown, and fails at every digest
   * (distribution 2.8 and 3.1): then its "no" is none.
   */
  const confirmed = async (no: ProbeFailure, fetch: Fetch, place: Place, signal: AbortSignal): Asked<never> => {
    if (no.kind !== 'absent' || fetch.pull.reference.target.kind !== 'tag') return fail(no)
    const nothing = await ask('HEAD', { ...fetch, path: `manifests/${noDigest}` }, place, signal)
    if (!nothing.ok) return nothing
    const { status } = nothing.value.reply
    return status < 500
      ? fail(no)
      : fail({ host: no.host, step: no.step, kind: 'bad-answer', problem: 'server-error', status })
  }

  const resolveAt = async (fetch: Fetch, place: Place, isLast: boolean, signal: AbortSignal): Asked<Resolved> => {
    const { target } = fetch.pull.reference
    const answer = await head(fetch, place, isLast, signal)
    if (!answer.ok) return isLast ? confirmed(answer.error, fetch, place, signal) : answer
    const { body, header } = answer.value
    const sizeBytes = Number(header('content-length') ?? 0)
    if (sizeBytes > mostManifestBytes) return fail({ ...atPlace(fetch, place), kind: 'oversized', sizeBytes })
    const quota = quotaOf(header)
    const wanted = target.kind === 'digest' ? target.digest : undefined
    const said = header('docker-content-digest') ?? ''
    const named = parseDigest(said)
    // Of a pinned digest the node does not look at the header, which may name the same bytes by another algorithm.
    const known = wanted ?? (named.ok ? named.value : undefined)
    // To containerd a header that holds no digest is no answer; others do not look at it.
    if (known === undefined && said !== '' && place.host.askedBy === 'containerd')
      return fail({ ...atPlace(fetch, place), kind: 'bad-answer', problem: 'bad-digest', status: undefined })
    if (body.length === 0 && known !== undefined)
      return ok({ digest: known, mediaType: mediaTypeOf(answer.value), content: undefined, quota })
    const full = body.length > 0 ? answer : await get(fetch, place, signal)
    if (!full.ok) return full
    const content = contentWith(full.value, wanted ?? digestOfReply(full.value), fetch, place)
    return content.ok ? ok({ ...digestAndType(content.value), content: content.value, quota }) : content
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
      const told = await askPlaces(pull, 'content', (place, isLast) => head(fetch, place, isLast, signal))
      if (told.ok) return ok(true)
      if (told.error.kind !== 'absent' && told.error.kind !== 'refused') return told
      // containerd asks nobody for content by HEAD: before it counts, what mirrors said to HEAD is asked again by GET.
      const answer = await askPlaces(pull, 'content', async (place, isLast) =>
        isLast ? told : get(fetch, place, signal),
      )
      if (answer.ok) return ok(true)
      return answer.error.kind === 'absent' ? ok(false) : answer
    },
    config: (pull, digest, signal) => fetchContent(configAt(pull, digest), digest, signal),
    layer: (pull, digest, signal) =>
      streamed(take => {
        const fetch = layerAt(pull, digest, take)
        return askPlaces(pull, 'content', place => get(fetch, place, signal))
      }),
    tags: (pull, signal) => {
      const fetch = tagsAt(pull)
      return askPlaces(pull, fetch.question, async (place, _, isOnly) => {
        const ask = (path: string) => get({ ...fetch, path }, place, signal)
        const listed = await readTagPages(ask, place, atPlace(fetch, place))
        // A mirror shows what it has, and says nothing of whom the registry behind it lets in; nor the registry of a mirror.
        return listed.ok && !isOnly ? ok({ ...listed.value, showsAll: false }) : listed
      })
    },
  }
}
