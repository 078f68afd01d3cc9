import type { Digest } from '../image/digest.ts'
import { indexTypes, manifestTypes } from '../registry/media-types.ts'
import type { Pull } from '../registry/pull.ts'

/**
 * A digest, and what a registry calls what has it. The same bytes are an index to one registry and something else to another,
 * and a runtime believes its registry: what was read as the one is not to be taken for the other.
 */
export type CalledDigest = `${Digest} ${string}`

// There are a hundred thousand of them in memory, and nearly all are called one of these.
const shortNames: ReadonlyMap<string, string> = new Map(
  [...indexTypes, ...manifestTypes].map((type, index) => [type, String(index)]),
)

/** The digest as it is called; what is called nothing is the place's own. */
export const calledDigest = (digest: Digest, mediaType: string, { reference }: Pull): CalledDigest =>
  mediaType === ''
    ? `${digest} at ${reference.registry}/${reference.repository}`
    : `${digest} ${shortNames.get(mediaType) ?? mediaType}`

/** Whether it is called so, or nothing. */
export const isCalled = (called: CalledDigest, mediaType: string, pull: Pull): boolean => {
  const digest = digestIn(called)
  return called === calledDigest(digest, mediaType, pull) || called === calledDigest(digest, '', pull)
}

/** The digest itself. */
export const digestIn = (called: CalledDigest): Digest => called.slice(0, called.indexOf(' ')) as Digest
