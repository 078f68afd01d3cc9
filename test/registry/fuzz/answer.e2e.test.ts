import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AskedAs, ProbeFailure, Step } from '../../../src/registry/failure.ts'
import { nextPage } from '../../../src/registry/link.ts'
import { quotaOf } from '../../../src/registry/quota.ts'
import { retryAfterMs } from '../../../src/registry/retry-after.ts'
import { failureOf } from '../../../src/registry/status.ts'
import { damagedJson, deepJson } from '../../support/arbitraries/damaged-json.ts'
import { linkText, quotaText, retryAfterText } from '../../support/arbitraries/header.ts'
import { referenceOf } from '../../support/reference-of.ts'
import { fuzz, must, mustReadSoon } from './fuzz.ts'

const prose = 'PROSE'
const error = (code: unknown) => ({ errors: [{ code, message: prose, detail: { Tag: prose } }] })
const bodies = [
  ...[
    'MANIFEST_UNKNOWN',
    'NAME_UNKNOWN',
    'BLOB_UNKNOWN',
    'NOT_FOUND',
    'DENIED',
    'UNAUTHORIZED',
    'TOOMANYREQUESTS',
    prose,
  ].map(error),
  ...[
    error(1),
    { errors: [] },
    { errors: [prose] },
    { message: prose },
    { errors: [...error('DENIED').errors, ...error('NAME_UNKNOWN').errors] },
  ],
]
const status = fc.constantFrom(404, 404, 404, 403, 403, 429, 429, 400, 401, 204, 301, 304, 408, 500, 503, 599, 100, 999)
const steps: readonly Step[] = ['manifest', 'child', 'config', 'tags', 'program']
const askedAs: readonly AskedAs[] = ['unchallenged', 'anonymous', 'credentials']
const references = ['registry.example/a:1', `registry.example/a@sha256:${'a'.repeat(64)}`].map(referenceOf)

const answer = fc.tuple(
  ...([damagedJson(fc.constantFrom(...bodies)), status, retryAfterText, fc.constantFrom(...steps)] as const),
  ...([fc.constantFrom(...askedAs), fc.constantFrom(...references)] as const),
)

const knownCode = /"(MANIFEST_UNKNOWN|NAME_UNKNOWN|BLOB_UNKNOWN|NOT_FOUND)"/

const isWait = (ms: number | undefined): boolean => ms === undefined || (ms >= 0 && ms <= 86_400_000)

/** Whether the answer is one that alone may lead to such a failure. */
const follows = (failure: ProbeFailure, code: number, bytes: Uint8Array): boolean => {
  switch (failure.kind) {
    case 'absent':
      return code === 404 && knownCode.test(Buffer.from(bytes).toString())
    case 'refused':
      return code === 403 && failure.askedAs !== 'unchallenged'
    case 'rate-limited':
      return code === 429 && isWait(failure.retryAfterMs)
    case 'bad-answer':
      return failure.status === code
    case 'unreachable':
    case 'timed-out':
    case 'blocked':
    case 'oversized':
    case 'wrong-content':
      return false
  }
}

describe('whatever a registry says with another status than 200', () => {
  test('is a failure that follows from the status and the code, and has no word of the body in it', () => {
    fuzz(answer, ([body, code, wait, step, as, reference]) => {
      const header = (name: string) => (name === 'retry-after' ? wait : undefined)
      const reply = { status: code, header, lines: () => [], body }
      const failure = failureOf({ reply, askedAs: as }, reference, { host: 'registry.example', step })
      must(failure.host === 'registry.example' && failure.step === step, failure)
      must(!JSON.stringify(failure).includes(prose), failure)
      must(follows(failure, code, body), failure)
      // A plain "something is wrong" is what most noise ends in.
      return failure.kind === 'bad-answer' ? 'refused' : 'accepted'
    })
  })

  test('is read whatever its depth', () => {
    const [reference] = references
    for (const body of deepJson(['errors', 'code']))
      expect(
        reference &&
          failureOf(
            { reply: { status: 404, header: () => undefined, lines: () => [], body }, askedAs: 'anonymous' },
            reference,
            { host: 'h', step: 'manifest' },
          ).kind,
      ).toBe('bad-answer')
  })
})

describe('whatever stands in a header', () => {
  test('a wait is whole seconds of a day at the most', () => {
    fuzz(retryAfterText, text => {
      const ms = retryAfterMs(text)
      if (ms === undefined) return 'refused'
      must(Number.isSafeInteger(ms) && ms >= 0 && ms <= 86_400_000 && ms % 1000 === 0, ms)
      must(ms === Math.min(Number(text) * 1000, 86_400_000), [text, ms])
      return 'accepted'
    })
  })

  test('a quota is whole numbers', () => {
    fuzz(fc.tuple(quotaText, quotaText), ([limit, remaining]) => {
      const quota = quotaOf(name => (name === 'ratelimit-limit' ? limit : remaining))
      if (quota === undefined) return 'refused'
      for (const number of [quota.limit, quota.remaining, quota.windowSeconds ?? 0])
        must(Number.isSafeInteger(number) && number >= 0 && number < 1e9, quota)
      return 'accepted'
    })
  })

  test('the next page is one of the same origin, without anybody in it', () => {
    const from = new URL('https://registry.example/v2/a/tags/list?n=100')
    fuzz(linkText, text => {
      const next = nextPage(text, from)
      if (next === undefined) return 'refused'
      must(next.origin === from.origin && next.username === '' && next.password === '', next.href)
      const again = nextPage(`<${next.href}>; rel="next"`, from)
      must(again?.href === next.href, next.href)
      return 'accepted'
    })
  })

  test('length costs no more than reading it', () => {
    const from = new URL('https://registry.example/')
    const pieces = ['<', '>', ' ', ';', '"', '<a>;', '<a>; rel="next", ', '1', '0', '1;w=', '\t;', '<a> ', 'rel=']
    const starts = ['', '<', '<a>', '<a>;', '<a>; rel=next', '1', '1;w=1']
    const read = (text: string) => [nextPage(text, from), quotaOf(() => text), retryAfterMs(text)]
    mustReadSoon(
      read,
      pieces,
      starts.map(start => text => start + text),
    )
    expect(quotaOf(() => '1'.repeat(2 ** 20))).toBeUndefined()
    expect(retryAfterMs('1'.repeat(2 ** 20))).toBeUndefined()
  })
})
