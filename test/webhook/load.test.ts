import { expect, test } from 'vitest'
import { createLoad } from '../../src/webhook/load.ts'
import { closedAfterTest } from '../support/lifetime.ts'

const load = (given: object = {}) => {
  const made = createLoad({ mostReviews: 2, mostBytes: 100, mostLateMs: 500, nowMs: () => 0, ...given })
  closedAfterTest({ close: async () => made.close() })
  return made
}

test('the load is too high with as many reviews as there may be, until one is over', () => {
  const { begin, isTooHigh } = load()
  const over = [begin(1), begin(1)]
  expect(isTooHigh()).toBe(true)
  over[0]?.()
  expect(isTooHigh()).toBe(false)
})

test('the load is too high with as many bytes as there may be', () => {
  const { begin, isTooHigh } = load()
  const over = begin(100)
  expect(isTooHigh()).toBe(true)
  over()
  expect(isTooHigh()).toBe(false)
})

test('one long turn makes a review late, and is no overload by itself', () => {
  let now = 0
  const { lateMs, isTooHigh } = load({ nowMs: () => now })
  now = 1100
  expect(lateMs()).toBe(1000)
  expect(isTooHigh()).toBe(false)
})
