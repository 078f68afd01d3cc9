import { LRUCache } from 'lru-cache'
import type { Nodes } from '../cluster/nodes.ts'
import type { Platform } from '../image/platform.ts'
import { remembering } from '../lib/remember.ts'
import { type Landing, landing, landingAnywhere, landingOn } from '../workload/landing.ts'
import type { Node } from '../workload/node.ts'
import { isUnsaid, type Placement, placementKey } from '../workload/placement.ts'
import { possibleNodes } from '../workload/possible-nodes.ts'
import { type FindRuntimeClass, noScheduling, type RuntimeClassScheduling } from '../workload/runtime-class.ts'
import type { Workload } from '../workload/workload.ts'

/** What says where pods land. */
export interface PlacingOptions {
  /** The platforms of the cluster's nodes, or these; `any`: platforms are not judged. */
  readonly platforms: 'nodes' | 'any' | readonly Platform[]
  /** The nodes of the cluster, where there is one. */
  readonly nodes: Pick<Nodes, 'current'> | undefined
  /** The RuntimeClasses of the cluster or of the manifests; undefined: none is known. */
  readonly findRuntimeClass?: FindRuntimeClass | undefined
}

/** What is still to be added to the placement; admission has added it to a pod already, whatever the class says since. */
const schedulingOf = (
  { placement: { runtimeClass }, isTemplate }: Workload,
  find: FindRuntimeClass | undefined,
): RuntimeClassScheduling | undefined => {
  if (!isTemplate) return noScheduling
  return runtimeClass === undefined ? undefined : find?.(runtimeClass)
}

// Placements that one list of nodes is held against again and again; most workloads of a cluster have the same few.
const mostPlacements = 500

const landings = remembering((_: readonly Node[]) => new LRUCache<string, Landing>({ max: mostPlacements }))

// Of a pod that says nothing the text of its placement would cost more than all else that is done for it.
const landingsUnsaid = remembering((nodes: readonly Node[]) =>
  remembering((placement: Placement) => landing(placement, nodes, noScheduling)),
)
const listedUnsaid = remembering((platforms: readonly Platform[]) =>
  remembering((placement: Placement) => landingOn(placement, platforms, noScheduling)),
)

/** The landing among nodes, which may be thousands, worked out once for each placement. */
const landingAmong = (placement: Placement, nodes: readonly Node[], scheduling: RuntimeClassScheduling | undefined) => {
  if (isUnsaid(placement)) return landingsUnsaid(nodes)(placement)
  const known = landings(nodes)
  const key = JSON.stringify([
    placementKey(placement),
    scheduling && [[...scheduling.nodeSelector], scheduling.tolerations],
  ])
  const before = known.get(key)
  if (before !== undefined) return before
  const found = landing(placement, nodes, scheduling)
  known.set(key, found)
  return found
}

/** Makes what says on which platforms a workload may land. */
export const landingFor =
  ({ platforms, nodes, findRuntimeClass }: PlacingOptions) =>
  (workload: Workload): Landing => {
    const { placement } = workload
    if (platforms === 'any') return landingAnywhere
    if (platforms !== 'nodes' && isUnsaid(placement)) return listedUnsaid(platforms)(placement)
    const scheduling = schedulingOf(workload, findRuntimeClass)
    if (platforms !== 'nodes') return landingOn(placement, platforms, scheduling)
    const known = nodes?.current()
    return known === undefined ? landingAnywhere : landingAmong(placement, known, scheduling)
  }

/** Makes what says on which nodes a workload may land; none where no cluster is known, and `unknown` where its nodes are not. */
export const nodesFor =
  ({ nodes, findRuntimeClass }: Pick<PlacingOptions, 'nodes' | 'findRuntimeClass'>) =>
  (workload: Workload): readonly Node[] | 'unknown' => {
    if (nodes === undefined) return []
    const known = nodes.current()
    const scheduling = schedulingOf(workload, findRuntimeClass)
    return known === undefined ? 'unknown' : possibleNodes(workload.placement, known, scheduling)
  }
