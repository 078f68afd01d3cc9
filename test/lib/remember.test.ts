import { expect, test } from 'vitest'
import { remembering } from '../../src/lib/remember.ts'

test('an answer about an object is worked out once, be it undefined', () => {
  let worked = 0
  const answer = remembering((of: { readonly name: string }) => {
    worked++
    return of.name === 'a' ? undefined : of.name
  })
  const [a, b] = [{ name: 'a' }, { name: 'b' }]
  expect([answer(a), answer(a), answer(b), answer(b)]).toEqual([undefined, undefined, 'b', 'b'])
  expect(worked).toBe(2)
})
