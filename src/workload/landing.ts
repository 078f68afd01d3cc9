import type { NodePlatform } from '../image/fit.ts'
import type { Platform } from '../image/platform.ts'
import { remembering } from '../lib/remember.ts'
import { eligibleNodes, type Undecided } from './eligible.ts'
import { mayLandOn, namedPlatforms } from './named-platform.ts'
import type { Node } from './node.ts'
import type { Placement } from './placement.ts'
import { type RuntimeClassScheduling, withRuntimeClass } from './runtime-class.ts'

/** Why nothing is known about the platforms on which a pod may land. */
export type NoLanding = Undecided | 'not-asked' | 'no-eligible-node' | 'platform-untold'

/** The platforms on which a pod may land. */
export type Landing =
  | { readonly kind: 'unknown'; readonly why: NoLanding }
  | {
      readonly kind: 'platforms'
      /** Distinct; at least one. */
      readonly platforms: readonly NodePlatform[]
      /** There is no such node yet, but the pod names these and goes nowhere else. */
      readonly awaited: boolean
      /** There is a pod on each node: a DaemonSet. */
      readonly every: boolean
    }

/** The landing where platforms are not to be judged. */
export const landingAnywhere: Landing = { kind: 'unknown', why: 'not-asked' }

/** Says where a pod may land among the nodes that there are. */
export const landing = (
  placement: Placement,
  nodes: readonly Node[],
  runtimeClass: RuntimeClassScheduling | undefined,
): Landing => {
  const eligible = eligibleNodes(placement, nodes, runtimeClass)
  if (eligible.ok && eligible.value.length > 0) return landingAmong(eligible.value, placement)
  // Whatever else has a say can only narrow the choice of a pod that names its platform.
  if (eligible.ok || placement.known === 'part') return landingByName(placement, nodes, runtimeClass)
  return { kind: 'unknown', why: eligible.error }
}

/** Says where a pod may land if the nodes are of these platforms. */
export const landingOn = (
  placement: Placement,
  listed: readonly Platform[],
  runtimeClass: RuntimeClassScheduling | undefined,
): Landing => {
  const whole = withRuntimeClass(placement, runtimeClass)
  if (!whole.ok) return { kind: 'unknown', why: whole.error }
  if (placement.known === 'nothing') return { kind: 'unknown', why: 'decided-elsewhere' }
  const found = listed.filter(mayLandOn(whole.value)).map(withoutRuntime)
  // A list tells no labels and no taints, so that a DaemonSet need not land on all of it.
  return found.length > 0
    ? landingAmong(found, { ...placement, daemon: false })
    : landingByName(placement, [], runtimeClass)
}

const landingAmong = (found: readonly NodePlatform[], { daemon }: Placement): Landing => {
  // One node that does not tell may be the very one that the image fits.
  if (found.some(({ platform }) => platform.os === '' || platform.architecture === ''))
    return { kind: 'unknown', why: 'platform-untold' }
  return { kind: 'platforms', platforms: distinct(found), awaited: false, every: daemon }
}

const landingByName = (
  placement: Placement,
  nodes: readonly Node[],
  runtimeClass: RuntimeClassScheduling | undefined,
): Landing => {
  const whole = withRuntimeClass(placement, runtimeClass)
  if (!whole.ok) return { kind: 'unknown', why: whole.error }
  // Where there are other systems than Linux, an architecture alone names no platform.
  const isMixed = nodes.some(({ platform }) => platform.os !== 'linux')
  const named = namedPlatforms(whole.value, isMixed ? [] : ['linux'])
  const isBound = nodes.some(({ name }) => name === placement.nodeName)
  if (named.length === 0 || isBound)
    return { kind: 'unknown', why: placement.known === 'part' ? 'decided-elsewhere' : 'no-eligible-node' }
  const found = placement.known === 'part' ? nodes.filter(({ platform }) => named.some(isLike(platform))) : []
  if (found.length > 0) return landingAmong(found, placement)
  return { kind: 'platforms', platforms: named.map(withoutRuntime), awaited: true, every: false }
}

const isLike =
  (a: Platform) =>
  (b: Platform): boolean =>
    a.os === b.os && a.architecture === b.architecture

const withoutRuntime = remembering((platform: Platform): NodePlatform => ({ platform, runtime: '' }))

// A node keeps its object from one review to the next, and what is remembered of it goes with that.
const platformOnly = remembering(({ platform, runtime }: NodePlatform): NodePlatform => ({ platform, runtime }))

const keyOf = remembering(({ platform, runtime }: NodePlatform): string => {
  const { os, architecture, variant, osVersion, osFeatures } = platform
  return JSON.stringify([os, architecture, variant, osVersion, osFeatures.toSorted(), runtime])
})

const distinct = (found: readonly NodePlatform[]): readonly NodePlatform[] => [
  ...new Map(found.map(node => [keyOf(node), platformOnly(node)])).values(),
]
