import { type Digest, digestOf, matchesDigest } from '../image/digest.ts'
import type { ImageReference } from '../image/reference.ts'
import { fail, ok, type Result } from '../lib/result.ts'
import type { Origin, ProbeFailure } from './failure.ts'
import { indexTypes, manifestTypes, signedSchema1Type } from './media-types.ts'
import type { Reply } from './send.ts'
import { signedPayload } from './signed-payload.ts'

/** Bytes that have the digest, and what the registry called them. */
export interface Content {
  readonly digest: Digest
  readonly mediaType: string
  readonly bytes: Uint8Array
}

/** What the registry calls it. */
export const mediaTypeOf = (answer: Reply): string => (answer.header('content-type') ?? '').split(';')[0]?.trim() ?? ''

const isManifest = (answer: Reply): boolean =>
  indexTypes.has(mediaTypeOf(answer)) || manifestTypes.has(mediaTypeOf(answer))

const isSigned = (answer: Reply): boolean => mediaTypeOf(answer) === signedSchema1Type

/** What of an answer its digest is made of. */
const hashedPartOf = (answer: Reply): Uint8Array =>
  (isSigned(answer) ? signedPayload(answer.body) : undefined) ?? answer.body

/** Whether the bytes are others than those that were stored, though we asked for these: a node would unpack them. */
const isEncoded = (answer: Reply): boolean => !['', 'identity'].includes(answer.header('content-encoding') ?? '')

/** The digest of what an answer brought. */
export const digestOfReply = (answer: Reply): Digest => digestOf(hashedPartOf(answer))

/** The content of an answer, which has to have the digest that was asked for. */
export const readContent = (
  answer: Reply,
  digest: Digest,
  { target }: ImageReference,
  at: Origin,
): Result<Content, ProbeFailure> => {
  if (matchesDigest(hashedPartOf(answer), digest))
    return ok({ digest, mediaType: mediaTypeOf(answer), bytes: answer.body })
  // Whoever pinned the digest gets nothing else from any node; otherwise it may be a passing fault of a cache in between.
  return target.kind === 'digest' && target.digest === digest && isManifest(answer) && !isEncoded(answer)
    ? fail({ ...at, kind: 'wrong-content', wanted: digest })
    : fail({ ...at, kind: 'bad-answer', problem: 'digest-mismatch', status: undefined })
}
