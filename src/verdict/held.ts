import type { ImageReference } from '../image/reference.ts'
import { isImageId, listing } from '../workload/held-image.ts'
import type { Node, NodeImages } from '../workload/node.ts'
import type { PullPolicy } from '../workload/pull-policy.ts'
import type { Held } from './evidence.ts'

/**
 * Which of the nodes that a pod may land on are known to hold an image, as far as its pull policy lets it be used.
 *
 * Since 1.35 the kubelet asks for the credentials again that it pulled an image with (pkg/kubelet/images/pullmanager/image_pull_manager.go,
 * MustAttemptImagePull), save where it was loaded by other means, or pulled as anybody or with the node's own credentials. No list tells
 * which, so that it is never certain that a listed image does not help, and on no version does the list count for less.
 *
 * A list that was cut proves no absence: the kubelet lists its largest images, `mostListed` of them, or all where that is -1. As long as
 * one node has a whole list without the image, there is a place where the pod fails; where every list was cut there is none, as on a
 * workstation whose one node lists all that was ever built there, and the smallest is the one that is wanted.
 */
export const heldOn = (
  nodes: readonly Pick<Node, 'images'>[],
  reference: ImageReference,
  pullPolicy: PullPolicy,
  mostListed: number,
): Held => {
  if (pullPolicy === 'Always' || nodes.length === 0) return 'no-node-known'
  // Any node may have it, and none would list it.
  if (isImageId(reference)) return 'untold'
  const lists = listing(reference)
  // One that differs from the first says all.
  const isListed = nodes[0] !== undefined && lists(nodes[0])
  if (nodes.some(node => lists(node) !== isListed)) return 'some-nodes'
  if (isListed) return 'every-node'
  return nodes.every(({ images }) => mayBeCut(images, mostListed)) ? 'untold' : 'no-node-known'
}

// A list that is longer than the kubelets are said to make was made by one that was told another limit.
const mayBeCut = ({ count, mayHaveMoreNames }: NodeImages, mostListed: number): boolean =>
  mayHaveMoreNames || (mostListed >= 0 && count >= mostListed)
