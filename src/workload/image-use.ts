import { asList, asRecord, asText, ownProperty, propertyAt } from '../lib/untrusted.ts'
import { containerStartOf, imagesOwnStart } from './container-start.ts'
import type { Kind, PodPlace } from './kinds.ts'
import { walk } from './path.ts'
import { isPlaceholder } from './placeholder.ts'
import type { FoundPod } from './pod-fields.ts'
import { pullPolicyOf } from './pull-policy.ts'
import type { ContainerRole, ImageUse } from './workload.ts'

/** A container, or an object like one, and where it was found. */
export interface FoundContainer {
  readonly path: string
  readonly value: unknown
  readonly role: ContainerRole
}

/** Finds the containers of a pod, in the order of the place's paths. */
export const containersOf = (pod: FoundPod, place: PodPlace): readonly FoundContainer[] => {
  const found: FoundContainer[] = []
  for (const pattern of place.containers)
    for (const [path, value] of walk(pod.spec, pattern, pod.path)) found.push({ path, value, role: roleOf(pattern) })
  return found
}

const roleOf = (pattern: string): ContainerRole => {
  const last = pattern.slice(pattern.lastIndexOf('.') + 1)
  if (/^initContainers(?:\[|$)/.test(last)) return 'init'
  return /^ephemeralContainers(?:\[|$)/.test(last) ? 'ephemeral' : 'container'
}

/** Finds the uses of images in a pod; where no image is written there is none, since that is the API server's or the controller's to mend. */
export const imageUsesOf = (
  pod: FoundPod,
  containers: readonly FoundContainer[],
  { expands, omitted }: Kind,
  isTemplate: boolean,
): readonly ImageUse[] => {
  const uses: ImageUse[] = []
  for (const { where, value, policy } of writtenImages(pod, containers, omitted === 'default')) {
    const text = asText(value)
    if (text === undefined) continue
    const kind = isTemplate && isPlaceholder(text, expands) ? 'placeholder' : 'image'
    uses.push({ ...where, image: { kind, text }, pullPolicy: pullPolicyOf(policy, text) })
  }
  return uses
}

/** Something that stands where an image is to be named, and is no text: the API server takes no such object. */
export interface TextlessImage {
  readonly path: string
  readonly is: 'a number' | 'a boolean' | 'a list' | 'an object'
}

const isInstead = (value: unknown): TextlessImage['is'] | undefined => {
  if (typeof value === 'number' || typeof value === 'bigint') return 'a number'
  if (typeof value === 'boolean') return 'a boolean'
  if (Array.isArray(value)) return 'a list'
  return asRecord(value) === undefined ? undefined : 'an object'
}

/** Finds what a pod names in the place of images and is no text; null names nothing, as though it were not there. */
export const textlessImagesOf = (
  pod: FoundPod,
  containers: readonly FoundContainer[],
  { omitted }: Kind,
): readonly TextlessImage[] =>
  writtenImages(pod, containers, omitted === 'default').flatMap(({ where, value }) => {
    const is = isInstead(value)
    return is === undefined ? [] : [{ path: where.path, is }]
  })

const writtenImages = (
  pod: FoundPod,
  containers: readonly FoundContainer[],
  isWhole: boolean,
): readonly WrittenImage[] => {
  const volumes = walk(pod.spec, 'volumes[*]', pod.path)
  const mounted = new Set(volumes.length === 0 ? [] : containers.flatMap(({ value }) => mountedVolumes(value)))
  return [
    ...containers.map(container => writtenByContainer(container, isWhole)),
    ...volumes.map(([path, volume]) => writtenByVolume(path, volume, mounted)),
  ]
}

interface WrittenImage {
  readonly where: Omit<ImageUse, 'image' | 'pullPolicy'>
  readonly value: unknown
  readonly policy: unknown
}

const writtenByContainer = ({ path, value, role }: FoundContainer, isWhole: boolean): WrittenImage => ({
  where: {
    path: path === '' ? 'image' : `${path}.image`,
    name: nameOf(value),
    role,
    blocks: true,
    start: containerStartOf(value, isWhole),
  },
  value: ownProperty(value, 'image'),
  policy: ownProperty(value, 'imagePullPolicy'),
})

const writtenByVolume = (path: string, volume: unknown, mounted: ReadonlySet<unknown>): WrittenImage => ({
  where: {
    path: `${path}.image.reference`,
    name: nameOf(volume),
    role: 'volume',
    blocks: mounted.has(nameOf(volume)),
    start: imagesOwnStart,
  },
  value: propertyAt(volume, 'image', 'reference'),
  policy: propertyAt(volume, 'image', 'pullPolicy'),
})

const nameOf = (value: unknown): string => asText(ownProperty(value, 'name')) ?? ''

const mountedVolumes = (container: unknown): readonly unknown[] =>
  asList(ownProperty(container, 'volumeMounts')).map(mount => ownProperty(mount, 'name'))
