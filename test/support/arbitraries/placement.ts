import fc from 'fast-check'
import { labels, nodeName, nodeSelector, required } from './node-selector.ts'
import { perhaps, sometimes } from './perhaps.ts'
import { type Taint, tolerationsOf, taints as usualTaints } from './toleration.ts'

/** A pod's part that decides where it may land, as JSON carries it. */
export interface PlacedPod {
  readonly spec: object
}

/** A node's part that decides what may land there, as JSON carries it. */
export interface PlacedNode {
  readonly metadata: { readonly name: string; readonly labels?: object | null | undefined }
  readonly spec: { readonly taints?: readonly Taint[] | null | undefined }
}

const node: fc.Arbitrary<PlacedNode> = fc
  .record({
    metadata: fc.record({ name: nodeName, labels: perhaps(labels, {}) }),
    spec: fc.record({ taints: perhaps(usualTaints, []) }),
  })
  .map(asJson)

const affinity = fc.oneof(
  {
    arbitrary: required.map(terms => ({ nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } })),
    weight: 9,
  },
  {
    arbitrary: fc.constantFrom(
      { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: null } },
      { nodeAffinity: null },
      {},
      null,
    ),
    weight: 1,
  },
)

const podFor = (taints: readonly Taint[]): fc.Arbitrary<PlacedPod> =>
  fc
    .record({
      nodeSelector: sometimes(sometimes(perhaps(nodeSelector, {}))),
      affinity: sometimes(affinity),
      tolerations: perhaps(tolerationsOf(taints), []),
    })
    .map(spec => asJson({ spec }))

// What is undefined is left out, as in a manifest.
function asJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value))
}

/** A pod and a node, drawn from small alphabets, so that both a match and a near miss are frequent. */
export const placement: fc.Arbitrary<readonly [pod: PlacedPod, node: PlacedNode]> = node.chain(node =>
  fc.tuple(podFor(node.spec.taints ?? []), fc.constant(node)),
)
