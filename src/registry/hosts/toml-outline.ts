import { parse } from 'smol-toml'
import { asRecord } from '../../lib/untrusted.ts'

/** A header or a pair of a TOML document, and where it begins. */
export interface Statement {
  readonly kind: 'table' | 'list' | 'pair'
  /** The names from the document's root, the first few of them. */
  readonly path: readonly string[]
  readonly offset: number
}

// A hosts file goes no deeper than host, its URL, header and a header's name.
const mostNames = 4

/** The names of a dotted key, which may be quoted in parts. */
const namesOf = (key: string): readonly string[] => {
  const names: string[] = []
  let value: unknown = parse(`${key}=0`)
  for (let record = asRecord(value); record !== undefined; record = asRecord(value)) {
    const [name = ''] = Object.keys(record)
    names.push(name)
    value = record[name]
  }
  return names
}

const endOfString = (text: string, start: number): number => {
  const quote = text[start] ?? ''
  const long = text.startsWith(quote.repeat(3), start)
  const close = long ? quote.repeat(3) : quote
  let at = start + close.length
  while (at < text.length && !text.startsWith(close, at)) at += quote === '"' && text[at] === '\\' ? 2 : 1
  at += close.length
  // One or two quotes before the closing three belong to the text.
  for (let extra = 0; long && extra < 2 && text[at] === quote; extra++) at++
  return at
}

const endOfLine = (text: string, at: number): number => {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end
}

/** Where the character stands next, outside of strings. */
const next = (text: string, character: string, start: number): number => {
  let at = start
  while (at < text.length && text[at] !== character)
    at = text[at] === '"' || text[at] === "'" ? endOfString(text, at) : at + 1
  return at
}

/** Where the value that begins here ends: at the end of a line that no bracket keeps open. */
const endOfValue = (text: string, start: number): number => {
  let depth = 0
  let at = start
  while (at < text.length && (depth > 0 || text[at] !== '\n')) {
    const character = text[at] ?? ''
    if (character === '"' || character === "'") at = endOfString(text, at)
    else if (character === '#') at = endOfLine(text, at)
    else {
      if ('[{'.includes(character)) depth++
      if (']}'.includes(character)) depth--
      at++
    }
  }
  return at
}

/** The headers and pairs of a valid TOML document in the order of the text, which its tables, as objects, do not keep. */
export const outlineOf = (text: string): readonly Statement[] => {
  const statements: Statement[] = []
  let table: readonly string[] = []
  let at = 0
  for (;;) {
    while (/\s/.test(text[at] ?? '')) at++
    if (at >= text.length) return statements
    if (text[at] === '#') at = endOfLine(text, at)
    else if (text[at] === '[') {
      const kind = text[at + 1] === '[' ? 'list' : 'table'
      const end = next(text, ']', at)
      table = namesOf(text.slice(at + (kind === 'list' ? 2 : 1), end)).slice(0, mostNames)
      statements.push({ kind, path: table, offset: at })
      at = endOfLine(text, end)
    } else {
      const end = next(text, '=', at)
      const path = [...table, ...namesOf(text.slice(at, end))].slice(0, mostNames)
      statements.push({ kind: 'pair', path, offset: at })
      at = endOfValue(text, end)
    }
  }
}

const inCommon = (one: readonly string[], other: readonly string[]): number => {
  let count = 0
  while (count < one.length && count < other.length && one[count] === other[count]) count++
  return count
}

/** Where the names are written, or the innermost thing that holds them. */
export const offsetOf = (statements: readonly Statement[], path: readonly string[]): number => {
  let best = { common: 0, offset: 0 }
  for (const { path: written, offset } of statements) {
    const common = inCommon(written, path)
    const holds = common === written.length || common === path.length
    if (holds && common > best.common) best = { common, offset }
  }
  return best.offset
}
