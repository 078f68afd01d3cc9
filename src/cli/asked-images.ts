import { imagesOwnStart } from '../workload/container-start.ts'
import { unsaidPlacement } from '../workload/placement.ts'
import type { ImageText, ImageUse, ObjectName, Workload } from '../workload/workload.ts'

/** A use of an image of which nothing is known but that it is to be pulled. */
export const bareUse = (image: ImageText, path: string, name: string): ImageUse => ({
  image,
  path,
  name,
  role: 'container',
  blocks: true,
  start: imagesOwnStart,
  pullPolicy: 'Always',
})

const anyPod = { daemon: false, omitted: 'default' } as const

/** The workload of something that is no pod, in whose name nothing is pulled but with what there is at hand. */
export const bareWorkload = (object: ObjectName, images: readonly ImageUse[]): Workload => ({
  object,
  isTemplate: false,
  images,
  pullAs: { namespace: '', imagePullSecrets: [], serviceAccount: '' },
  placement: unsaidPlacement(anyPod),
})

const nobody: ObjectName = { apiVersion: '', kind: '', namespace: '', name: '' }

/** The workload of somebody who asks about images alone: nothing is known of the pod but that it has to pull them. */
export const askedImages = (images: readonly string[]): Workload =>
  bareWorkload(
    nobody,
    images.map((text, index) => bareUse({ kind: 'image', text }, `--image ${index + 1}`, '')),
  )
