import { jsonIn } from '../lib/json.ts'
import { fail, ok, type Result } from '../lib/result.ts'
import { textOfBytes } from './utf8.ts'

// JSON.parse keeps the last of several members of one name. Go puts them one after another into the same place, so that each counts.

/** A member of an object, in the order of the text; several may have one name. */
export interface Member {
  readonly name: string
  readonly value: Json
}

/** A JSON value as far as a docker config has use for it. */
export type Json =
  | { readonly kind: 'object'; readonly members: readonly Member[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'null' }
  | { readonly kind: 'other' }

// Go, encoding/json scanner.go maxNestingDepth.
const mostDepth = 10_000

const isEscaped = (json: string, at: number): boolean => {
  let slashes = 0
  while (json[at - 1 - slashes] === '\\') slashes++
  return slashes % 2 === 1
}

/** Where the text ends that begins with the quote at this place. */
const endOfText = (json: string, start: number): number => {
  let end = json.indexOf('"', start + 1)
  while (isEscaped(json, end)) end = json.indexOf('"', end + 1)
  return end + 1
}

// A surrogate that an escape left alone is U+FFFD to Go.
const unquoted = (token: string): string =>
  token.includes('\\') ? (JSON.parse(token) as string).toWellFormed() : token.slice(1, -1)

const endOfToken = (json: string, start: number): number => {
  const character = json[start] ?? ''
  if (character === '"') return endOfText(json, start)
  if ('{}[]'.includes(character)) return start + 1
  literal.lastIndex = start
  literal.test(json)
  return literal.lastIndex
}

const literal = /[^\s,\]}]+/y
const between = /[\s,:]*/y

const endOfBetween = (json: string, start: number): number => {
  between.lastIndex = start
  between.test(json)
  return between.lastIndex
}

/** An object or a list that is not at its end; a list's members are not kept. */
interface Open {
  readonly isObject: boolean
  readonly members: Member[]
  /** The name that waits for its value. */
  name: string | undefined
}

const put = (open: Open | undefined, value: Json): void => {
  if (open?.name === undefined) return
  open.members.push({ name: open.name, value })
  open.name = undefined
}

const putText = (open: Open | undefined, text: string): void => {
  if (open?.isObject && open.name === undefined) open.name = text
  else put(open, { kind: 'text', text })
}

const take = (opened: Open[], token: string): void => {
  const top = opened.at(-1)
  if (token === '{' || token === '[') opened.push({ isObject: token === '{', members: [], name: undefined })
  else if (token === '}' || token === ']') {
    opened.pop()
    put(opened.at(-1), top?.isObject ? { kind: 'object', members: top.members } : { kind: 'other' })
  } else if (token.startsWith('"')) putText(top, unquoted(token))
  else put(top, { kind: token === 'null' ? 'null' : 'other' })
}

/** The value of a text that is known to be JSON; undefined where it is nested deeper than Go goes. */
const wholeOf = (json: string): Json | undefined => {
  const root: Open = { isObject: true, members: [], name: '' }
  const opened = [root]
  let at = endOfBetween(json, 0)
  while (at < json.length && opened.length <= mostDepth + 1) {
    const end = endOfToken(json, at)
    take(opened, json.slice(at, end))
    at = endOfBetween(json, end)
  }
  return root.members[0]?.value
}

/** Reads JSON as Go's encoding/json does, every member kept. */
export const readJson = (bytes: Uint8Array): Result<Json, 'not-json'> => {
  const text = textOfBytes(bytes)
  const value = jsonIn(text) === undefined ? undefined : wholeOf(text)
  return value === undefined ? fail('not-json') : ok(value)
}
