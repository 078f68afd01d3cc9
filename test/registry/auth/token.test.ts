import type { ServerResponse } from 'node:http'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Result } from '../../../src/lib/result.ts'
import { type Credential, fingerprintOf } from '../../../src/registry/auth/credential.ts'
import type { Grant } from '../../../src/registry/auth/grant.ts'
import { createTokenFetch } from '../../../src/registry/auth/token.ts'
import { readToken, type Token } from '../../../src/registry/auth/token-answer.ts'
import { createTokenStore } from '../../../src/registry/auth/token-store.ts'
import type { ProbeFailure } from '../../../src/registry/failure.ts'
import { closedAfterTest, plainTerms } from '../../support/lifetime.ts'
import { notingSend } from '../../support/noting-send.ts'
import { prose, startTokenServer, type TokenServer, type TokenServerOptions } from '../../support/token-server.ts'

const me: Credential = { username: 'me', password: 'SECRET&PASS=WORD' }
const wrong: Credential = { username: 'me', password: 'OTHER-SECRET' }
const identity: Credential = { username: '', password: 'IDENTITY-TOKEN' }

const serverFor = async (options: TokenServerOptions = {}): Promise<TokenServer> =>
  closedAfterTest(await startTokenServer({ accounts: [me, identity], ...options }))

const grantAt = (realm: string): Grant => ({
  realm,
  service: 'registry.example',
  scopes: ['repository:a/b:pull', 'repository:shop/web:pull'],
})

const fetchAt = (
  server: TokenServer,
  credential: Credential | undefined,
  grant: Grant = grantAt(server.realm),
): Promise<Result<Token, ProbeFailure>> => {
  const fetchToken = createTokenFetch(notingSend().send)
  return fetchToken(
    { client: plainTerms, registryUrl: 'https://registry.example', grant, credential },
    AbortSignal.timeout(5000),
  )
}

const methods = ({ requests }: TokenServer): string => requests.map(({ method }) => method).join(' ')

describe('a token is asked for as containerd asks', () => {
  test('by GET without credentials, with a scope a parameter', async () => {
    const server = await serverFor()
    expect(await fetchAt(server, undefined)).toMatchObject({ ok: true, value: { text: 'TOKEN-1-FOR-nobody' } })
    expect(server.requests).toEqual([
      {
        method: 'GET',
        fields: [
          ['service', 'registry.example'],
          ['scope', 'repository:a/b:pull'],
          ['scope', 'repository:shop/web:pull'],
        ],
        contentType: undefined,
        authorization: undefined,
      },
    ])
  })

  test('with an empty password as nobody, since the name alone is not sent', async () => {
    const server = await serverFor()
    expect(await fetchAt(server, { username: 'me', password: '' })).toMatchObject({ ok: true })
    expect(server.requests).toMatchObject([{ method: 'GET', authorization: undefined }])
  })

  test('keeping what the realm has for a query, and leaving out a service that was not named', async () => {
    const server = await serverFor()
    await fetchAt(server, undefined, { realm: `${server.realm}?account=x`, service: '', scopes: ['s'] })
    expect(server.requests[0]?.fields).toEqual([
      ['account', 'x'],
      ['scope', 's'],
    ])
  })

  test('by a form with the password, all scopes in one field', async () => {
    const server = await serverFor()
    expect(await fetchAt(server, me)).toMatchObject({ ok: true, value: { text: 'TOKEN-1-FOR-me' } })
    expect(server.requests).toEqual([
      {
        method: 'POST',
        fields: [
          ['scope', 'repository:a/b:pull repository:shop/web:pull'],
          ['service', 'registry.example'],
          ['client_id', 'containerd-client'],
          ['grant_type', 'password'],
          ['username', 'me'],
          ['password', 'SECRET&PASS=WORD'],
        ],
        contentType: 'application/x-www-form-urlencoded; charset=utf-8',
        authorization: undefined,
      },
    ])
  })

  test('by a form with the identity token, where there is no name', async () => {
    const server = await serverFor()
    expect(await fetchAt(server, identity)).toMatchObject({ ok: true, value: { text: 'TOKEN-1-FOR-identity' } })
    expect(server.requests[0]?.fields.slice(3)).toEqual([
      ['grant_type', 'refresh_token'],
      ['refresh_token', 'IDENTITY-TOKEN'],
    ])
  })
})

describe('a POST that is turned down', () => {
  test.each([
    [404, 'as Google does', me],
    [401, 'as Artifactory does', me],
    [400, 'as Azure does', me],
    [405, 'with a name in the credential', me],
    [404, 'with an identity token', identity],
  ])('with %i, %s, becomes a GET with name and password', async (post, _, credential) => {
    const server = await serverFor({ post })
    expect(await fetchAt(server, credential)).toMatchObject({ ok: true })
    expect(methods(server)).toBe('POST GET')
    expect(server.requests[1]?.authorization).toMatch(/^Basic /)
  })

  test.each([
    [403, me, { kind: 'refused', status: 403, askedAs: 'credentials' }],
    [405, identity, { kind: 'bad-answer', problem: 'unexpected-status', status: 405 }],
    [500, me, { kind: 'bad-answer', problem: 'server-error', status: 500 }],
    [307, me, { kind: 'bad-answer', problem: 'bad-redirect', status: 307 }],
    [429, me, { kind: 'rate-limited', retryAfterMs: undefined }],
  ])('with %i is final', async (post, credential, failure) => {
    const server = await serverFor({ post })
    expect(await fetchAt(server, credential)).toEqual({
      ok: false,
      error: { host: server.host, step: 'token', ...failure },
    })
    expect(methods(server)).toBe('POST')
  })
})

describe('a "no" is told apart', () => {
  test.each<[string, TokenServerOptions, Credential | undefined, object]>([
    ['wrong credentials', {}, wrong, { kind: 'refused', status: 401, askedAs: 'credentials' }],
    ['wrong ones in OAuth words', { wrong: 400 }, wrong, { kind: 'refused', status: 400, askedAs: 'credentials' }],
    ['nobody wanted', { anonymous: 401 }, undefined, { kind: 'refused', status: 401, askedAs: 'anonymous' }],
    [
      'nobody wanted, or no such thing',
      { anonymous: 403 },
      undefined,
      { kind: 'refused', status: 403, askedAs: 'anonymous' },
    ],
    [
      'a question that is not understood',
      { anonymous: 400 },
      undefined,
      { kind: 'bad-answer', status: 400, problem: 'unexpected-status' },
    ],
    [
      'no token server there',
      { anonymous: 404 },
      undefined,
      { kind: 'bad-answer', status: 404, problem: 'unexpected-status' },
    ],
    ['one that is down', { anonymous: 503 }, undefined, { kind: 'bad-answer', status: 503, problem: 'server-error' }],
  ])('%s', async (_, options, credential, failure) => {
    const server = await serverFor(options)
    const token = await fetchAt(server, credential)
    expect(token).toMatchObject({ ok: false, error: { step: 'token', ...failure } })
    expect(JSON.stringify(token)).not.toMatch(new RegExp(`SECRET|${prose}`))
  })

  const answering = (status: number, headers: Record<string, string>, body = ''): TokenServerOptions => ({
    answer: (response: ServerResponse) => response.writeHead(status, headers).end(body),
  })

  test.each<[string, TokenServerOptions, object]>([
    [
      'a page for people, from something in between',
      answering(403, { 'content-type': 'text/html' }, prose),
      { problem: 'not-a-registry', status: 403 },
    ],
    ['a page with status 200', answering(200, { 'content-type': 'text/html' }, `<p>${prose}`), { problem: 'not-json' }],
    ['a list', answering(200, {}, '[]'), { problem: 'wrong-shape' }],
    ['no token', answering(200, {}, '{}'), { problem: 'no-token' }],
    ['an empty answer', answering(204, {}), { problem: 'not-json' }],
    [
      'an answer of more than 64 KiB',
      answering(200, {}, JSON.stringify({ token: 'x'.repeat(70_000) })),
      { problem: 'too-large' },
    ],
    ['a redirect', answering(302, { location: 'http://127.0.0.1:1/' }), { problem: 'bad-redirect', status: 302 }],
  ])('%s is no answer', async (_, options, failure) => {
    const token = await fetchAt(await serverFor(options), undefined)
    expect(token).toMatchObject({ ok: false, error: { step: 'token', kind: 'bad-answer', ...failure } })
    expect(JSON.stringify(token)).not.toContain(prose)
  })

  test('patience is asked for', async () => {
    const token = await fetchAt(await serverFor(answering(429, { 'retry-after': '7' })), me)
    expect(token).toMatchObject({ error: { kind: 'rate-limited', retryAfterMs: 7000 } })
  })
})

const bytesOf = (document: unknown): Uint8Array => Buffer.from(JSON.stringify(document))

describe('of an answer', () => {
  test.each<[string, 'GET' | 'POST', object, string]>([
    ['to GET token counts', 'GET', { token: 'a' }, 'a'],
    ['to GET access_token counts', 'GET', { access_token: 'b' }, 'b'],
    ['to GET access_token counts more', 'GET', { token: 'a', access_token: 'b' }, 'b'],
    ['to GET an empty access_token does not', 'GET', { token: 'a', access_token: '' }, 'a'],
    ['to POST access_token counts', 'POST', { token: 'a', access_token: 'b' }, 'b'],
    ['the case of names does not matter', 'POST', { Access_Token: 'b' }, 'b'],
    ['null is nothing', 'GET', { token: 'a', access_token: null, expires_in: null }, 'a'],
    ['unknown members do not matter', 'GET', { token: 'a', x: [{}] }, 'a'],
    ['scope matters to nobody who asked by GET', 'GET', { token: 'a', scope: ['x'] }, 'a'],
  ])('%s', (_, method, document, text) => {
    expect(readToken(bytesOf(document), method)).toMatchObject({ ok: true, value: { text } })
  })

  test.each<[string, 'GET' | 'POST', object, string]>([
    ['to POST token alone does not count', 'POST', { token: 'a' }, 'no-token'],
    ['a token that is no text', 'GET', { token: 1 }, 'wrong-shape'],
    ['a lifetime in words, which the node cannot decode', 'GET', { token: 'a', expires_in: '300' }, 'wrong-shape'],
    ['half a second', 'GET', { token: 'a', expires_in: 0.5 }, 'wrong-shape'],
    ['a time that is none', 'GET', { token: 'a', issued_at: 'yesterday' }, 'wrong-shape'],
    ['to POST a scope that is a list', 'POST', { access_token: 'a', scope: ['x'] }, 'wrong-shape'],
    ['a token with a line break in it', 'GET', { token: 'a\r\nx: y' }, 'wrong-shape'],
    ['an inherited member', 'GET', { toString: 'a' }, 'no-token'],
  ])('%s spoils it', (_, method, document, problem) => {
    expect(readToken(bytesOf(document), method)).toEqual({ ok: false, error: problem })
  })

  test.each<[number | undefined, number, string]>([
    [undefined, 50_000, 'a minute by the specification'],
    [0, 50_000, 'as good as nothing'],
    [-5, 50_000, 'a clock that is wrong'],
    [300, 290_000, 'what Docker Hub gives, less ten seconds'],
    [6, 3000, 'half of a short life'],
    [43_200, 3_590_000, 'no longer than an hour'],
  ])('expires_in %s makes %i ms: %s', (expiresIn, usableMs) => {
    const answer = { token: 'a', expires_in: expiresIn, issued_at: '1999-01-01T00:00:00.5+02:00' }
    expect(readToken(bytesOf(answer), 'GET')).toMatchObject({ value: { usableMs } })
  })

  test('nothing is thrown, and a token is always fit for a header, whatever it contains', () => {
    const name = fc.constantFrom(
      'token',
      'access_token',
      'Token',
      'expires_in',
      'issued_at',
      'scope',
      'refresh_token',
      '__proto__',
    )
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.double(), fc.jsonValue())
    const document = fc.dictionary(name, value).map(members => Buffer.from(JSON.stringify(members)))
    const bytes = fc.oneof(
      document,
      document.map(whole => whole.subarray(0, -2)),
      fc.uint8Array(),
    )
    fc.assert(
      fc.property(bytes, fc.constantFrom('GET', 'POST'), (body, method) => {
        const token = readToken(body, method)
        if (!token.ok) return
        new Headers({ authorization: `Bearer ${token.value.text}` })
        expect(token.value.usableMs).toBeGreaterThan(0)
        expect(token.value.usableMs).toBeLessThan(3_600_000)
      }),
      { numRuns: 20_000 },
    )
  })
})

describe('tokens are kept', () => {
  const storeAt = (clock: { ms: number }, mostTokens = 10, fetchMs = 5000) =>
    createTokenStore({ nowMs: () => clock.ms, mostTokens, fetchMs })
  const late: ProbeFailure = { host: 'realm.example', step: 'token', kind: 'timed-out' }
  const never = () => new AbortController().signal
  const token =
    (text: string, usableMs = 1000) =>
    async () =>
      ({ ok: true, value: { text, usableMs } }) as const

  test('as long as they are good', async () => {
    const clock = { ms: 0 }
    const store = storeAt(clock)
    expect(await store.get('k', token('a'), late, never())).toEqual({ ok: true, value: { text: 'a', isFresh: true } })
    clock.ms = 999
    expect(await store.get('k', token('b'), late, never())).toEqual({ ok: true, value: { text: 'a', isFresh: false } })
    clock.ms = 1000
    expect(store.held('k')).toBeUndefined()
    expect(await store.get('k', token('b'), late, never())).toEqual({ ok: true, value: { text: 'b', isFresh: true } })
  })

  test('and no more of them than agreed', async () => {
    const store = storeAt({ ms: 0 }, 2)
    for (const key of ['1', '2', '3']) await store.get(key, token(key), late, never())
    expect(['1', '2', '3'].map(store.held)).toEqual([undefined, '2', '3'])
  })

  test('until one is dropped, but not the one that took its place', async () => {
    const store = storeAt({ ms: 0 })
    await store.get('k', token('a'), late, never())
    store.drop('k', 'older')
    expect(store.held('k')).toBe('a')
    store.drop('k', 'a')
    expect(store.held('k')).toBeUndefined()
  })

  test('failures are not', async () => {
    const store = storeAt({ ms: 0 })
    const failure: ProbeFailure = { host: 'h', step: 'token', kind: 'timed-out' }
    expect(await store.get('k', async () => ({ ok: false, error: failure }), late, never())).toEqual({
      ok: false,
      error: failure,
    })
    expect(await store.get('k', token('a'), late, never())).toMatchObject({ ok: true })
  })

  test('one fetch serves all who ask meanwhile, and goes on when the first of them gives up', async () => {
    const store = storeAt({ ms: 0 })
    const arrived = Promise.withResolvers<void>()
    let fetches = 0
    const slow = async (signal: AbortSignal) => {
      fetches += 1
      await arrived.promise
      expect(signal.aborted).toBe(false)
      return token('a')()
    }
    const impatient = new AbortController()
    const first = store.get('k', slow, late, impatient.signal)
    const others = [store.get('k', slow, late, never()), store.get('k', slow, late, never())]
    impatient.abort()
    expect(await first).toEqual({ ok: false, error: late })
    arrived.resolve()
    expect(await Promise.all(others)).toEqual(Array(2).fill({ ok: true, value: { text: 'a', isFresh: true } }))
    expect(fetches).toBe(1)
    expect(await store.get('k', slow, late, AbortSignal.abort())).toMatchObject({
      value: { text: 'a', isFresh: false },
    })
    const endless = () => new Promise<never>(() => undefined)
    expect(await store.get('other', endless, late, AbortSignal.abort())).toEqual({
      ok: false,
      error: late,
    })
  })

  test('a fetch has a deadline of its own', async () => {
    const store = storeAt({ ms: 0 }, 10, 1)
    const failure: ProbeFailure = { host: 'h', step: 'token', kind: 'timed-out' }
    const untilAborted = (signal: AbortSignal) =>
      new Promise<{ readonly ok: false; readonly error: ProbeFailure }>(resolve =>
        signal.addEventListener('abort', () => resolve({ ok: false, error: failure })),
      )
    expect(await store.get('k', untilAborted, late, never())).toEqual({ ok: false, error: failure })
  })
})

describe('a fingerprint', () => {
  const key = Buffer.alloc(32, 1)

  test('is equal for equal credentials only', () => {
    const credential = fc.record({ username: fc.string(), password: fc.string() })
    fc.assert(
      fc.property(credential, credential, (a, b) => {
        const isSame = a.username === b.username && a.password === b.password
        expect(fingerprintOf(a, key) === fingerprintOf(b, key)).toBe(isSame)
        expect(fingerprintOf({ ...a }, key)).toBe(fingerprintOf(a, key))
      }),
    )
  })

  test('tells where the name ends, and nothing of what it stands for', () => {
    expect(fingerprintOf({ username: 'ab', password: 'c' }, key)).not.toBe(
      fingerprintOf({ username: 'a', password: 'bc' }, key),
    )
    expect(fingerprintOf(me, key)).not.toBe(fingerprintOf(me, Buffer.alloc(32, 2)))
    expect(fingerprintOf(me, key)).toMatch(/^[\w-]{43}$/)
    expect(fingerprintOf(undefined, key)).toBe('anonymous')
  })
})
