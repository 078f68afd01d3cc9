import type { ContainerStart } from './container-start.ts'
import type { Placement } from './placement.ts'
import type { PullAs } from './pull-as.ts'
import type { PullPolicy } from './pull-policy.ts'

/** What an object is called. */
export interface ObjectName {
  readonly apiVersion: string
  readonly kind: string
  readonly namespace: string
  /** A name that is still to be made up ends in `*`. */
  readonly name: string
}

/** What an image is for. */
export type ContainerRole = 'container' | 'init' | 'ephemeral' | 'volume'

/** What is written where an image belongs: an image, or text that something else will put one in the place of. */
export type ImageText =
  | { readonly kind: 'image'; readonly text: string }
  | { readonly kind: 'placeholder'; readonly text: string }

/** One place of a pod where an image is used. */
export interface ImageUse {
  readonly image: ImageText
  /** As in `spec.template.spec.containers[0].image`. */
  readonly path: string
  /** The container's or the volume's. */
  readonly name: string
  readonly role: ContainerRole
  /** Whether something waits for the image: true, but for an image volume that no container mounts. */
  readonly blocks: boolean
  readonly start: ContainerStart
  readonly pullPolicy: PullPolicy
}

/** A pod, or the template of pods, as far as it decides what is pulled, in whose name, and where. */
export interface Workload {
  readonly object: ObjectName
  /** Whether admission is yet to change the pods: any object but a pod. */
  readonly isTemplate: boolean
  readonly images: readonly ImageUse[]
  readonly pullAs: PullAs
  readonly placement: Placement
}
