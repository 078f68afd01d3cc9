import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { listing } from '../../src/workload/held-image.ts'
import { hasPulledFrom } from '../../src/workload/pulled-from.ts'
import { referenceOf } from '../support/reference-of.ts'

// What five thousand nodes of fifty images list: a tag and a digest each, and all of them the first image.
const names = Array.from({ length: 500 }, (_, index) => {
  const name = `registry-${index % 7}.example/team-${index % 40}/application-${index}`
  return [`${name}@sha256:${index.toString(16).padStart(64, '0')}`, `${name}:1`]
})
const namesOf = (node: number): readonly string[] =>
  Array.from({ length: 50 }, (_, index) => names[index === 0 ? 0 : (node + index * 9) % 500] ?? []).flat()
const nodes = Array.from({ length: 5000 }, (_, node) => ({
  images: { names: namesOf(node), count: 50, mayHaveMoreNames: true },
}))

const heldBytes = (): number => {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

const leastMs = (work: () => unknown): number => {
  const times = Array.from({ length: 20 }, () => {
    const begin = performance.now()
    work()
    return performance.now() - begin
  })
  return Math.min(...times)
}

// As long as most that is listed, so that a comparison has to look at letters.
const missing = `registry-1.example/team-1/application-999@sha256:${'f'.repeat(64)}`
const search = () => nodes.some(({ images }) => images.names.includes(missing))

test('what is remembered of five thousand nodes takes less than 12 MB', () => {
  const before = heldBytes()
  expect(nodes.some(listing(referenceOf(missing)))).toBe(false)
  expect(hasPulledFrom(nodes, referenceOf('nobody.example/team/app:1'))).toBe(false)
  expect(heldBytes() - before).toBeLessThan(12e6)
})

test('the nodes are looked through in less time than a search for one spelling among all the names takes', () => {
  const [, shared = ''] = names[0] ?? []
  const searchMs = leastMs(search)
  expect.soft(leastMs(() => nodes.some(listing(referenceOf(missing))))).toBeLessThan(searchMs)
  expect.soft(leastMs(() => nodes.every(listing(referenceOf(shared))))).toBeLessThan(searchMs)
  expect.soft(leastMs(() => hasPulledFrom(nodes, referenceOf('nobody.example/team/app:1')))).toBeLessThan(searchMs)
})
