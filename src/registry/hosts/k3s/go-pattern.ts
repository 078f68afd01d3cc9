import { fail, ok } from '../../../lib/result.ts'
import { type PatternProblem, type Repetition, type Scan, scanPiece, scanRepetition } from './go-pattern-piece.ts'

/** A pattern in JavaScript's syntax. */
export interface ScannedPattern {
  readonly source: string
  readonly flags: string
}

/** A group that is open, or the whole pattern. */
interface Level {
  branches: number
  /** Whether it matches a text in more than one way. */
  branching: boolean
}

interface State {
  source: string
  /** What was scanned last, as far as repeating it goes. */
  last: 'nothing' | 'anchor' | 'plain' | 'branching'
  /** Repetitions without end. */
  endless: number
  /** In how many ways the rest can match. */
  ways: number
  readonly outer: Level[]
  level: Level
}

// A repository's name has at most 255 characters.
const mostCharacters = 255
// Some 40 ns a step: a fifth of a second. Three repetitions without end are well below, four are above.
const mostSteps = 5e6
const mostPattern = 1000

/** In how many ways so many repetitions without end can share out a name. */
const waysToShare = (repetitions: number): number => {
  let ways = 1
  for (let each = 1; each <= repetitions; each++) ways *= (mostCharacters + each) / each
  return ways
}

/** A repetition of what can match in several ways is not read: V8 tries them all, over and over. */
const repeat = (state: State, { source, least, most }: Repetition): PatternProblem | undefined => {
  if (state.last === 'nothing') return 'not-a-pattern'
  if (state.last === 'anchor' || (state.last === 'branching' && most > 1)) return 'not-read'
  if (most === Number.POSITIVE_INFINITY) state.endless++
  else state.ways *= most - least + 1
  state.level.branching ||= most !== least
  state.last = 'nothing'
  state.source += source
  return undefined
}

const close = (state: State): PatternProblem | undefined => {
  const outer = state.outer.pop()
  if (outer === undefined) return 'not-a-pattern'
  const { branches, branching } = state.level
  state.ways *= branches
  state.last = branching || branches > 1 ? 'branching' : 'plain'
  outer.branching ||= state.last === 'branching'
  state.level = outer
  state.source += ')'
  return undefined
}

const lastOf = (source: string): State['last'] => {
  if (/^(?:\^|\$|\\[bB])$/.test(source)) return 'anchor'
  return source === '|' || source.startsWith('(') ? 'nothing' : 'plain'
}

const take = (state: State, source: string): void => {
  if (source === '|') state.level.branches++
  if (source.startsWith('(')) {
    state.outer.push(state.level)
    state.level = { branches: 1, branching: false }
  }
  state.last = lastOf(source)
  state.source += source
}

/** Takes what the rest of a pattern begins with, and tells how long it was. */
const step = (state: State, rest: string): Scan<number> => {
  const repetition = scanRepetition(rest)
  if (!repetition.ok) return repetition
  if (repetition.value !== undefined) {
    const problem = repeat(state, repetition.value)
    return problem === undefined ? ok(repetition.value.length) : fail(problem)
  }
  if (rest.startsWith(')')) {
    const problem = close(state)
    return problem === undefined ? ok(1) : fail(problem)
  }
  const piece = scanPiece(rest)
  if (!piece.ok) return piece
  take(state, piece.value.source)
  return ok(piece.value.length)
}

const stepsOf = ({ source, level, ways, endless }: State): number => {
  const isAnchored = source.startsWith('^') && level.branches === 1
  return ways * level.branches * waysToShare(endless + (isAnchored ? 0 : 1))
}

/**
 * Reads a pattern in Go's syntax (regexp/syntax), piece by piece, into JavaScript's. What the two read differently is put
 * in the other's words or not read, and so is what JavaScript could try in too many ways.
 */
export const scanPattern = (pattern: string): Scan<ScannedPattern> => {
  if (pattern.length > mostPattern || /[^\x20-\x7e]/.test(pattern)) return fail('not-read')
  // Whether a dot matches the end of a line is all one: a name has none.
  const [prefix = '', flags = ''] = /^\(\?([ims]*)\)/.exec(pattern) ?? []
  const level = { branches: 1, branching: false }
  const state: State = { source: '', last: 'nothing', endless: 0, ways: 1, outer: [], level }
  for (let at = prefix.length; at < pattern.length; ) {
    const length = step(state, pattern.slice(at))
    if (!length.ok) return length
    at += length.value
  }
  if (state.outer.length > 0) return fail('not-a-pattern')
  return stepsOf(state) > mostSteps
    ? fail('not-read')
    : ok({ source: state.source, flags: flags.includes('i') ? 'i' : '' })
}
