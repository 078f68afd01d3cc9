import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readConfiguration } from '../../src/config/read.ts'

const runs = 10_000
// Some 3 s each on an idle machine.
const patienceMs = 60_000

const keys = fc.constantFrom(
  ...['mode', 'policy', 'not-found', 'registries', 'hosts', 'ghcr.io', 'ca', 'cache', 'entries', 'platforms', 'serve'],
  ...['timeoutSeconds', 'reserveMs', 'ignoreImages', '__proto__', 'constructor', '', '~1/', 'ä', '0'],
)
const values = fc.oneof(
  fc.constantFrom('enforce', 'any', 'linux/amd64', '10.0.0.0/8', '10.0.0.0/99', 'a b', '\u0000', '\ud800'),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
)
const data = fc.letrec(tie => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    values,
    fc.array(tie('node'), { maxLength: 3 }),
    fc.dictionary(keys, tie('node'), { maxKeys: 4 }),
  ),
})).node

/** Pieces of YAML, right and wrong, one after another. */
const pieces = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...['\n', '\n  ', '\n\t', '\r\n', '\r', ': ', '- ', '? ', '[', ']', '{', '}', ', ', '#', '&a ', '*a', '<<: *a'],
        ...[
          '!!str ',
          '!x ',
          '| ',
          '>-\n',
          '"',
          "'",
          '\\q',
          '\\u00',
          '---\n',
          '...\n',
          '%YAML 1.1\n',
          '\ufeff',
          '@',
          '`',
        ],
      ),
      keys,
      keys.map(key => `${key}: `),
      values.map(value => String(value)),
      fc.string({ unit: 'binary', maxLength: 6 }),
    ),
    { maxLength: 20 },
  )
  .map(all => all.join(''))

/** JSON with a part of it taken out or doubled. */
const damaged = fc.tuple(data, fc.nat(), fc.nat({ max: 9 }), fc.boolean()).map(([value, at, length, doubled]) => {
  const text = JSON.stringify(value, null, length % 3) ?? ''
  const from = at % (text.length + 1)
  return text.slice(0, from) + (doubled ? text.slice(Math.max(0, from - length)) : text.slice(from + length))
})

const expectSound = (text: string): void => {
  const read = readConfiguration(text)
  if (read.ok) return
  const lines = text.replace(/^\ufeff/, '').split('\n')
  expect(read.error.length).toBeGreaterThan(0)
  for (const { line, column, what } of read.error) {
    expect(line).toBeGreaterThanOrEqual(1)
    expect(column).toBeGreaterThanOrEqual(1)
    expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1)
    expect(line).toBeLessThanOrEqual(lines.length)
    expect(what).not.toMatch(/[\p{Cc}\p{Cs}]|undefined|\[object/u)
  }
}

test(
  `${runs} texts of pieces of YAML are read or complained of, each complaint at a place of the text`,
  () => {
    fc.assert(fc.property(pieces, expectSound), { numRuns: runs })
  },
  patienceMs,
)

test(
  `${runs} texts of JSON, whole or damaged, are read or complained of, each complaint at a place of the text`,
  () => {
    const whole = data.map(value => JSON.stringify(value) ?? '')
    fc.assert(fc.property(fc.oneof(whole, damaged), expectSound), { numRuns: runs })
    expect(({} as Record<string, unknown>)['mode']).toBeUndefined()
  },
  patienceMs,
)
