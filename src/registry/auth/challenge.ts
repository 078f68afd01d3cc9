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

/** Reads up to the first thing that is no parameter, and to CRI-O an empty one is none; what was read until there counts. */
const takeParameters = (cursor: Cursor, endsAtEmpty: boolean): ReadonlyMap<string, string> => {
  const parameters = new Map<string, string>()
  do {
    take(cursor, spaces)
    const name = takeToken(cursor)
    if (name === '' || !takeCharacter(cursor, '=')) break
    const value = takeValue(cursor)
    if (value === '' && endsAtEmpty) break
    parameters.set(name.toLowerCase(), value)
    take(cursor, spaces)
  } while (takeCharacter(cursor, ','))
  return parameters
}

const readLine = (text: string, endsAtEmpty: boolean): Challenge | undefined => {
  const cursor: Cursor = { text, at: 0 }
  const name = takeToken(cursor).toLowerCase()
  const scheme = schemes.find(known => known === name)
  return scheme && { scheme, parameters: takeParameters(cursor, endsAtEmpty) }
}

const readLines = (lines: readonly string[], endsAtEmpty: boolean): readonly Challenge[] =>
  withinBounds(lines)
    .map(line => readLine(line, endsAtEmpty))
    .filter(challenge => challenge !== undefined)

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
  readLines(lines, false).toSorted((a, b) => schemes.indexOf(a.scheme) - schemes.indexOf(b.scheme))

/**
 * The challenge that CRI-O answers: the first of those that it can, in the order of the lines (go.podman.io/image,
 * docker/wwwauthenticate.go, docker_client.go setupRequestAuth).
 */
export const firstChallenge = (lines: readonly string[]): Challenge | undefined =>
  readLines(lines, true).find(({ scheme }) => scheme !== 'digest')

/** The scope that a registry says is missing; undefined where it does not say so, or in a form that CRI-O does not read. */
export const missingScope = (lines: readonly string[]): string | undefined =>
  readLines(lines, true)
    .filter(({ scheme, parameters }) => scheme === 'bearer' && parameters.get('error') === 'insufficient_scope')
    .map(({ parameters }) => parameters.get('scope'))
    .find(scope => scope?.split(':').length === 3)
