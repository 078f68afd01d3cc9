import type { Digest } from '../image/digest.ts'
import type { Content, Image } from './content.ts'

/** One repository: its tags, and its contents by their digests. */
export interface Repository {
  readonly tags: ReadonlyMap<string, Digest>
  readonly manifests: ReadonlyMap<string, Content>
  readonly blobs: ReadonlyMap<string, Content>
}

/** All that a registry has, by the names of its repositories. */
export type Shelf = ReadonlyMap<string, Repository>

/** A registry's shelf before anything was pushed. */
export const emptyShelf: Shelf = new Map()

const emptyRepository: Repository = { tags: new Map(), manifests: new Map(), blobs: new Map() }

const withContents = (all: ReadonlyMap<string, Content>, more: readonly Content[]): ReadonlyMap<string, Content> =>
  new Map([...all, ...more.map(content => [content.digest, content] as const)])

/** The shelf with the image under the tag, or, without a tag, under its digest alone. */
export const placed = (shelf: Shelf, name: string, tag: string | undefined, image: Image): Shelf => {
  const { tags, manifests, blobs } = shelf.get(name) ?? emptyRepository
  return new Map(shelf).set(name, {
    tags: tag === undefined ? tags : new Map(tags).set(tag, image.top.digest),
    manifests: withContents(manifests, image.manifests),
    blobs: withContents(blobs, image.blobs),
  })
}

/** The shelf without the tag; what it named stays under its digest. */
export const untagged = (shelf: Shelf, name: string, tag: string): Shelf => {
  const repository = shelf.get(name)
  if (repository === undefined) return shelf
  const tags = new Map([...repository.tags].filter(([each]) => each !== tag))
  return new Map(shelf).set(name, { ...repository, tags })
}
