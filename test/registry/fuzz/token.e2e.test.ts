import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readToken } from '../../../src/registry/auth/token-answer.ts'
import { damagedJson, deepJson } from '../../support/arbitraries/damaged-json.ts'
import { fuzz, must, mustReadSoon } from './fuzz.ts'

// Of each member, what servers send and what they had better not.
const documents = [
  { token: 'abc.def-ghi', access_token: 'abc.def-ghi', expires_in: 300, issued_at: '2026-01-02T03:04:05Z' },
  { token: 'abc', expires_in: 60, issued_at: '2026-01-02T03:04:05.123456789+02:00' },
  { access_token: 'xyz', expires_in: 3600, refresh_token: 'again', scope: 'repository:a/b:pull' },
  { access_token: 'xyz', token: '', expires_in: 1, scope: '' },
  { token: 'abc', expires_in: 1e9, issued_at: '0001-01-01T00:00:00Z', refresh_token: null },
  { token: 'abc', expires_in: -1, issued_at: null },
  { Access_Token: 'other', EXPIRES_IN: 19, details: [{ a: 1 }, { b: [] }] },
  { errors: [{ code: 'DENIED', message: 'no' }] },
  { token: 'abc', expires_in: 1.5 },
]
const body = damagedJson(fc.constantFrom(...documents))

const problems: ReadonlySet<string> = new Set(['not-json', 'wrong-shape', 'no-token'])
const textIn = (bytes: Uint8Array): string => Buffer.from(bytes).toString()

const mustBeClosed = (token: ReturnType<typeof readToken>, bytes: Uint8Array): void => {
  if (!token.ok) {
    must(problems.has(token.error), token.error)
    return
  }
  const { text, usableMs, ...more } = token.value
  must(/^[ -~]+$/.test(text) && textIn(bytes).includes(text), text)
  must(usableMs >= 500 && usableMs <= 3_590_000, usableMs)
  must(Object.keys(more).length === 0, more)
}

describe('whatever a token server answers', () => {
  test('a token fits in a header, came in the body, and is used for an hour at the most', () => {
    fuzz(body, bytes => {
      const [got, posted] = [readToken(bytes, 'GET'), readToken(bytes, 'POST')]
      for (const token of [got, posted]) mustBeClosed(token, bytes)
      // Each knows one member that the other does not look at, and which may be broken.
      if (posted.ok && got.ok) must(posted.value.text === got.value.text, textIn(bytes))
      if (posted.ok && !got.ok) must(got.error === 'wrong-shape', textIn(bytes))
      return got.ok ? 'accepted' : 'refused'
    })
  })

  test('what objects inherit is no token', () => {
    const names = ['__proto__', 'constructor', 'toString', 'valueOf']
    for (const name of names)
      expect(readToken(Buffer.from(`{"${name}":{"token":"a","access_token":"a"}}`), 'GET')).toEqual({
        ok: false,
        error: 'no-token',
      })
  })

  test('depth and length cost no more than reading them', () => {
    for (const bytes of deepJson(['token', 'x', 'expires_in'])) expect(readToken(bytes, 'GET').ok).toBe(false)
    const read = (text: string) => must(!readToken(Buffer.from(text), 'GET').ok, text.slice(0, 40))
    mustReadSoon(read, ['[', '{"a":', '"', '\\', '\\u', ' ', '1'], [text => `{"token":"a","x":${text}`])
  })
})
