import type { Digest } from '../image/digest.ts'
import type { Kind } from '../workload/kinds.ts'
import { type Placement, placementKey } from '../workload/placement.ts'
import { workloadsOf } from '../workload/read.ts'
import { isBeingDeleted, isOwned } from '../workload/standing.ts'
import type { ImageUse, ObjectName, Workload } from '../workload/workload.ts'
import { type Controller, controllerOf, uidOf } from './owner.ts'
import { hasEnded, isOver, runningIn } from './running.ts'
import { shapeKey } from './shape.ts'

/** What of one owner is judged: its pods as they are, or its templates where it has none. */
export interface Owned {
  readonly object: ObjectName
  readonly uid: string
  /** Pods that are not over. */
  readonly pods: number
  readonly workloads: readonly Workload[]
  /** The digests that run, by the image's text. */
  readonly running: ReadonlyMap<string, ReadonlySet<Digest>>
}

/** The objects of a cluster, of which only what decides is kept. */
export interface Inventory {
  /** Takes one object; the same one again changes nothing. Owners and pods may come in any order. */
  readonly take: (object: unknown, kind: Kind, namespace: string) => void
  /** Owners by namespace, kind and name. */
  readonly owners: () => readonly Owned[]
}

interface Template {
  readonly controller: Controller | undefined
  /** None where another template makes this one: of a Deployment's many old ReplicaSets nothing but the placement counts. */
  readonly workloads: readonly Workload[]
  readonly placement: Placement | undefined
}

interface Shaped {
  /** Of its first pod. */
  readonly uid: string
  readonly workload: Workload
  readonly controller: Controller | undefined
  readonly running: Map<string, Set<Digest>>
  count: number
}

const isPod = ({ group, kind }: Kind): boolean => group === '' && kind === 'Pod'
const isJob = ({ group, kind }: Kind): boolean => group === 'batch' && kind === 'Job'

// Owners of owners: a Deployment's ReplicaSet, a CronJob's Job, and one or two more for a custom kind on top.
const mostSteps = 8

/** Makes an empty inventory; templates made by an object of these kinds are not shown beside it. */
export const createInventory = (kinds: readonly Kind[]): Inventory => {
  const templates = new Map<string, Template>()
  const pods = new Set<string>()
  // By owner and shape: a hundred pods of one ReplicaSet are one.
  const shapes = new Map<string, Shaped>()

  const takePod = (object: unknown, workload: Workload): void => {
    if (isOver(object) || workload.images.length === 0) return
    const controller = controllerOf(object)
    const key = `${controller?.uid ?? uidOf(object)} ${shapeKey(workload)}`
    const shape = shapes.get(key) ?? { uid: uidOf(object), workload, controller, running: new Map(), count: 0 }
    shapes.set(key, shape)
    shape.count += 1
    for (const { name, digest } of runningIn(object)) {
      const text = workload.images.find(use => use.name === name && use.role !== 'volume')?.image.text
      if (text !== undefined) shape.running.set(text, (shape.running.get(text) ?? new Set()).add(digest))
    }
  }

  const placements = new Map<string, Placement>()
  const shared = (placement: Placement): Placement => {
    const key = placementKey(placement)
    const known = placements.get(key) ?? placement
    placements.set(key, known)
    return known
  }
  const takeTemplate = (object: unknown, workloads: readonly Workload[]): void => {
    const placement = workloads[0] && shared(workloads[0].placement)
    const own = isOwned(object, kinds) ? [] : workloads
    templates.set(uidOf(object), { controller: controllerOf(object), placement, workloads: own })
  }

  const take: Inventory['take'] = (object, kind, namespace) => {
    const uid = uidOf(object)
    if (isBeingDeleted(object) || uid === '' || pods.has(uid) || templates.has(uid)) return
    // A list leaves apiVersion and kind out of its items, which nothing here reads but for pods' names.
    const workloads = isJob(kind) && hasEnded(object) ? [] : workloadsOf(object, kind, namespace)
    const [first] = workloads
    if (!isPod(kind)) takeTemplate(object, workloads)
    else if (first !== undefined) {
      pods.add(uid)
      takePod(object, first)
    }
  }

  /** The topmost owner that is known, or that an owner names, and the nearest template that says where pods may land. */
  const ownerOf = (direct: Controller | undefined): Owner | undefined => {
    let [controller, placement, steps] = [direct, templates.get(direct?.uid ?? '')?.placement, 0]
    while (controller !== undefined && steps < mostSteps) {
      const template = templates.get(controller.uid)
      placement ??= template?.placement
      if (template?.controller === undefined) return { controller, template, placement }
      controller = template.controller
      steps += 1
    }
    return undefined
  }

  const owners = (): readonly Owned[] => {
    const byOwner = Map.groupBy(shapes, ([key, { controller }]) => ownerOf(controller)?.controller.uid ?? key)
    const running = [...byOwner.values()].map(members => {
      const [shape] = members[0] ? [members[0][1]] : []
      return ownedBy(
        ownerOf(shape?.controller),
        members.map(([, each]) => each),
      )
    })
    const idle = [...templates].flatMap(([uid, { workloads }]) =>
      byOwner.has(uid) || !isUsed(workloads) ? [] : ownedIdle(uid, workloads),
    )
    return [...running, ...idle].toSorted((a, b) => compare(nameKey(a.object), nameKey(b.object)))
  }
  return { take, owners }
}

interface Owner {
  readonly controller: Controller
  readonly template: Template | undefined
  readonly placement: Placement | undefined
}

const isUsed = (workloads: readonly Workload[]): boolean => workloads.some(({ images }) => images.length > 0)

const nameKey = ({ namespace, kind, name }: ObjectName): string => [namespace, kind, name].join('\n')
const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b))

const ownedIdle = (uid: string, workloads: readonly Workload[]): readonly Owned[] =>
  workloads.slice(0, 1).map(({ object }) => ({ object, uid, pods: 0, workloads, running: new Map() }))

const ownedBy = (owner: Owner | undefined, shapes: readonly Shaped[]): Owned => {
  const object = nameOf(owner, shapes[0]?.workload.object)
  const workloads = shapes.map(({ workload }) => asOwners(workload, object, owner))
  return {
    object,
    uid: owner?.controller.uid ?? shapes[0]?.uid ?? '',
    pods: shapes.reduce((sum, { count }) => sum + count, 0),
    workloads: [...new Map(workloads.map(workload => [shapeKey(workload), workload])).values()],
    running: unionOf(shapes.map(({ running }) => running)),
  }
}

type RunningDigests = ReadonlyMap<string, ReadonlySet<Digest>>

const unionOf = (all: readonly RunningDigests[]): RunningDigests => {
  const texts = new Set(all.flatMap(each => [...each.keys()]))
  return new Map([...texts].map(text => [text, new Set(all.flatMap(each => [...(each.get(text) ?? [])]))]))
}

const noName: ObjectName = { apiVersion: '', kind: '', namespace: '', name: '' }

const nameOf = (owner: Owner | undefined, pod: ObjectName = noName): ObjectName => {
  if (owner === undefined) return pod
  const { apiVersion, kind, name } = owner.controller
  return owner.template?.workloads[0]?.object ?? { apiVersion, kind, namespace: pod.namespace, name }
}

/**
 * A pod as one of its owner's: it has the images and the secrets that admission left it with, and its next one lands where the template
 * may. (The pod itself is bound to one node, a DaemonSet's by its affinity.)
 */
const asOwners = (workload: Workload, object: ObjectName, owner: Owner | undefined): Workload => {
  if (owner === undefined) return workload
  const written = owner.template?.workloads[0]?.images ?? []
  const asWritten = (use: ImageUse): ImageUse => {
    const same = written.find(({ name, role }) => name === use.name && role === use.role)
    return same === undefined ? use : { ...use, path: same.path }
  }
  const placement = owner.placement ?? { ...workload.placement, nodeName: undefined }
  return { ...workload, object, images: workload.images.map(asWritten), placement }
}
