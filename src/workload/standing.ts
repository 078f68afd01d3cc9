import { asList, asText, ownProperty, propertyAt } from '../lib/untrusted.ts'
import { findKind, type Kind } from './kinds.ts'

/** Whether the object is on its way out, so that whatever it pulls no longer matters. */
export const isBeingDeleted = (object: unknown): boolean =>
  (asText(propertyAt(object, 'metadata', 'deletionTimestamp')) ?? '') !== ''

/**
 * Whether the object is a kubelet's note of a static pod, which runs whatever is answered here. Of a pod only: on a template anybody
 * may write the annotation, and its pods would be pulled all the same.
 */
export const isMirror = (object: unknown): boolean =>
  isPod(object) && propertyAt(object, 'metadata', 'annotations', 'kubernetes.io/config.mirror') !== undefined

/**
 * Whether a controller made the object, so that its owner is the one to be judged: any controller for a pod, for other
 * objects one whose kind has pod templates itself, as a Deployment has for its ReplicaSets.
 */
export const isOwned = (object: unknown, kinds: readonly Kind[]): boolean => {
  const references = asList(propertyAt(object, 'metadata', 'ownerReferences'))
  const controller = references.find(reference => ownProperty(reference, 'controller') === true)
  if (controller === undefined) return false
  if (isPod(object)) return true
  const [group = ''] = (asText(ownProperty(controller, 'apiVersion')) ?? '').split('/').slice(0, -1)
  return findKind(kinds, group, asText(ownProperty(controller, 'kind')) ?? '') !== undefined
}

const isPod = (object: unknown): boolean =>
  ownProperty(object, 'apiVersion') === 'v1' && ownProperty(object, 'kind') === 'Pod'
