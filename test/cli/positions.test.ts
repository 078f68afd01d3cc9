import fc from 'fast-check'
import { expect, test } from 'vitest'
import { read } from './read.ts'

/** A way to write the text of a scalar behind its key, and where in it the scalar begins. */
interface Written {
  readonly text: string
  readonly at: number
}

const ways: readonly ((image: string, indent: string, newline: string) => Written)[] = [
  image => ({ text: image, at: 0 }),
  image => ({ text: `"${image}"`, at: 0 }),
  image => ({ text: `'${image}'`, at: 0 }),
  image => ({ text: `"${image.slice(0, 1)}\\u002f${image.slice(1)}"`, at: 0 }),
  image => ({ text: `  \t ${image}   # ünïcödé "quoted: [`, at: 4 }),
  (image, indent, newline) => ({ text: `|-${newline}${indent}  ${image}`, at: 0 }),
  (image, indent, newline) => ({ text: `>- # folded${newline}${indent}  ${image}${newline}`, at: 0 }),
  (image, _, newline) => ({ text: `&anchor ${image}${newline}`, at: 8 }),
  image => ({ text: `!!str ${image}`, at: 6 }),
  (image, indent, newline) => ({ text: `# on the next line${newline}${indent}    ${image}`, at: -1 }),
]

const fillers: readonly string[] = [
  '# a comment: [ {',
  '',
  '   # indented, with a tab\tin it',
  'x-note: "двa — 日本 😀 \\" # no comment"',
  'x-block: |\n  image: not:this\n  --- not a document\n\n  - "',
  'x-flow: {image: neither, list: [1, "image: x", {a: b}]}',
  "x-quote: 'it''s: fine'",
]

const container = fc.record({
  way: fc.nat(ways.length - 1),
  before: fc.array(
    fc.constantFrom('name: "ü😀"', 'env: [{name: A, value: "{"}]', '# image: no', 'args: ["--image=x", \'y\']'),
    {
      maxLength: 3,
    },
  ),
  extra: fc.nat(4),
})

const document = fc.record({
  fillers: fc.array(fc.constantFrom(...fillers), { maxLength: 4 }),
  containers: fc.array(container, { minLength: 1, maxLength: 4 }),
  marker: fc.constantFrom('---', '--- # next', '---\t'),
})

interface Expected {
  readonly line: number
  readonly column: number
}

/** Writes documents, noting where each image begins. */
const write = (documents: readonly (typeof document extends fc.Arbitrary<infer T> ? T : never)[], newline: string) => {
  let text = ''
  const expected: Expected[] = []
  const put = (line: string): void => {
    text += `${line.replaceAll('\n', newline)}${newline}`
  }
  const here = (): Expected => {
    const lines = text.split('\n')
    return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 }
  }
  for (const [number, { fillers, containers, marker }] of documents.entries()) {
    put(marker)
    for (const [index, filler] of fillers.entries()) put(filler.replace(/^(x-\w+)/, `$1${index}`))
    for (const line of ['apiVersion: v1', 'kind: Pod', 'spec:', '  containers:']) put(line)
    for (const [index, { way, before, extra }] of containers.entries()) {
      const indent = `      ${' '.repeat(extra)}`
      put('    -')
      for (const [at, line] of before.entries()) put(`${indent}${line.replace(/^(\w+):/, `$1${at}:`)}`)
      const image = `r.example/app-${number}-${index}:1`
      const written = ways[way]?.(image, indent, newline) ?? { text: image, at: 0 }
      text += `${indent}image: `
      const at = here()
      expected.push(
        written.at >= 0
          ? { line: at.line, column: at.column + written.at }
          : { line: at.line + 1, column: indent.length + 5 },
      )
      text += `${written.text}${newline}`
    }
  }
  return { text, expected }
}

test('in 300 generated files of YAML each image is found where it is written', () => {
  fc.assert(
    fc.property(
      fc.array(document, { minLength: 1, maxLength: 3 }),
      fc.constantFrom('\n', '\r\n'),
      (documents, newline) => {
        const { text, expected } = write(documents, newline)
        const { uses, errors } = read(text)
        expect(errors).toEqual([])
        expect(uses.map(({ place }) => ({ line: place?.line, column: place?.column }))).toEqual(expected)
      },
    ),
    { numRuns: 300 },
  )
})
