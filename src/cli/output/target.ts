import { closest, distance } from 'fastest-levenshtein'
import { fail, ok, type Result } from '../../lib/result.ts'
import type { FormatName } from '../../report/formats.ts'
import { quoted } from '../../verdict/text.ts'

/** A format, and the file that it goes to; undefined: standard output. */
export interface Target {
  readonly format: FormatName
  readonly file: string | undefined
}

/** The names of the formats, as help lists them; kept apart from the formats themselves, which are loaded only to be written. */
export const formatNames: readonly FormatName[] = [
  'text',
  'json',
  'sarif',
  'junit',
  'github',
  'gitlab',
  'markdown',
  'html',
  'policyreport',
]

const listedAll = (names: readonly string[]): string => `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

/** The format that was meant; undefined where half of the name would have to be another. */
const nearFormat = (name: string): string | undefined => {
  const near = closest(name, [...formatNames])
  return distance(name, near) * 2 < near.length ? near : undefined
}

/** Reads `FORMAT` or `FORMAT=FILE`; fails with a sentence. */
export const readTarget = (text: string): Result<Target, string> => {
  const [name = '', ...rest] = text.split('=')
  const file = rest.join('=')
  const format = formatNames.find(each => each === name)
  if (format === undefined) {
    const near = nearFormat(name.slice(0, 40).toLowerCase())
    const hint = near === undefined ? '' : ` Did you mean ${near}?`
    return fail(`${quoted(name, 40)} is no format: there are ${listedAll(formatNames)}.${hint}`)
  }
  if (rest.length > 0 && file === '')
    return fail(`${quoted(text, 40)} names no file: write ${format}=report.out, or ${format} alone.`)
  return ok({ format, file: file === '' ? undefined : file })
}

/** What is wrong with several targets together; undefined where nothing is. */
export const targetsProblem = (targets: readonly Target[]): string | undefined => {
  const onStdout = targets.filter(({ file }) => file === undefined)
  if (onStdout.length > 1)
    return `-o ${onStdout.map(({ format }) => format).join(' and -o ')} would both go to standard output: give all but one a file, as in -o ${onStdout[0]?.format}=report.out.`
  const files = targets.flatMap(({ file }) => file ?? [])
  const twice = files.find((file, index) => files.indexOf(file) !== index)
  return twice === undefined ? undefined : `-o names the file ${quoted(twice, 80)} twice.`
}
