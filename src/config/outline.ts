import { type CST, Lexer, Parser } from 'yaml'
import { fail, ok, type Result } from '../lib/result.ts'
import type { Mistake } from './complaint.ts'

// The configuration has five levels.
const mostLevels = 32
// Words, signs, blanks and line ends: a thousand images to ignore are some four thousand.
const mostPieces = 50_000
// A path has 4,095 characters at the most, and a description in a comment is no token.
const mostTextCharacters = 8192

// What the lexer says beside the text itself: a document, the end of a flow, a plain scalar (yaml, parse/cst.js).
const marks = new Set(['\x02', '\x18', '\x1f'])

interface Visit {
  readonly token: unknown
  readonly level: number
  readonly offset: number
}

const field = (token: unknown, name: string): unknown =>
  typeof token === 'object' && token !== null && name in token ? token[name as keyof typeof token] : undefined

const listAt = (token: unknown, name: string): readonly unknown[] => {
  const list = field(token, name)
  return Array.isArray(list) ? list : []
}

/** What stands in a token: the parts of an item on its own level, what a collection holds on the next. */
const within = ({ token, level, offset }: Visit): readonly Visit[] => {
  const here = [...listAt(token, 'start'), field(token, 'key'), ...listAt(token, 'sep'), field(token, 'value')]
  const parts = [...here, ...listAt(token, 'end'), ...listAt(token, 'props')].filter(part => part !== undefined)
  return [
    ...parts.map(part => ({ token: part, level, offset })),
    ...listAt(token, 'items').map(item => ({ token: item, level: level + 1, offset })),
  ]
}

const problemWith = ({ token, level }: Visit): string | undefined => {
  if (level > mostLevels) return `it is nested deeper than ${mostLevels} levels`
  const source = field(token, 'source')
  const isLong = typeof source === 'string' && source.length > mostTextCharacters
  return isLong && !passedOver.has(field(token, 'type'))
    ? `a text is longer than ${mostTextCharacters} characters`
    : undefined
}

const passedOver = new Set<unknown>(['space', 'comment'])

const offsetOf = (token: unknown, outer: number): number => {
  const offset = field(token, 'offset')
  return typeof offset === 'number' ? offset : outer
}

/** What makes this too much for a configuration; undefined where nothing does. */
const excessIn = (tokens: readonly CST.Token[]): Mistake | undefined => {
  const left: Visit[] = tokens.map(token => ({ token, level: 0, offset: 0 })).reverse()
  for (let visit = left.pop(); visit !== undefined; visit = left.pop()) {
    const at = { ...visit, offset: offsetOf(visit.token, visit.offset) }
    const what = problemWith(at)
    if (what !== undefined) return { offset: at.offset, pointer: '', what }
    for (const part of within(at).toReversed()) left.push(part)
  }
  return undefined
}

/**
 * Takes a text apart without reading it; fails if there is too much of it. Trap: what `yaml` does next calls itself for
 * each level, and close to the end of the stack the compiler of regular expressions ends the process (V8); and it makes an
 * Error, with its stack, of each of a million mistakes.
 */
export const outlineOf = (text: string): Result<readonly CST.Token[], Mistake> => {
  const parser = new Parser()
  const tokens: CST.Token[] = []
  let [pieces, offset] = [0, 0]
  for (const piece of new Lexer().lex(text)) {
    if (++pieces > mostPieces)
      return fail({ offset, pointer: '', what: `it has more than ${mostPieces} words, signs and lines` })
    if (!marks.has(piece)) offset += piece.length
    tokens.push(...parser.next(piece))
  }
  tokens.push(...parser.end())
  const excess = excessIn(tokens)
  return excess === undefined ? ok(tokens) : fail(excess)
}
