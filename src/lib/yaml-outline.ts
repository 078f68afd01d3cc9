import { type CST, Lexer, Parser } from 'yaml'
import { fail, ok, type Result } from './result.ts'

/** How much of a text is taken. */
export interface OutlineLimits {
  /** Collections within one another. */
  readonly levels: number
  /** Words, signs, blanks and line ends. */
  readonly pieces: number
  /** Characters of one scalar. */
  readonly textCharacters: number
}

/** What there is too much of, and where. */
export interface Excess {
  readonly offset: number
  readonly what: string
}

// What the lexer says beside the text itself: a document, the end of a flow, a plain scalar (yaml, parse/cst.js).
const marks = new Set(['\x02', '\x18', '\x1f'])

/** Holds what so far bounds the levels from above, piece by piece, without looking at what they come to. */
interface Depth {
  /** Levels of brackets alone, at this piece. */
  brackets: number
  /** Of the line: columns before its first word, and signs that may open a level. */
  indent: number
  signs: number
  isLineStart: boolean
  /** The most that there can have been. */
  most: number
}

const bracketSteps: ReadonlyMap<string, number> = new Map([
  ['[', 1],
  ['{', 1],
  [']', -1],
  ['}', -1],
])
const signs = new Set(['-', '?', ':'])

const measure = (depth: Depth, piece: string): void => {
  const first = piece.charCodeAt(0)
  if (first === 10 || first === 13) {
    depth.isLineStart = true
    depth.indent = 0
    depth.signs = 0
    return
  }
  if (depth.isLineStart && first === 32) depth.indent = piece.length
  depth.isLineStart = false
  if (piece.length === 1) {
    depth.brackets += bracketSteps.get(piece) ?? 0
    if (signs.has(piece)) depth.signs += 1
  }
  // A list may stand in the column of the map that it belongs to, so that a column has two levels at the most.
  depth.most = Math.max(depth.most, 2 * depth.indent + depth.signs + depth.brackets + 2)
}

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

const problemWith = ({ token, level }: Visit, { levels, textCharacters }: OutlineLimits): string | undefined => {
  if (level > levels) return tooDeep(levels)
  const source = field(token, 'source')
  const isLong = typeof source === 'string' && source.length > textCharacters
  return isLong && !passedOver.has(field(token, 'type'))
    ? `a text is longer than ${textCharacters} characters`
    : undefined
}

const tooDeep = (levels: number): string => `it is nested deeper than ${levels} levels`

const passedOver = new Set<unknown>(['space', 'comment'])

const offsetOf = (token: unknown, outer: number): number => {
  const offset = field(token, 'offset')
  return typeof offset === 'number' ? offset : outer
}

/** What is too much of this; undefined where nothing is. */
const excessIn = (tokens: readonly CST.Token[], limits: OutlineLimits): Excess | undefined => {
  const left: Visit[] = tokens.map(token => ({ token, level: 0, offset: 0 })).reverse()
  for (let visit = left.pop(); visit !== undefined; visit = left.pop()) {
    const at = { ...visit, offset: offsetOf(visit.token, visit.offset) }
    const what = problemWith(at, limits)
    if (what !== undefined) return { offset: at.offset, what }
    for (const part of within(at).toReversed()) left.push(part)
  }
  return undefined
}

/**
 * Takes a text apart without reading it; fails if there is too much of it. Trap: what `yaml` does next calls itself for
 * each level, and close to the end of the stack the compiler of regular expressions ends the process (V8); and it makes an
 * Error, with its stack, of each of a million mistakes.
 */
export const yamlOutline = (text: string, limits: OutlineLimits): Result<readonly CST.Token[], Excess> => {
  const parser = new Parser()
  const tokens: CST.Token[] = []
  const depth: Depth = { brackets: 0, indent: 0, signs: 0, isLineStart: true, most: 0 }
  let [pieces, offset] = [0, 0]
  for (const piece of new Lexer().lex(text)) {
    if (++pieces > limits.pieces)
      return fail({ offset, what: `it has more than ${limits.pieces} words, signs and lines` })
    if (!marks.has(piece)) {
      measure(depth, piece)
      if (depth.brackets > limits.levels) return fail({ offset, what: tooDeep(limits.levels) })
      offset += piece.length
    }
    tokens.push(...parser.next(piece))
  }
  tokens.push(...parser.end())
  // Most texts are too flat and too short to have any of it.
  if (depth.most <= limits.levels && text.length <= limits.textCharacters) return ok(tokens)
  const excess = excessIn(tokens, limits)
  return excess === undefined ? ok(tokens) : fail(excess)
}
