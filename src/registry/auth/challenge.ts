/** The ways of authentication that containerd knows, best first; of Digest it knows no more than the name. */
const schemes = ['bearer', 'digest', 'basic'] as const

/** How a registry wants to be asked again. */
export interface Challenge {
  readonly scheme: (typeof schemes)[number]
  /** By lower-case name. */
  readonly parameters: ReadonlyMap<string, string>
}

// A real answer has one or two challenges of some 200 bytes. What goes beyond is not read.
const mostChallenges = 16
const mostCharacters = 8 * 1024

// Sticky: each reads on from where the last one ended, and none goes back.
const token = /[!#$%&'*+\-.^_`|~0-9A-Za-z]*/y
const spaces = /[ \t\r\n]*/y
const quoted = /"((?:[^"\\]|\\[\s\S])*)"/y

interface Cursor {
  readonly text: string
  at: number
}

const take = (cursor: Cursor, pattern: RegExp): RegExpExecArray | null => {
  pattern.lastIndex = cursor.at
  const found = pattern.exec(cursor.text)
  if (found !== null) cursor.at = pattern.lastIndex
  return found
}

const takeToken = (cursor: Cursor): string => take(cursor, token)?.[0] ?? ''

const takeValue = (cursor: Cursor): string => {
  if (cursor.text[cursor.at] !== '"') return takeToken(cursor)
  const found = take(cursor, quoted)
  // A quotation without an end takes the rest of the line with it, and is empty.
  if (found === null) cursor.at = cursor.text.length
  return (found?.[1] ?? '').replace(/\\([\s\S])/g, '$1')
}

const takeCharacter = (cursor: Cursor, character: string): boolean => {
  const isThere = cursor.text[cursor.at] === character
  if (isThere) cursor.at += 1
  return isThere
}

/** Reads up to the first thing that is no parameter; what was read until there counts. */
const takeParameters = (cursor: Cursor): ReadonlyMap<string, string> => {
  const parameters = new Map<string, string>()
  do {
    take(cursor, spaces)
    const name = takeToken(cursor)
    if (name === '' || !takeCharacter(cursor, '=')) break
    parameters.set(name.toLowerCase(), takeValue(cursor))
    take(cursor, spaces)
  } while (takeCharacter(cursor, ','))
  return parameters
}

const readLine = (text: string): Challenge | undefined => {
  const cursor: Cursor = { text, at: 0 }
  const name = takeToken(cursor).toLowerCase()
  const scheme = schemes.find(known => known === name)
  return scheme && { scheme, parameters: takeParameters(cursor) }
}

const withinBounds = (lines: readonly string[]): readonly string[] => {
  let left = mostCharacters
  return lines.slice(0, mostChallenges).filter(({ length }) => {
    left -= length
    return left >= 0
  })
}

/**
 * The challenges in the lines of `WWW-Authenticate`, best first, as containerd reads them (core/remotes/docker/auth
 * parse.go): one a line, so a second one after a comma in the same line is lost to the node as well.
 */
export const parseChallenges = (lines: readonly string[]): readonly Challenge[] =>
  withinBounds(lines)
    .map(readLine)
    .filter(challenge => challenge !== undefined)
    .toSorted((a, b) => schemes.indexOf(a.scheme) - schemes.indexOf(b.scheme))
