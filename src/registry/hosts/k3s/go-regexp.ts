import { fail, ok, type Result } from '../../../lib/result.ts'
import { scanPattern } from './go-pattern.ts'
import type { PatternProblem } from './go-pattern-piece.ts'

/** A pattern of Go's regexp package that is safe to try on a repository's name. */
export interface GoRegexp {
  readonly js: RegExp
}

/** Reads a pattern as Go's regexp does. One that could take long in JavaScript, whose patterns try and turn back, is not read. */
export const readGoRegexp = (pattern: string): Result<GoRegexp, PatternProblem> => {
  const scanned = scanPattern(pattern)
  if (!scanned.ok) return scanned
  try {
    return ok({ js: new RegExp(scanned.value.source, `g${scanned.value.flags}`) })
  } catch {
    return fail('not-a-pattern')
  }
}

// A name is made of ASCII letters; in a template Go takes any letter.
const variable = /\$(?:(\$)|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu

/** What a match gives for a variable: a group's number or its name, as much of it as is a word: `$1x` is the group `1x`. */
const groupOf = (match: RegExpExecArray, name: string): string => {
  if (/^[0-9]+$/.test(name)) return match[Number(name)] ?? ''
  const groups = match.groups
  return groups !== undefined && Object.hasOwn(groups, name) ? (groups[name] ?? '') : ''
}

const expand = (template: string, match: RegExpExecArray): string =>
  template.replace(variable, (_whole, dollar?: string, braced?: string, plain?: string) =>
    dollar === undefined ? groupOf(match, braced ?? plain ?? '') : '$',
  )

/**
 * Replaces every match as Go does (regexp.ReplaceAllString). Unlike in JavaScript a match of nothing right behind another
 * match is none: `(.*)` matches `abc` once.
 */
export const replaceAll = ({ js }: GoRegexp, text: string, template: string): string => {
  let result = ''
  let copied = 0
  let from = 0
  while (from <= text.length) {
    js.lastIndex = from
    const match = js.exec(text)
    if (match === null) break
    const end = match.index + match[0].length
    result += text.slice(copied, match.index)
    if (end > copied || match.index === 0) result += expand(template, match)
    copied = end
    from = Math.max(end, from + 1)
  }
  return result + text.slice(copied)
}
