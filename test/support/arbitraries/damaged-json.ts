import fc from 'fast-check'
import { oddCharacter } from './text.ts'

const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`

// As they stand in a text: numbers that no double holds, half a surrogate pair, what objects inherit.
const values = [
  ...['null', 'true', 'false', '0', '-0', '-1', '1.5', '1e400', '-1e400', '9007199254740993', '1e-400'],
  ...['""', '" "', '"\\ud800"', '"\\u0000"', '"\\ufeff"', '"\\r\\nX: y"', '"__proto__"', '"unknown"', '"sha256:"'],
  ...[`"sha256:${'a'.repeat(64)}"`, `"sha256:${'A'.repeat(64)}"`, `"sha256:${'a'.repeat(63)}"`, '"sha512:../../x"'],
  ...['[]', '{}', '[[]]', '[null]', '{"":{}}', '{"__proto__":{"kind":"x"}}', '{"length":1e9}', nested(50)],
]
const value = fc.constantFrom(...values)

const hostileNames = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', '', '\\u0000', '\\ud800', 'é']

const token = /"(?:[^"\\]|\\.)*"|true|false|null|-?\d[\d.eE+-]*/g

const replacedAt = (text: string, found: readonly RegExpExecArray[], at: number, by: string): string => {
  const one = found[at % Math.max(1, found.length)]
  return one === undefined ? by : text.slice(0, one.index) + by + text.slice(one.index + one[0].length)
}

type Damage = (text: string, at: number, value: string) => string

/** Another value where one stands; where a name stands, mostly no JSON at all. */
const otherValue: Damage = (text, at, other) => replacedAt(text, [...text.matchAll(token)], at, other)

/** One more member at the beginning of an object: of a name that is there, or that all objects inherit. */
const oneMore: Damage = (text, at, other) => {
  const names = [...text.matchAll(/"([^"\\]*)":/g)].map(([, name = '']) => name)
  const name = [...names, ...hostileNames][(at >> 3) % (names.length + hostileNames.length)]
  return replacedAt(text, [...text.matchAll(/\{(?!\})/g)], at, `{"${name}":${other},`)
}

/** The value of the last member of an object taken over by one of that name, which counts for both of two readers. */
const repeated: Damage = (text, at, other) => {
  const names = [...text.matchAll(/"([^"\\]*)":/g)].map(([, name = '']) => name)
  return text.endsWith('}') ? `${text.slice(0, -1)},"${names[at % Math.max(1, names.length)] ?? ''}":${other}}` : text
}

const otherCase: Damage = (text, at) =>
  replacedAt(text, [...text.matchAll(/"[^"\\]*":/g)], at, [...text.matchAll(/"[^"\\]*":/g)][0]?.[0].toUpperCase() ?? '')
const cut: Damage = (text, at) => text.slice(0, at % (text.length + 1))
const marked: Damage = text => `\ufeff${text}`
const wrapped: Damage = text => `[${text}]`
const blanks: Damage = text => ` \n${text}\t\r\n`
const doubled: Damage = text => text + text
const alone: Damage = (_, __, other) => other

const damages: readonly Damage[] = [
  ...[otherValue, otherValue, otherValue, otherValue, oneMore, oneMore, oneMore, repeated, repeated],
  ...[otherCase, cut, marked, wrapped, blanks, doubled, alone],
]

const damage = fc.tuple(fc.constantFrom(...damages), fc.nat({ max: 5000 }), value)

const damagedText = (documents: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
  fc
    .tuple(documents, fc.array(damage, { maxLength: 2 }))
    .map(([document, list]) => list.reduce((text, [harm, at, by]) => harm(text, at, by), JSON.stringify(document)))

const withOdd = (text: string, at: number, odd: string): string => {
  const place = at % (text.length + 1)
  return text.slice(0, place) + odd + text.slice(place + 1)
}

/** The bytes of a text, one of them made into one that no UTF-8 has there. */
const withBadByte = (text: string, at: number): Uint8Array => {
  const bytes = Buffer.from(text)
  if (bytes.length > 0) bytes[at % bytes.length] = 0x80 + (at & 0x7f)
  return bytes
}

/**
 * Bodies that are JSON or nearly so: documents with other values, more members, members twice, in capitals, cut off, with a
 * byte order mark, odd characters, or bytes that are no UTF-8.
 */
export const damagedJson = (documents: fc.Arbitrary<unknown>): fc.Arbitrary<Uint8Array> => {
  const texts = damagedText(documents)
  return fc.oneof(
    { arbitrary: texts.map(text => Buffer.from(text)), weight: 16 },
    {
      arbitrary: fc
        .tuple(texts, fc.nat({ max: 5000 }), oddCharacter)
        .map(([text, at, odd]) => Buffer.from(withOdd(text, at, odd))),
      weight: 2,
    },
    { arbitrary: fc.tuple(texts, fc.nat({ max: 5000 })).map(([text, at]) => withBadByte(text, at)), weight: 1 },
    { arbitrary: fc.uint8Array({ maxLength: 40 }), weight: 1 },
  )
}

const deep = (levels: number, open: string, close: string): string => open.repeat(levels) + close.repeat(levels)

/** Bodies of 20,000 levels, closed and not, in each place of a document. */
export const deepJson = (names: readonly string[], levels = 20_000): readonly Uint8Array[] =>
  [
    deep(levels, '[', ']'),
    '['.repeat(levels),
    `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`,
    '{"a":'.repeat(levels),
    ...names.map(name => `{"${name}":${deep(levels, '[', ']')}}`),
    ...names.map(name => `{"${name}":${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}}`),
    ...names.map(name => `${`{"${name}":[`.repeat(levels)}${']}'.repeat(levels)}`),
  ].map(text => Buffer.from(text))
