import { describe, expect, test } from 'vitest'
import { createRepeats } from '../../src/telemetry/repeats.ts'

const desk = (most = 100) => {
  const clock = { now: 0 }
  const written: string[] = []
  const repeats = createRepeats({
    nowMs: () => clock.now,
    everyMs: 60_000,
    most,
    leftOut: lines => written.push(`left out ${lines}`),
  })
  const say = (key: string): void => repeats.say(key, () => keptBack => written.push(`${key} ${keptBack}`))
  return { ...repeats, say, clock, written }
}

describe('what is said again and again', () => {
  test('is written once a minute, with how often it was kept back', () => {
    const { say, clock, written } = desk()
    for (const now of [0, 1000, 59_999, 60_000, 60_001]) {
      clock.now = now
      say('down')
    }
    expect(written).toEqual(['down 0', 'down 2'])
  })

  test('is written at the next occasion, where it is not said any more', () => {
    const { say, settle, clock, written } = desk()
    for (const key of ['a', 'b', 'a', 'a']) say(key)
    clock.now = 59_000
    settle()
    expect(written).toEqual(['a 0', 'b 0'])
    clock.now = 60_000
    say('c')
    expect(written).toEqual(['a 0', 'b 0', 'a 2', 'c 0'])
  })

  test('is written at the end', () => {
    const { say, finish, written } = desk()
    for (const key of ['a', 'a']) say(key)
    finish()
    finish()
    expect(written).toEqual(['a 0', 'a 1'])
  })
})

test('of too many different things the rest is only counted', () => {
  const { say, settle, finish, clock, written } = desk(3)
  for (let index = 0; index < 100_000; index++) say(`thing ${index}`)
  expect(written).toEqual(['thing 0 0', 'thing 1 0', 'thing 2 0'])
  clock.now = 60_000
  settle()
  expect(written.slice(3)).toEqual(['left out 99997'])
  for (let index = 0; index < 10; index++) say(`thing ${index}`)
  finish()
  expect(written.slice(4)).toEqual(['thing 0 0', 'thing 1 0', 'thing 2 0', 'left out 7'])
})
