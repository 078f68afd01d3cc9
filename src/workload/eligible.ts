import { fail, ok, type Result } from '../lib/result.ts'
import type { Node } from './node.ts'
import { type Selectable, selectedByAny } from './node-selector.ts'
import { isPassing } from './passing-taint.ts'
import type { Placement } from './placement.ts'
import { type RuntimeClassScheduling, withRuntimeClass } from './runtime-class.ts'
import { findUntolerated, type Taint } from './toleration.ts'

/** Why it cannot be said on which nodes a pod may land. */
export type Undecided = 'decided-elsewhere' | 'runtime-class-unread' | 'runtime-class-conflict' | 'too-complex'

// 200 requirements against 5,000 nodes, tens of milliseconds. An object of 3 MiB has room for 50,000 requirements, and could else
// keep everybody waiting for seconds.
const maxComparisons = 1_000_000

/** The nodes on which a pod may land, now or once what ails a node has passed. A pod with a RuntimeClass needs its scheduling too. */
export const eligibleNodes = (
  placement: Placement,
  nodes: readonly Node[],
  runtimeClass: RuntimeClassScheduling | undefined,
): Result<readonly Node[], Undecided> => {
  const whole = wholePlacement(placement, runtimeClass)
  if (!whole.ok) return whole
  if (comparisons(whole.value) * nodes.length > maxComparisons) return fail('too-complex')
  const isSelected = selects(whole.value)
  return ok(nodes.filter(node => isSelected(node) && admits(node, whole.value)))
}

const wholePlacement = (
  placement: Placement,
  runtimeClass: RuntimeClassScheduling | undefined,
): Result<Placement, Undecided> => {
  if (placement.known !== 'whole') return fail('decided-elsewhere')
  if (placement.runtimeClass !== undefined && runtimeClass === undefined) return fail('runtime-class-unread')
  return withRuntimeClass(placement, runtimeClass)
}

/** Makes the test whether a node has the labels and the name that node selector and required affinity ask for. */
export const selects = ({ nodeSelector, requiredTerms }: Placement): ((node: Selectable) => boolean) => {
  const labels = [...nodeSelector]
  const isSelected = requiredTerms && selectedByAny(requiredTerms)
  return node => labels.every(([key, value]) => node.labels.get(key) === value) && (isSelected?.(node) ?? true)
}

// The kubelet checks name, labels and system again, so they count for a pod that is bound already: kubernetes pkg/kubelet/lifecycle/predicate.go.
const admits = (node: Node, placement: Placement): boolean => {
  if (placement.nodeName !== undefined && placement.nodeName !== node.name) return false
  if (placement.os !== undefined && node.platform.os !== '' && placement.os !== node.platform.os) return false
  return findUntolerated(node.taints.filter(repels(placement)), placement.tolerations) === undefined
}

// A pod with a node's name passes the scheduler by, and of taints the kubelet heeds NoExecute alone. The DaemonSet controller heeds both
// before it makes a pod: kubernetes pkg/controller/daemon/daemon_controller.go. The tolerations that it adds are all for taints that pass.
const repels = ({ nodeName, daemon }: Placement) => {
  const isScheduled = nodeName === undefined || daemon
  return ({ key, effect }: Taint): boolean =>
    !isPassing(key) && (effect === 'NoExecute' || (effect === 'NoSchedule' && isScheduled))
}

const comparisons = ({ nodeSelector, requiredTerms, tolerations }: Placement): number => {
  const requirements = (requiredTerms ?? []).map(term => term.matchExpressions.length + term.matchFields.length)
  return requirements.reduce((sum, count) => sum + count, nodeSelector.size + tolerations.length)
}
