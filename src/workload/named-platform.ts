import type { Platform } from '../image/platform.ts'
import { isSatisfiable, labelTest, type NodeSelectorTerm } from './node-selector.ts'
import type { Placement } from './placement.ts'

// The kubelet sets both: kubernetes pkg/kubelet/kubelet_node_status.go.
const architectureLabels = ['kubernetes.io/arch', 'beta.kubernetes.io/arch']
const systemLabels = ['kubernetes.io/os', 'beta.kubernetes.io/os']

// What a kubelet can be built for. Labels hold Go's names, so that no node ever matches `x86_64`.
const systems = ['linux', 'windows']
const architectures = ['amd64', 'arm64', '386', 'arm', 'loong64', 'mips64le', 'ppc64le', 'riscv64', 's390x']

/**
 * The platforms that a pod names by architecture, so that it lands on one of them or nowhere; empty where it leaves the architecture open.
 * `defaultSystems` are those that count where it names no operating system.
 */
export const namedPlatforms = (placement: Placement, defaultSystems: readonly string[]): readonly Platform[] => {
  if (!namesOne(placement, architectureLabels)) return []
  const isOpen = placement.os === undefined && !namesOne(placement, systemLabels)
  return (isOpen ? defaultSystems : systems)
    .flatMap(os => architectures.map(architecture => platform(os, architecture, placement)))
    .filter(mayLandOn(placement))
}

const platform = (os: string, architecture: string, { nodeSelector }: Placement): Platform => ({
  os,
  architecture,
  variant: '',
  osVersion: os === 'windows' ? (nodeSelector.get('node.kubernetes.io/windows-build') ?? '') : '',
  osFeatures: [],
})

/** Makes the test whether the labels that tell a platform keep a pod from it; any other label may be as the pod wants it. */
export const mayLandOn = (placement: Placement): ((platform: Platform) => boolean) => {
  const terms = placement.requiredTerms?.filter(isSatisfiable)
  return ({ os, architecture }) => {
    const labels = platformLabels(os, architecture)
    if (placement.os !== undefined && placement.os !== os) return false
    if ([...labels].some(([key, value]) => (placement.nodeSelector.get(key) ?? value) !== value)) return false
    return terms?.some(term => mayMatch(term, labels)) ?? true
  }
}

const platformLabels = (os: string, architecture: string): ReadonlyMap<string, string> =>
  new Map([
    ...architectureLabels.map(label => [label, architecture] as const),
    ...systemLabels.map(label => [label, os] as const),
  ])

const mayMatch = ({ matchExpressions }: NodeSelectorTerm, labels: ReadonlyMap<string, string>): boolean =>
  matchExpressions.every(
    ({ key, operator, values }) => !labels.has(key) || labelTest(operator, values)(labels.get(key)),
  )

const namesOne = ({ nodeSelector, requiredTerms }: Placement, labels: readonly string[]): boolean => {
  if (labels.some(label => nodeSelector.has(label))) return true
  const terms = requiredTerms?.filter(isSatisfiable) ?? []
  return (
    terms.length > 0 &&
    terms.every(term => term.matchExpressions.some(({ key, operator }) => operator === 'In' && labels.includes(key)))
  )
}
