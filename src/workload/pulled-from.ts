import type { ImageReference } from '../image/reference.ts'
import { remembering } from '../lib/remember.ts'
import { textHash } from '../lib/text-hash.ts'
import { fullName, repositoryOf } from './listed-name.ts'
import type { Node, NodeImages } from './node.ts'

const repositoryListed = (name: string): string => {
  const full = fullName(name)
  return full === undefined ? '' : repositoryOf(full)
}

// Of `a.io/b/c` the hashes of `a.io/`, `a.io/b/` and `a.io/b/c/`.
const addPaths = (hashes: Set<number>, repository: string): void => {
  let hash = textHash('')
  for (const part of repository.split('/')) {
    hash = textHash('/', textHash(part, hash))
    hashes.add(hash)
  }
}

// Some 600 bytes for a hundred names.
const pathsOf = remembering(({ names }: NodeImages): Uint32Array => {
  const hashes = new Set<number>()
  for (const repository of new Set(names.map(repositoryListed))) addPaths(hashes, repository)
  return new Uint32Array([...hashes])
})

/**
 * Whether one of the nodes lists an image of the same repository, of its parent path, or of what lies beside it there. So a node was
 * able to pull from that place, perhaps with credentials of its own. Docker Hub's `library` says nothing: anybody may pull what is
 * there, and images that were never pushed anywhere are listed under it.
 */
export const hasPulledFrom = (
  nodes: readonly Pick<Node, 'images'>[],
  { registry, repository }: ImageReference,
): boolean => {
  const whole = `${registry}/${repository}`
  const parent = whole.slice(0, whole.lastIndexOf('/') + 1)
  if (parent === 'docker.io/library/') return false
  const hash = textHash(parent)
  const isFrom = (name: string): boolean => `${repositoryListed(name)}/`.startsWith(parent)
  return nodes.some(({ images }) => pathsOf(images).includes(hash) && images.names.some(isFrom))
}
