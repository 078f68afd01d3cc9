import { clip, printable } from '../../verdict/text.ts'

/** Something that could not be read, or that its reader wants to know; lines and columns count from 1. */
export interface InputProblem {
  /** An error makes the input unreadable, a note is only said. */
  readonly weight: 'error' | 'note'
  /** As it is shown. */
  readonly file: string
  readonly at: { readonly line: number; readonly column: number; readonly text: string } | undefined
  /** Follows the file's name: `does not exist`. */
  readonly what: string
}

const mostLineCharacters = 120
const mostNameCharacters = 300

/** The problem with a whole file. */
export const problemWith = (file: string, what: string, weight: InputProblem['weight'] = 'error'): InputProblem => ({
  weight,
  file,
  at: undefined,
  what,
})

/** A problem as editors and terminals know it: `file:line:column: what`, and the line itself below. */
export const problemLines = ({ file, at, what }: InputProblem): readonly string[] => {
  const name = clip(file, mostNameCharacters)
  if (at === undefined) return [`${name} ${what}`]
  const line = printable(at.text.replaceAll('\t', ' ').trimEnd())
  return [`${name}:${at.line}:${at.column}: ${what}`, ...(line === '' ? [] : [`  ${clip(line, mostLineCharacters)}`])]
}
