import { expect, test } from 'vitest'
import { firing } from '../../src/lib/abort.ts'
import { mapSideBySide } from '../../src/lib/side-by-side.ts'

test('a list is mapped in its order, so many elements at once and no more', async () => {
  let running = 0
  let most = 0
  const doubled = await mapSideBySide([5, 1, 4, 2, 3, 0], 2, async element => {
    running++
    most = Math.max(most, running)
    for (let turn = 0; turn < element; turn++) await Promise.resolve()
    running--
    return element * 2
  })
  expect(doubled).toEqual([10, 2, 8, 4, 6, 0])
  expect(most).toBe(2)
})

test('an empty list is mapped to an empty one', async () => {
  expect(await mapSideBySide([], 4, async () => 1)).toEqual([])
})

test('an exception comes through, since it is a bug', async () => {
  await expect(mapSideBySide([1], 4, () => Promise.reject(new Error('bug')))).rejects.toThrow('bug')
})

test('the firing of a signal is a promise, also where it has fired before', async () => {
  const controller = new AbortController()
  const { fired, release } = firing(controller.signal)
  controller.abort()
  await fired
  await firing(controller.signal).fired
  release()
})
