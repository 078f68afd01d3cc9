import type { Digest } from '../image/digest.ts'
import type { Origin, Step } from './failure.ts'
import type { Place, PlaceQuestion } from './hosts/place.ts'
import { type Inquiry, labelOf } from './inquiry-request.ts'
import { type Accepted, acceptAnything, acceptManifests, acceptTags } from './media-types.ts'
import type { Pull } from './pull.ts'
import type { Take } from './send.ts'
import { firstTagPage } from './tag-list.ts'

/** What containerd takes for a manifest: 4 * 1048 * 1048 (core/remotes/docker/resolver.go MaxManifestSize). */
export const mostManifestBytes = 4_393_216
const mostConfigBytes = 4 * 1024 * 1024
// Whoever reads it stops long before.
const mostLayerBytes = Number.MAX_SAFE_INTEGER
const mostTagBytes = 1024 * 1024

/** What is fetched. */
export interface Fetch extends Pick<Inquiry, 'pull' | 'path' | 'step' | 'mostBytes' | 'take'> {
  readonly accept: Accepted
  readonly question: PlaceQuestion
}

/** A manifest. */
export const manifestAt = (pull: Pull, path: string, step: Step, question: PlaceQuestion): Fetch => ({
  ...{ pull, step, question, path: `manifests/${path}` },
  ...{ accept: acceptManifests, mostBytes: mostManifestBytes, take: undefined },
})

const blobAt = (pull: Pull, digest: Digest): Pick<Fetch, 'pull' | 'question' | 'path' | 'accept'> => ({
  ...{ pull, question: 'content', path: `blobs/${digest}`, accept: acceptAnything },
})

/** The blob that is an image's configuration. */
export const configAt = (pull: Pull, digest: Digest): Fetch => ({
  ...blobAt(pull, digest),
  ...{ step: 'config', mostBytes: mostConfigBytes, take: undefined },
})

/** A blob that is taken piece by piece. */
export const layerAt = (pull: Pull, digest: Digest, take: Take): Fetch => ({
  ...blobAt(pull, digest),
  ...{ step: 'program', mostBytes: mostLayerBytes, take },
})

/** The first page of the tags. */
export const tagsAt = (pull: Pull): Fetch => ({
  ...{ pull, question: 'tag', path: firstTagPage, step: 'tags' },
  ...{ accept: acceptTags, mostBytes: mostTagBytes, take: undefined },
})

/** Of what failures of it speak. */
export const atPlace = ({ pull, step }: Fetch, place: Place): Origin => ({ host: labelOf(pull, place), step })
