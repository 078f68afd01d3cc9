import { fail, ok, type Result } from '../../lib/result.ts'
import { asRecord } from '../../lib/untrusted.ts'
import type { AnswerProblem } from '../failure.ts'
import { parseJson } from '../json.ts'

/** What a token server gave. */
export interface Token {
  readonly text: string
  /** For how long it is to be used, from the moment it came: a server's clock is not believed. */
  readonly usableMs: number
}

// The distribution project's token specification: "for compatibility" an answer without expires_in means a minute.
const defaultSeconds = 60
// Rights that are taken away are noticed within the hour, whatever the server says.
const mostSeconds = 3600
// So that a token does not expire on its way; half of one that lives shorter than 20 s.
const marginMs = 10_000

const usableMsOf = (expiresIn: unknown): number => {
  const seconds = typeof expiresIn === 'number' && expiresIn > 0 ? expiresIn : defaultSeconds
  const ms = Math.min(seconds, mostSeconds) * 1000
  return ms - Math.min(marginMs, ms / 2)
}

const isTime = (text: string): boolean =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text))

const isText = (value: unknown): boolean => typeof value === 'string'

/** The members that containerd reads, and what its decoder takes; null is as good as nothing everywhere. */
const shapes: Readonly<Record<string, (value: unknown) => boolean>> = {
  access_token: isText,
  refresh_token: isText,
  expires_in: Number.isSafeInteger,
  issued_at: value => typeof value === 'string' && isTime(value),
}
const shapesOf = {
  GET: { ...shapes, token: isText },
  POST: { ...shapes, scope: isText },
} as const

/** The document's members by lower-case name: Go's decoder, which the node reads with, takes them in any case. */
const membersOf = (document: Readonly<Record<string, unknown>>): ReadonlyMap<string, unknown> =>
  new Map(
    Object.entries(document)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name.toLowerCase(), value]),
  )

// What may stand in a header. A line break in a token would be a header of its own.
const headerText = /^[ -~]+$/

/**
 * Reads a token server's good answer as containerd does (core/remotes/docker/auth/fetch.go): to a POST only
 * `access_token` counts, to a GET `token` does as well, and a known member of another type spoils the whole.
 */
export const readToken = (body: Uint8Array, method: 'GET' | 'POST'): Result<Token, AnswerProblem> => {
  const parsed = parseJson(body)
  if (parsed === undefined) return fail('not-json')
  const document = asRecord(parsed)
  if (document === undefined) return fail('wrong-shape')
  const members = membersOf(document)
  const fits = Object.entries(shapesOf[method]).every(([name, isFit]) => !members.has(name) || isFit(members.get(name)))
  if (!fits) return fail('wrong-shape')
  const text = members.get('access_token') || (method === 'GET' && members.get('token')) || ''
  if (typeof text !== 'string' || text === '') return fail('no-token')
  return headerText.test(text) ? ok({ text, usableMs: usableMsOf(members.get('expires_in')) }) : fail('wrong-shape')
}
