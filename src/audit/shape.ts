import { placementKey } from '../workload/placement.ts'
import type { Workload } from '../workload/workload.ts'

/** A text that is the same for pods of one owner that pull the same images, by the same policies, in the same name. */
export const shapeKey = ({ images, pullAs, placement }: Workload): string =>
  JSON.stringify([
    images.map(({ image, name, role, blocks, pullPolicy }) => [image.text, name, role, blocks, pullPolicy]),
    pullAs.imagePullSecrets ?? null,
    pullAs.serviceAccount ?? null,
    // Bound to nodes, each pod of an owner would have a shape of its own.
    placementKey({ ...placement, nodeName: undefined, requiredTerms: undefined }),
  ])
