import { afterAll, test } from 'vitest'
import { eligibleNodes, selects } from '../../src/workload/eligible.ts'
import { builtInKinds, findKind } from '../../src/workload/kinds.ts'
import { nodeOf } from '../../src/workload/node.ts'
import { workloadsOf } from '../../src/workload/read.ts'
import { placement } from '../support/arbitraries/placement.ts'
import { compare } from './compare.ts'
import { startOracle } from './oracle.ts'

const oracle = startOracle()
afterAll(oracle.close)

const podKind = findKind(builtInKinds, '', 'Pod')

const ours = (pod: object, node: object) => {
  if (podKind === undefined) throw new Error('pods are no built-in kind')
  const [workload] = workloadsOf(pod, podKind, 'default')
  if (workload === undefined) throw new Error('a pod is no workload')
  const on = nodeOf(node)
  const eligible = eligibleNodes(workload.placement, [on], undefined)
  return { selected: selects(workload.placement)(on), lands: eligible.ok && eligible.value.length === 1 }
}

test('pods land where the scheduler lets them', async () => {
  await compare({
    name: 'placements',
    inputs: placement,
    count: 50_000,
    ours: ([pod, node]) => ours(pod, node),
    theirs: async ([pod, node]) => {
      const { selected, tolerated } = await oracle.placement(pod, node)
      return { selected, lands: selected && tolerated }
    },
    sideOf: ({ lands }) => (lands ? 'land' : 'are kept away'),
  })
})
