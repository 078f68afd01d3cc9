import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { createSharedTexts } from '../../src/cluster/shared-texts.ts'
import { createShelf } from '../../src/cluster/shelf.ts'
import { type Node, nodeOf } from '../../src/workload/node.ts'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

const heapMiB = (): number => {
  collect()
  return process.memoryUsage().heapUsed / 2 ** 20
}

const imagesOfRound = (round: number): readonly object[] =>
  Array.from({ length: 50 }, (_, image) => ({ names: [`registry.example/app-${image}:${round}-${'x'.repeat(150)}`] }))

test('texts that come and go for days are not kept', () => {
  const { shared, tidy } = createSharedTexts()
  const shelf = createShelf<Node>({ read: object => shared(nodeOf(object)), isSame: Object.is, tidy })
  shelf.beginList().whole()
  const object = (round: number) => ({
    metadata: { name: `node-${round % 20}` },
    status: { images: imagesOfRound(round) },
  })
  for (let round = 0; round < 20; round += 1) shelf.put(object(round))
  const before = heapMiB()
  // 150,000 texts of 180 bytes: 27 MB and more.
  for (let round = 0; round < 3000; round += 1) shelf.put(object(round))
  expect(shelf.all()).toHaveLength(20)
  expect(heapMiB() - before).toBeLessThan(12)
})

test('a node is the same after its texts were shared', () => {
  const { shared } = createSharedTexts()
  const node = nodeOf({
    metadata: { name: 'a', labels: { one: '1' } },
    spec: { taints: [{ key: 'x', effect: 'NoSchedule' }] },
    status: { images: [{ names: ['app:1', 'app:2'] }], nodeInfo: { containerRuntimeVersion: 'containerd://2.4.2' } },
  })
  expect(shared(node)).toEqual(node)
})
