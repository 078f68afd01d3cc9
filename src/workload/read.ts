import { asText, ownProperty, propertyAt } from '../lib/untrusted.ts'
import { deviceTolerations } from './extended-resource.ts'
import { containersOf, imageUsesOf, type TextlessImage, textlessImagesOf } from './image-use.ts'
import type { Kind, PodPlace } from './kinds.ts'
import { type Placement, placementOf } from './placement.ts'
import { type FoundPod, podsAt } from './pod-fields.ts'
import { pullAsOf } from './pull-as.ts'
import type { Toleration } from './toleration.ts'
import type { ObjectName, Workload } from './workload.ts'

/** Reads the workloads of an object, one for each pod place that it fills; a place may have no image. */
export const workloadsOf = (object: unknown, kind: Kind, namespace: string): readonly Workload[] => {
  const name = objectNameOf(object, kind, namespace)
  return kind.pods.flatMap(place => podsAt(object, place).map(pod => workloadAt(pod, place, kind, name)))
}

/** What stands in an object where an image is to be named, and is no text. */
export const textlessImagesIn = (object: unknown, kind: Kind): readonly TextlessImage[] =>
  kind.pods.flatMap(place =>
    podsAt(object, place).flatMap(pod => textlessImagesOf(pod, containersOf(pod, place), kind)),
  )

const workloadAt = (pod: FoundPod, place: PodPlace, kind: Kind, object: ObjectName): Workload => {
  const isTemplate = !(kind.group === '' && kind.kind === 'Pod')
  const containers = containersOf(pod, place)
  const placement = placementOf(pod.field, kind)
  const devices = deviceTolerations(containers.map(({ value }) => value))
  return {
    object,
    isTemplate,
    images: imageUsesOf(pod, containers, kind, isTemplate),
    pullAs: pullAsOf(pod.field, object.namespace, kind),
    placement: isTemplate && devices.length > 0 ? withTolerations(placement, devices) : placement,
  }
}

const withTolerations = (placement: Placement, more: readonly Toleration[]): Placement => ({
  ...placement,
  tolerations: [...placement.tolerations, ...more],
})

const objectNameOf = (object: unknown, kind: Kind, namespace: string): ObjectName => {
  const generateName = asText(propertyAt(object, 'metadata', 'generateName'))
  return {
    apiVersion: asText(ownProperty(object, 'apiVersion')) ?? apiVersionOf(kind),
    kind: kind.kind,
    namespace,
    name: asText(propertyAt(object, 'metadata', 'name')) || (generateName ? `${generateName}*` : ''),
  }
}

const apiVersionOf = ({ group, versions: [version = ''] }: Kind): string =>
  group === '' ? version : `${group}/${version}`
