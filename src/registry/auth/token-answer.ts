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

/** Whose way of reading an answer it is: containerd's to what it asked for by GET or by POST, or CRI-O's. */
export type TokenForm = 'GET' | 'POST' | 'cri-o'

/** The members that are read, and what Go's decoder takes for them; null is as good as nothing everywhere. */
const shapes: Readonly<Record<string, (value: unknown) => boolean>> = {
  access_token: isText,
  expires_in: Number.isSafeInteger,
  issued_at: value => typeof value === 'string' && isTime(value),
}
const shapesOf = {
  GET: { ...shapes, refresh_token: isText, token: isText },
  POST: { ...shapes, refresh_token: isText, scope: isText },
  'cri-o': { ...shapes, token: isText },
} as const

/** Under which names the token may stand; the first that is not empty counts. */
const namesOf: Readonly<Record<TokenForm, readonly string[]>> = {
  GET: ['access_token', 'token'],
  POST: ['access_token'],
  'cri-o': ['token', 'access_token'],
}

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
 * `access_token` counts, to a GET `token` does as well, and a known member of another type spoils the whole. To CRI-O
 * `token` comes first (go.podman.io/image, docker/docker_client.go readFromHTTPResponseBody).
 */
export const readToken = (body: Uint8Array, form: TokenForm): Result<Token, AnswerProblem> => {
  const parsed = parseJson(body)
  if (parsed === undefined) return fail('not-json')
  const document = asRecord(parsed)
  if (document === undefined) return fail('wrong-shape')
  const members = membersOf(document)
  const fits = Object.entries(shapesOf[form]).every(([name, isFit]) => !members.has(name) || isFit(members.get(name)))
  if (!fits) return fail('wrong-shape')
  const text = namesOf[form].map(name => members.get(name)).find(value => typeof value === 'string' && value !== '')
  if (typeof text !== 'string') return fail('no-token')
  return headerText.test(text) ? ok({ text, usableMs: usableMsOf(members.get('expires_in')) }) : fail('wrong-shape')
}
