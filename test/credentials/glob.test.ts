import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createGlob } from '../../src/credentials/glob.ts'
import { textOf } from '../support/arbitraries/text.ts'
import { processorClock } from '../support/processor-clock.ts'

/** Whether a pattern, the names that it matches, and the names that it does not. */
type Row = readonly [pattern: string, matches: readonly string[], others: readonly string[]]

const rows: readonly Row[] = [
  ['', [''], ['a']],
  ['*', ['', 'a', 'a-b'], ['a/b']],
  ['**', ['', 'ab'], ['/']],
  ['a', ['a'], ['', 'A', 'b', 'aa']],
  ['a*', ['a', 'ab'], ['', 'ba']],
  ['*a', ['a', 'ba', 'aa'], ['', 'ab']],
  ['*a*', ['a', 'bab', 'xay'], ['', 'b']],
  ['a*b*c', ['abc', 'aXbYc', 'abcbc'], ['ab', 'acb', 'abcd']],
  ['*ab', ['ab', 'aab', 'abab'], ['aba']],
  ['k*', ['kubernetes'], ['quay']],
  ['*-good', ['prefix-good', '-good'], ['good', 'prefix-goods']],
  ['?', ['a', 'ü', '😀'], ['', 'ab', '/']],
  ['a?c', ['abc'], ['ac', 'abbc']],
  ['*?', ['a', 'ab'], ['']],
  ['[ab]', ['a', 'b'], ['c', '', 'ab']],
  ['[a-c]x', ['ax', 'bx', 'cx'], ['dx']],
  ['[^a]', ['b', '^'], ['a', '']],
  ['[^a-c0-9]', ['d', '-'], ['b', '5']],
  ['[a^]', ['a', '^'], ['b']],
  ['[c-a]', [], ['a', 'b', 'c', '']],
  ['[\\]]', [']'], ['\\']],
  ['[\\-]', ['-'], ['\\']],
  ['[a-\\c]', ['b'], ['d', '\\']],
  ['[*]', ['*'], ['a']],
  ['[?]', ['?'], ['a']],
  ['[[]', ['['], ['a']],
  ['[:]', [':'], ['a']],
  ['[ü-😀]', ['ü', '😀'], ['a']],
  ['*[0-9]', ['a1', '1'], ['a', '1a']],
  ['\\*', ['*'], ['a', '\\*']],
  ['\\a', ['a'], ['\\a']],
  ['\\\\', ['\\'], ['a']],
  ['a\\', [], ['a', 'a\\']],
  ['[', [], ['[', '']],
  ['[]', [], ['', ']', '[]']],
  ['[]a]', [], [']', 'a']],
  ['[^]', [], ['^', '']],
  ['[a', [], ['a', '[a']],
  ['[-]', [], ['-']],
  ['[a-]', [], ['a', '-']],
  ['[a-b-c]', [], ['a', 'b', 'c', '-']],
  ['*[', [], ['', 'a[']],
  ['a*[b', [], ['a', 'ab']],
  ['a]', ['a]'], ['a']],
  ['{a,b}', ['{a,b}'], ['a']],
  ['.', ['.'], ['a']],
]

describe('a pattern', () => {
  test.each(rows)('%s', (pattern, matches, others) => {
    const glob = createGlob(pattern)
    expect(matches.filter(name => !glob(name))).toEqual([])
    expect(others.filter(glob)).toEqual([])
  })

  test('of many stars costs no more than its length times that of the name', () => {
    const spentMs = processorClock()
    expect(createGlob(`${'*a'.repeat(1000)}b`)('a'.repeat(5000))).toBe(false)
    expect(createGlob(`${'*a?'.repeat(1000)}`)('a'.repeat(5000))).toBe(true)
    expect(spentMs()).toBeLessThan(1000)
  })

  test('that is any text matches some names or none, and throws nothing', () => {
    const pattern = fc.oneof(textOf('*?[]^-\\abü', 10), fc.string({ maxLength: 8 }))
    const isAnswered = (text: string, name: string): boolean => typeof createGlob(text)(name) === 'boolean'
    fc.assert(fc.property(pattern, textOf('ab]-ü/', 6), isAnswered), { numRuns: 20_000 })
  }, 60_000)

  test('without signs of its own matches itself alone', () => {
    const plain = textOf('ab-é', 4)
    fc.assert(
      fc.property(plain, plain, (pattern, name) => {
        expect(createGlob(pattern)(name)).toBe(pattern === name)
      }),
    )
  })
})
