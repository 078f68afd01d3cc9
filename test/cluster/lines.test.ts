import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLineCutter } from '../../src/cluster/lines.ts'

const lineText = fc.string({ unit: 'grapheme', maxLength: 20 }).map(text => text.replaceAll('\n', ''))

test('lines are the same however their bytes come, in the middle of characters too', () => {
  fc.assert(
    fc.property(
      fc.array(lineText),
      lineText,
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      (lines, rest, sizes) => {
        const bytes = Buffer.from(lines.map(line => `${line}\n`).join('') + rest)
        const cut = createLineCutter(1000)
        const found: string[] = []
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1
          found.push(...(cut(bytes.subarray(at, at + size)) ?? []))
          at += size
        }
        expect(found).toEqual(lines)
      },
    ),
  )
})

test('a line as long as allowed is taken, one that is longer is refused before its end', () => {
  expect(createLineCutter(3)(Buffer.from('abc\n'))).toEqual(['abc'])
  expect(createLineCutter(3)(Buffer.from('abcd\n'))).toBeUndefined()
  expect(createLineCutter(3)(Buffer.from('abcd'))).toBeUndefined()
})
