import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { textHash } from '../../src/lib/text-hash.ts'

describe('the number of a text', () => {
  // From the tables of FNV's authors.
  test.each([
    ['', 0x811c9dc5],
    ['a', 0xe40c292c],
    ['foobar', 0xbf9cf968],
  ])('of "%s" is that of FNV-1a', (text, hash) => {
    expect(textHash(text)).toBe(hash)
  })

  test('is made of the numbers of its parts', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(textHash(b, textHash(a))).toBe(textHash(a + b))
      }),
    )
  })
})
