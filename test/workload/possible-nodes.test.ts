import { expect, test } from 'vitest'
import { nodeOf } from '../../src/workload/node.ts'
import { possibleNodes } from '../../src/workload/possible-nodes.ts'
import { node } from './placements.ts'
import { podOf } from './subjects.ts'

const nodes = [nodeOf(node({ disk: 'ssd' }, [], 'a')), nodeOf(node({}, [], 'b'))]
const namesFor = (spec: object) => possibleNodes(podOf(spec).placement, nodes, undefined).map(({ name }) => name)

test.each([
  ['that its labels leave', { nodeSelector: { disk: 'ssd' } }, ['a']],
  ['that there are, where it asks for nothing', {}, ['a', 'b']],
  [
    'that there are, where its RuntimeClass has a say that nobody could read',
    { runtimeClassName: 'kata', nodeSelector: { disk: 'ssd' } },
    ['a', 'b'],
  ],
  ['of which there is none', { nodeSelector: { disk: 'tape' } }, []],
])('a pod may land on the nodes %s', (_, spec, names) => {
  expect(namesFor(spec)).toEqual(names)
})
