import { remembering } from '../lib/remember.ts'
import { asList, asRecord, asText, asTextMap, ownProperty, propertyAt } from '../lib/untrusted.ts'
import type { Kind } from './kinds.ts'
import { type NodeSelectorTerm, termOf } from './node-selector.ts'
import { hasExpansion } from './placeholder.ts'
import type { PodField } from './pod-fields.ts'
import { type Toleration, tolerationOf } from './toleration.ts'

/** What decides on which nodes a pod may land. */
export interface Placement {
  readonly nodeName: string | undefined
  readonly nodeSelector: ReadonlyMap<string, string>
  /** Of the required node affinity, one of which must fit: none fits an empty list, and undefined asks for nothing. */
  readonly requiredTerms: readonly NodeSelectorTerm[] | undefined
  /** `spec.os.name`: the kubelet of any other system turns the pod away. */
  readonly os: string | undefined
  readonly tolerations: readonly Toleration[]
  readonly runtimeClass: string | undefined
  /** Whether there is a pod on each node that fits. */
  readonly daemon: boolean
  /** How much of the truth this is: `part` where something else may add to it, `nothing` where it holds text that is filled in later. */
  readonly known: 'whole' | 'part' | 'nothing'
}

const fields = ['nodeName', 'nodeSelector', 'affinity', 'os', 'tolerations', 'runtimeClassName']

type PlacingKind = Pick<Kind, 'daemon' | 'omitted'>

const unsaid = new WeakSet<Placement>()

/** The placement of a pod that says nothing of it. */
export const unsaidPlacement = remembering((kind: PlacingKind): Placement => {
  const placement = read(() => undefined, kind)
  unsaid.add(placement)
  return placement
})

/** Whether the pod says nothing of it, as most do. Such placements are one object for each kind: what is found out of it can be remembered. */
export const isUnsaid = (placement: Placement): boolean => unsaid.has(placement)

/** Reads where a pod may land. */
export const placementOf = (field: PodField, kind: Kind): Placement => {
  if (!fields.some(name => field(name) !== undefined)) return unsaidPlacement(kind)
  const placement = read(field, kind)
  const isFilledIn = kind.expands.length > 0 && hasExpansion(placementKey(placement), kind.expands)
  return isFilledIn ? { ...placement, known: 'nothing' } : placement
}

const read = (field: PodField, { daemon, omitted }: PlacingKind): Placement => ({
  nodeName: given(field('nodeName')),
  nodeSelector: asTextMap(field('nodeSelector')),
  requiredTerms: requiredTermsOf(field('affinity')),
  os: given(ownProperty(field('os'), 'name')),
  tolerations: asList(field('tolerations')).map(tolerationOf),
  runtimeClass: given(field('runtimeClassName')),
  daemon,
  known: omitted === 'default' ? 'whole' : 'part',
})

const given = (value: unknown): string | undefined => asText(value) || undefined

const requiredTermsOf = (affinity: unknown): readonly NodeSelectorTerm[] | undefined => {
  const required = asRecord(propertyAt(affinity, 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution'))
  return required && asList(ownProperty(required, 'nodeSelectorTerms')).map(termOf)
}

/** A text that is the same for two placements that cannot differ in effect but for the order of their parts. */
export const placementKey = (placement: Placement): string => {
  const { nodeSelector, requiredTerms, tolerations, ...rest } = placement
  return JSON.stringify([
    sorted(Object.entries(rest)),
    sorted([...nodeSelector]),
    requiredTerms === undefined ? null : sorted(requiredTerms.map(termKey)),
    sorted(tolerations.map(({ key, operator, value, effect }) => [key, operator, value, effect])),
  ])
}

const termKey = ({ matchExpressions, matchFields }: NodeSelectorTerm) =>
  [matchExpressions, matchFields].map(list =>
    sorted(list.map(({ key, operator, values }) => [key, operator, sorted(values)])),
  )

const sorted = <T>(parts: readonly T[]): readonly T[] =>
  parts
    .map(part => [JSON.stringify(part), part] as const)
    .sort(([a], [b]) => (a < b ? -1 : Number(a > b)))
    .map(([, part]) => part)
