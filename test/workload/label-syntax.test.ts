import { describe, expect, test } from 'vitest'
import { isLabelKey, isLabelValue } from '../../src/workload/label-syntax.ts'
import { processorClock } from '../support/processor-clock.ts'

const both: readonly (readonly [why: string, text: string, valid: boolean])[] = [
  ['a letter', 'a', true],
  ['letters, digits and marks between', 'A.b-c_9', true],
  ['63 characters', 'a'.repeat(63), true],
  ['64 characters', 'a'.repeat(64), false],
  ['a dash first', '-a', false],
  ['a dot last', 'a.', false],
  ['a blank inside', 'a b', false],
  ['a line break last', 'a\n', false],
  ['a letter beyond ASCII', 'ä', false],
]

describe('label syntax', () => {
  test.each(both)('a key or value with %s: %s', (_, text, valid) => {
    expect(isLabelKey(text)).toBe(valid)
    expect(isLabelValue(text)).toBe(valid)
  })

  test('a value may be empty, a key may not', () => {
    expect(isLabelValue('')).toBe(true)
    expect(isLabelKey('')).toBe(false)
  })

  test.each([
    ['a domain', 'example.com/a', true],
    ['a domain of one part', 'example/a', true],
    ['a domain of 253 characters', `${'a.'.repeat(126)}a/a`, true],
    ['a domain of 254 characters', `${'a.'.repeat(126)}aa/a`, false],
    ['a domain part of more than 63 characters, which nobody counts', `${'a'.repeat(64)}/a`, true],
    ['no domain before the slash', '/a', false],
    ['no name after the slash', 'a/', false],
    ['two slashes', 'a/b/c', false],
    ['a domain in upper case', 'A/a', false],
    ['an empty domain part', 'a..b/a', false],
    ['a domain part that ends in a dash', 'a-.b/a', false],
    ['an underscore in the domain', 'a_b/a', false],
  ])('a key with %s: %s', (_, key, valid) => {
    expect(isLabelKey(key)).toBe(valid)
  })

  test('a value has no domain', () => {
    expect(isLabelValue('example.com/a')).toBe(false)
  })

  test('hostile text costs no more than its length', () => {
    const spentMs = processorClock()
    for (const text of ['a'.repeat(1e6), `${'a-'.repeat(5e5)}!`, `${'a.'.repeat(5e5)}!/a`, '/'.repeat(1e6)]) {
      isLabelKey(text)
      isLabelValue(text)
    }
    expect(spentMs()).toBeLessThan(1000)
  })
})
