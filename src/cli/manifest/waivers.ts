import { closest } from 'fastest-levenshtein'
import type { Lines } from '../../lib/text-lines.ts'
import { allCodes } from '../../verdict/codes.ts'
import { quoted } from '../../verdict/text.ts'

/** What comments beside an image say is not to be complained of. */
export interface Waivers {
  readonly codes: ReadonlySet<string>
  /** What is wrong with the comments. */
  readonly flaws: readonly { readonly line: number; readonly column: number; readonly what: string }[]
}

const none: Waivers = { codes: new Set(), flaws: [] }

const comment = /(?:^|\s)#\s*(pullgate:ignore)(?:[ \t]+(\S+))?/
const commentAlone = /^\s*#/
// Somebody may explain at length; nobody explains over pages.
const mostLinesAbove = 10

const linesBeside = (lines: Lines, line: number): readonly number[] => {
  const beside = [line]
  for (let above = line - 1; above > 0 && beside.length <= mostLinesAbove; above--) {
    if (!commentAlone.test(lines.text(above))) break
    beside.push(above)
  }
  return beside
}

const known: ReadonlySet<string> = new Set(allCodes)

const readComment = (text: string, line: number): Waivers => {
  const found = comment.exec(text)
  if (found === null) return none
  const codes = (found[2] ?? '').split(',').filter(code => code !== '')
  const unknown = codes.find(code => !known.has(code))
  const at = { line, column: text.indexOf('pullgate:ignore') + 1 }
  if (codes.length === 0) return { codes: new Set(), flaws: [{ ...at, what: 'pullgate:ignore names no code' }] }
  if (unknown === undefined) return { codes: new Set(codes), flaws: [] }
  const what = `${quoted(unknown, 40)} is no code: did you mean ${closest(unknown.slice(0, 40), [...allCodes])}?`
  return { codes: new Set(codes), flaws: [{ ...at, what }] }
}

const waiversAt = (lines: Lines, line: number): Waivers => {
  const read = linesBeside(lines, line).map(each => readComment(lines.text(each), each))
  if (read.every(each => each === none)) return none
  return { codes: new Set(read.flatMap(({ codes }) => [...codes])), flaws: read.flatMap(({ flaws }) => flaws) }
}

/**
 * Makes what reads `# pullgate:ignore CODE reason` on a line, and in the comments right above it. A line is read once: JSON may have
 * all its objects on one.
 */
export const waiversIn = (lines: Lines): ((line: number) => Waivers) => {
  const known = new Map<number, Waivers>()
  return line => {
    const waivers = known.get(line) ?? waiversAt(lines, line)
    known.set(line, waivers)
    return waivers
  }
}
