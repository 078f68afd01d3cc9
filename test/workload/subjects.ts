import { builtInKinds, findKind, type Kind } from '../../src/workload/kinds.ts'
import { workloadsOf } from '../../src/workload/read.ts'
import type { Workload } from '../../src/workload/workload.ts'

/** A built-in kind, which has to exist. */
export const kindNamed = (group: string, name: string): Kind => {
  const kind = findKind(builtInKinds, group, name)
  if (kind === undefined) throw new Error(`${name} is no built-in kind`)
  return kind
}

const only = (workloads: readonly Workload[]): Workload => {
  const [first, ...others] = workloads
  if (first === undefined || others.length > 0) throw new Error(`one workload expected, got ${workloads.length}`)
  return first
}

/** The workload of a pod. */
export const podOf = (spec: object): Workload => only(workloadsOf({ spec }, kindNamed('', 'Pod'), 'default'))

const ofTemplate =
  (kind: Kind) =>
  (spec: object): Workload =>
    only(workloadsOf({ spec: { template: { spec } } }, kind, 'default'))

/** The workload of a Deployment with this pod spec. */
export const deploymentOf = ofTemplate(kindNamed('apps', 'Deployment'))

/** The workload of a DaemonSet with this pod spec. */
export const daemonSetOf = ofTemplate(kindNamed('apps', 'DaemonSet'))
