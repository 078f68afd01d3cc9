import { expect, test } from 'vitest'
import { remembering, rememberingTexts } from '../../src/lib/remember.ts'

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

test('an answer about a text is worked out once, for so many texts at a time, and each time for a long one', () => {
  const worked: string[] = []
  const answer = rememberingTexts(of => {
    worked.push(of)
    return of === 'a' ? undefined : of
  }, 2)
  const long = 'x'.repeat(301)
  expect(['a', 'a', 'b', 'a', long, long].map(answer)).toEqual([undefined, undefined, 'b', undefined, long, long])
  expect(worked).toEqual(['a', 'b', long, long])
  expect(['c', 'a'].map(answer)).toEqual(['c', undefined])
  expect(worked.slice(4)).toEqual(['c', 'a'])
})
