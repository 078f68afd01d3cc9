import { expect, test } from 'vitest'
import { createSwitchover } from '../../src/commands/switchover.ts'

const thing = (name: string, closed: string[]) => ({
  name,
  close: async () => void closed.push(name),
})

test('a use keeps what it began with, and that is closed when its last use is over', async () => {
  const closed: string[] = []
  const switchover = createSwitchover(thing('old', closed))
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const uses = [first, second].map(({ promise }) => switchover.use(async ({ name }) => promise.then(() => name)))
  switchover.replace(thing('new', closed))
  expect(await switchover.use(async ({ name }) => name)).toBe('new')
  first.resolve()
  expect(await uses[0]).toBe('old')
  expect(closed).toEqual([])
  second.resolve()
  expect(await uses[1]).toBe('old')
  expect(closed).toEqual(['old'])
  await switchover.close()
  expect(closed).toEqual(['old', 'new'])
})

test('what nobody uses is closed as soon as it is replaced, and once', async () => {
  const closed: string[] = []
  const switchover = createSwitchover(thing('a', closed))
  switchover.replace(thing('b', closed))
  switchover.replace(thing('c', closed))
  expect(closed).toEqual(['a', 'b'])
  await switchover.close()
  expect(closed).toEqual(['a', 'b', 'c'])
})

test('a use that fails counts as over', async () => {
  const closed: string[] = []
  const switchover = createSwitchover(thing('a', closed))
  const failing = switchover.use(async () => {
    switchover.replace(thing('b', closed))
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  expect(closed).toEqual(['a'])
})

test('what is still in use at the end is closed all the same, and once', async () => {
  const closed: string[] = []
  const switchover = createSwitchover(thing('a', closed))
  const left = Promise.withResolvers<void>()
  const use = switchover.use(() => left.promise)
  switchover.replace(thing('b', closed))
  await switchover.close()
  left.resolve()
  await use
  expect(closed).toEqual(['a', 'b'])
})
