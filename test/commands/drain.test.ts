import { expect, test } from 'vitest'
import { drain } from '../../src/commands/drain.ts'

const never = new AbortController().signal

/** Drains by a clock that only waiting moves, and gives how long that took. */
const drained = async (connections: (ms: number) => number, lastReviewMs: (ms: number) => number, mostMs = 95_000) => {
  let now = 0
  let parted = 0
  await drain(
    {
      server: {
        partWithClients: () => {
          parted += 1
        },
        connections: () => connections(now),
        lastReviewMs: () => lastReviewMs(now),
      },
      mostMs,
      nowMs: () => now,
      wait: async ms => {
        now += ms
      },
    },
    never,
  )
  expect(parted).toBe(1)
  return now
}

test('a webhook that nobody is connected to leaves after a few seconds, in which somebody may still come', async () => {
  expect(
    await drained(
      () => 0,
      () => 0,
    ),
  ).toBe(8000)
})

test('a webhook leaves some seconds after the last review, and when the last connection is gone', async () => {
  expect(
    await drained(
      () => 0,
      ms => Math.min(ms, 20_000),
    ),
  ).toBe(28_000)
  expect(
    await drained(
      ms => (ms < 40_000 ? 1 : 0),
      () => 0,
    ),
  ).toBe(40_000)
})

test('a webhook that somebody holds on to leaves when its time is over', async () => {
  expect(
    await drained(
      () => 1,
      ms => ms,
    ),
  ).toBe(95_000)
  expect(
    await drained(
      () => 1,
      ms => ms,
      0,
    ),
  ).toBe(0)
})
