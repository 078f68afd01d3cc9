import type { ImageReference } from '../../image/reference.ts'
import { fail, ok, type Result } from '../../lib/result.ts'
import type { FileProblem } from '../../lib/small-file.ts'
import type { CertsDir } from './certs-dir.ts'
import { type Host, hostsOf } from './hosts.ts'

/** A place where an image may be had: a host, and the name of the repository there. */
export interface Place {
  readonly host: Host
  readonly repository: string
}

/** Why an image is had nowhere. */
export type PlacesProblem =
  /** A file of the configuration cannot be used, and a node with that file pulls nothing from the registry. */
  | { readonly kind: 'unreadable'; readonly problem: FileProblem }
  /** A file of the configuration has a mistake, and a node with that file pulls nothing. */
  | { readonly kind: 'mistake' }
  /** The name has no registry, and the configuration completes it with none, or with too many. */
  | { readonly kind: 'short-name' }
  /** The configuration forbids the registry. */
  | { readonly kind: 'forbidden' }
  /** No host may be asked such a question. */
  | { readonly kind: 'no-capable-host' }

/** Finds the places of an image, in the order in which a node asks them. */
export type FindPlaces = (reference: ImageReference) => Promise<Result<readonly Place[], PlacesProblem>>

/** Finds places as containerd does, in directories in the manner of its certs.d. */
export const placesFromCertsDir =
  ({ lookUp }: CertsDir): FindPlaces =>
  async ({ registry, repository }) => {
    const found = await lookUp(registry)
    if (!found.ok) return fail({ kind: 'unreadable', problem: found.error })
    return ok(hostsOf(registry, found.value.file).map(host => ({ host, repository })))
  }

/** What a place is asked: what a tag names, what has a digest, or the content itself once the digest is known. */
export type PlaceQuestion = 'tag' | 'digest' | 'content'

const resolves = ({ host }: Place): boolean => host.capabilities.has('pull') && host.capabilities.has('resolve')
const pulls = ({ host }: Place): boolean => host.capabilities.has('pull')

/**
 * The places that may be asked a question (core/remotes/docker/resolver.go Resolve, fetcher.go). Content is fetched from
 * every host as soon as one of them may be pulled from: the runtime does not look at the others' capabilities there.
 */
export const placesFor = (
  places: readonly Place[],
  question: PlaceQuestion,
): Result<readonly [Place, ...Place[]], PlacesProblem> => {
  const capable = places.filter(question === 'tag' ? resolves : pulls)
  const [first, ...rest] = question === 'content' && capable.length > 0 ? places : capable
  return first === undefined ? fail({ kind: 'no-capable-host' }) : ok([first, ...rest])
}
