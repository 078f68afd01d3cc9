import { describe, expect, test } from 'vitest'
import { textOfBytes } from '../../src/cli/input/text-of-bytes.ts'
import { deployment, read } from './read.ts'

const good = deployment('good:1')
const mebibyte = 1024 * 1024

const bomb = (levels: number): string =>
  [
    'a0: &a0 [x, x]',
    ...Array.from({ length: levels }, (_, level) => `a${level + 1}: &a${level + 1} [*a${level}, *a${level}]`),
  ].join('\n')

const images = (many: number): string => {
  const container = '{name: x, image: a:1}'
  const row = `&row [${Array.from({ length: many }, () => container).join(', ')}]`
  const tasks = Array.from({ length: many }, () => '{podTemplate: {spec: {containers: *row}}}').join(', ')
  return `x-row: ${row}\nspec: {tasks: [${tasks}]}\napiVersion: batch.volcano.sh/v1alpha1\nkind: Job\n`
}

const rows: readonly (readonly [name: string, text: string, said: RegExp])[] = [
  ['aliases that stand for billions', bomb(40), /stands for more than 1000000 values/],
  ['aliases that stand for millions of images', images(1500), /stands for more than 1000000 values/],
  [
    'merge keys that stand for billions',
    `a0: &a0 {x: 1}\n${Array.from({ length: 40 }, (_, at) => `a${at + 1}: &a${at + 1} {<<: [*a${at}, *a${at}], y: [*a${at}, *a${at}]}`).join('\n')}`,
    /more than 1000000 values/,
  ],
  ['an alias that stands within what it names', 'a: &a [*a]\n', /stands within what it names/],
  ['1 MiB of brackets', '['.repeat(mebibyte), /nested deeper than 200 levels/],
  ['1 MiB of braces', '{'.repeat(mebibyte), /nested deeper than 200 levels/],
  ['20,000 lists in one another', `${'- '.repeat(20_000)}x`, /nested deeper than 200 levels/],
  [
    '20,000 maps in one another',
    `${Array.from({ length: 2000 }, (_, at) => `${' '.repeat(at)}a:`).join('\n')}`,
    /nested deeper than 200 levels/,
  ],
  ['20,000 complex keys in one another', `${'? '.repeat(20_000)}x`, /nested deeper than 200 levels/],
  ['100,000 closing brackets', ']'.repeat(100_000), /:1:\d+: /],
  ['100,000 quotes', '"'.repeat(100_000), /:1:\d+: /],
  ['a million words', 'x: [\n'.concat(' a,\n'.repeat(mebibyte), ' ]'), /more than 500000 words/],
  [
    'a text in quotes of more than 4 MiB',
    `a: "${'b'.repeat(4 * mebibyte + 1)}"`,
    /a text is longer than 4194304 characters/,
  ],
  ['a million documents', '---\n'.repeat(mebibyte), /more than 100000 documents/],
  ['a tab for an indent', 'a:\n\tb: 1\n', /:2:1: tabs are not allowed/],
  ['characters that no terminal is to get', 'a: [\u001b[31m\u0007', /:1:\d+: /],
]

describe('text that is made to hurt is refused in a sentence, with file, line and column', () => {
  test.each(rows)('%s', (_, text, said) => {
    const { errors } = read(text)
    expect(errors).toHaveLength(1)
    expect(errors[0]).toMatch(said)
    expect(errors[0]).not.toMatch(/[\u0000-\u001f]/)
  })

  test.each(rows.filter(([name]) => name !== 'a million documents'))('%s hides no document beside it', (_, text) => {
    expect(read(`${good}---\n${text}\n---\n${good}`).images.filter(image => image === 'good:1')).toHaveLength(2)
  })
})

test('JSON that is 20,000 levels deep, and in which nothing is wrong, is read', () => {
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
  const text = `{"x": ${deep}, "apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"image": "a"}]}}`
  expect(read(text).places).toEqual([`a 1:${text.indexOf('"a"}') + 1}`])
})

test('10,000 documents are read, each by itself', () => {
  const text = Array.from(
    { length: 10_000 },
    (_, at) => `---\nkind: Pod\napiVersion: v1\nspec: {containers: [{image: "a:${at}"}]}\n`,
  ).join('')
  const { uses } = read(text)
  expect(uses).toHaveLength(10_000)
  expect(uses.at(-1)?.place).toEqual({ file: 'web.yaml', line: 40_000, column: 29 })
})

test.each([
  ['a line each', '\n', 10_001],
  ['one line', ' ', 1],
])('a list of 10,000 objects in JSON of 30 MB is read, on %s', (_, blank, line) => {
  const pad = 'x'.repeat(3000)
  const item = (at: number): string =>
    `{"metadata": {"name": "p${at}", "pad": "${pad}"}, "spec": {"containers": [{"image": "a:${at}"}]}}`
  const items = Array.from({ length: 10_000 }, (_, at) => item(at)).join(`,${blank}`)
  const text = `{"apiVersion": "v1", "kind": "PodList", "items": [${blank}${items}]}`
  const { uses } = read(text)
  expect(uses).toHaveLength(10_000)
  const at = text.indexOf('"a:9999"')
  expect(uses.at(-1)?.place).toEqual({ file: 'web.yaml', line, column: at - text.lastIndexOf('\n', at) })
})

test('keys that mean something to JavaScript mean nothing', () => {
  const text = `__proto__: {kind: Pod, apiVersion: v1}\nconstructor: {prototype: {kind: Pod}}\nspec: {containers: [{image: x}]}\n`
  expect(read(text).images).toEqual([])
  expect(({} as Record<string, unknown>)['kind']).toBeUndefined()
})

test.each<[string, Buffer, string]>([
  ['bytes of zero', Buffer.from('a: 1\u0000\n'), 'is no text'],
  ['UTF-16', Buffer.from('\ufeffa: 1', 'utf16le'), 'is UTF-16, and Kubernetes reads UTF-8 alone'],
  ['a byte that is no UTF-8', Buffer.from([0x61, 0x0a, 0x62, 0xff, 0x0a]), 'is not UTF-8 (line 2)'],
  ['more than 64 MiB', Buffer.alloc(64 * mebibyte + 1, 'a'), 'is larger than 64 MiB, which no manifest is'],
])('a file of %s is refused', (_, bytes, said) => {
  expect(textOfBytes(bytes)).toEqual({ ok: false, error: said })
})

test('a mark of byte order, and lines that end in CR LF, move nothing', () => {
  const text = textOfBytes(Buffer.from(`\ufeff${deployment('a:1').replaceAll('\n', '\r\n')}`))
  expect(read(text.ok ? text.value : '').places).toEqual(['a:1 10:18'])
})
