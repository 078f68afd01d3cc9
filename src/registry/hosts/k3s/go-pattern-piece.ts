import { fail, ok, type Result } from '../../../lib/result.ts'

/** Why there is no pattern: Go has none such either, or Go has it and it is not read here. */
export type PatternProblem = 'not-a-pattern' | 'not-read'

/** What a scan finds, or why it finds nothing. */
export type Scan<T> = Result<T, PatternProblem>

/** A piece of a pattern, in JavaScript's syntax, and how long it is in Go's. */
export interface Piece {
  readonly source: string
  readonly length: number
}

const piece = (source: string, length: number): Scan<Piece> => ok({ source, length })

const notAPattern: Scan<never> = fail('not-a-pattern')
const notRead: Scan<never> = fail('not-read')

const scanEscape = (rest: string): Scan<Piece> => {
  const letter = rest[1] ?? ''
  if (letter === '') return notAPattern
  if (/[dDwWsSbBftnrv]/.test(letter) || !/[0-9A-Za-z]/.test(letter)) return piece(`\\${letter}`, 2)
  if (letter === 'A') return piece('^', 2)
  if (letter === 'z') return piece('$', 2)
  // Go has no references back: the one thing that it takes a digit for is the number of a character.
  if (/^[1-7][0-7]/.test(rest.slice(1)) || /[0axpPQEC]/.test(letter)) return notRead
  return notAPattern
}

/** A member of a class, or one end of a range. */
const scanMember = (rest: string): Scan<Piece> => {
  if (rest === '') return notAPattern
  if (rest.startsWith('[:') || rest.startsWith('-\\')) return notRead
  if (!rest.startsWith('\\')) return piece(rest.startsWith('[') ? '\\[' : (rest[0] ?? ''), 1)
  const letter = rest[1] ?? ''
  if (letter === '') return notAPattern
  return /[0-9A-Za-z]/.test(letter) && !/[dDwWsSftnrv]/.test(letter) ? notRead : piece(`\\${letter}`, 2)
}

/** A class. To Go a bracket that comes first is a member of it. */
const scanClass = (rest: string): Scan<Piece> => {
  const [, opening = '', first = ''] = /^(\[\^?)(\]?)/.exec(rest) ?? []
  let source = opening + (first === '' ? '' : '\\]')
  let at = opening.length + first.length
  while (rest[at] !== ']') {
    const member = scanMember(rest.slice(at))
    if (!member.ok) return member
    source += member.value.source
    at += member.value.length
  }
  return piece(`${source}]`, at + 1)
}

const scanGroup = (rest: string): Scan<Piece> => {
  if (!rest.startsWith('(?')) return piece('(', 1)
  if (rest.startsWith('(?:')) return piece('(?:', 3)
  const [named, name = ''] = /^\(\?P?<([A-Za-z_]\w*)>/.exec(rest) ?? []
  if (named !== undefined) return piece(`(?<${name}>`, named.length)
  // Flags for a part of the pattern, and names that begin with a digit.
  return /^\(\?(?:[imsU-]*[:)]|P?<\w+>)/.test(rest) ? notRead : notAPattern
}

// Go takes no more.
const mostRepeats = 1000

/** How often something is repeated, from `least` to `most`. */
export interface Repetition extends Piece {
  readonly least: number
  readonly most: number
}

const bounds: ReadonlyMap<string, readonly [least: number, most: number]> = new Map([
  ['*', [0, Number.POSITIVE_INFINITY]],
  ['+', [1, Number.POSITIVE_INFINITY]],
  ['?', [0, 1]],
])

/** The repetition that a text begins with, if it does; no more than one. */
export const scanRepetition = (rest: string): Scan<Repetition | undefined> => {
  const [source, sign = '', from = '', comma, to] = /^(?:([*+?])|\{(\d+)(,(\d*))?\})\??/.exec(rest) ?? []
  if (source === undefined) return ok(undefined)
  const open = comma === undefined ? Number(from) : Number.POSITIVE_INFINITY
  const [least, most] = bounds.get(sign) ?? [Number(from), to === undefined || to === '' ? open : Number(to)]
  const isFine = least <= mostRepeats && (most === Number.POSITIVE_INFINITY || (most <= mostRepeats && least <= most))
  // One repetition right behind another: Go has none such.
  if (!isFine || /^(?:[*+?]|\{\d+(?:,\d*)?\})/.test(rest.slice(source.length))) return notAPattern
  return ok({ source, length: source.length, least, most })
}

/** The piece that a text begins with: one that is neither a repetition nor the end of a group. */
export const scanPiece = (rest: string): Scan<Piece> => {
  const character = rest[0] ?? ''
  if (character === '\\') return scanEscape(rest)
  if (character === '[') return scanClass(rest)
  if (character === '(') return scanGroup(rest)
  return piece('{}]/'.includes(character) ? `\\${character}` : character, 1)
}
