import { formatReference, type ImageReference } from '../image/reference.ts'
import { remembering } from '../lib/remember.ts'
import { textHash } from '../lib/text-hash.ts'
import { fullName } from './listed-name.ts'
import type { Node, NodeImages } from './node.ts'

// Enough to tell names apart, and the same however much of the name before it is left out.
const mostOfEnd = 24
const endHash = (name: string): number =>
  textHash(name.slice(Math.max(name.lastIndexOf('/') + 1, name.length - mostOfEnd)))

// 400 bytes for a hundred names. A search through the names themselves takes up to ten times as long, and a set of them has ten times the size.
const hashesOf = remembering(
  ({ names }: NodeImages): Uint32Array => new Uint32Array(names.map(name => endHash(withTarget(name)))),
)

// No runtime lists a name that has neither tag nor digest; one that did would mean `latest`.
const withTarget = (name: string): string => (name.includes(':', name.lastIndexOf('/') + 1) ? name : `${name}:latest`)

/**
 * Makes the test whether a node lists the very image that a reference names: by its tag, whatever the registry has under it by now, or
 * by its digest in the same repository. That an image is on no list does not mean that the node lacks it.
 */
export const listing = (reference: ImageReference): ((node: Pick<Node, 'images'>) => boolean) => {
  const wanted = formatReference(reference)
  const hash = endHash(wanted)
  const isWanted = (name: string): boolean => name === wanted || fullName(name) === wanted
  return ({ images }) => {
    const hashes = hashesOf(images)
    let at = hashes.indexOf(hash)
    while (at >= 0 && !isWanted(images.names[at] ?? '')) at = hashes.indexOf(hash, at + 1)
    return at >= 0
  }
}

/**
 * Whether a reference is an image's ID, or the beginning of one: containerd looks for the image of that ID before it looks for the
 * name (internal/cri/server/images/service.go, LocalResolve). No node lists IDs.
 */
export const isImageId = ({ written }: ImageReference): boolean => /^sha256:[0-9a-f]{1,64}$/.test(written)
