import { describe, expect, test } from 'vitest'
import { createSecrets } from '../../src/cluster/read-secrets.ts'
import { createServiceAccounts } from '../../src/cluster/read-service-accounts.ts'
import { deadlineIn } from '../../src/lib/deadline.ts'
import { accessTo, apiServerFor, clientOf, lookupOptions } from '../support/api-server/connect.ts'
import { refuse } from '../support/api-server/server.ts'
import type { ApiObject } from '../support/api-server/store.ts'

const canary = 'CANARY-OF-A-SECRET'
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const signal = (): AbortSignal => deadlineIn(5000)

const config = (password: string): string =>
  JSON.stringify({ auths: { 'registry.example': { username: 'jane', password } } })
const path = '/api/v1/namespaces/shop/secrets/pull'
const secret = (content: string, more: Readonly<Record<string, string>> = {}): ApiObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'pull', namespace: 'shop' },
  type: 'kubernetes.io/dockerconfigjson',
  data: { '.dockerconfigjson': base64(content), ...more },
})

const setUp = async (own: Parameters<typeof lookupOptions>[0] = {}) => {
  const server = await apiServerFor()
  const clock = { ms: 0 }
  const waits: number[] = []
  const wait = async (ms: number): Promise<void> => void waits.push(ms)
  const api = clientOf(accessTo(server))
  const options = lookupOptions({ nowMs: () => clock.ms, wait, ...own })
  return { server, clock, waits, secrets: createSecrets(api, options), accounts: createServiceAccounts(api, options) }
}

const contentOf = (found: Awaited<ReturnType<ReturnType<typeof createSecrets>['get']>>): string =>
  found.ok ? Buffer.from(found.value.data.get('.dockerconfigjson') ?? []).toString() : found.error.kind

describe('a secret', () => {
  test('is read by GET, with who we are', async () => {
    const { server, secrets } = await setUp()
    server.objects.set(path, secret(config(canary)))
    expect(contentOf(await secrets.get('shop', 'pull', signal()))).toBe(config(canary))
    expect(server.requests.map(({ method, path: asked }) => `${method} ${asked}`)).toEqual([`GET ${path}`])
    expect(server.requests[0]).toMatchObject({ authorization: 'Bearer TOKEN', userAgent: 'pullgate/test' })
  })

  test('is kept for seconds, and asked for again after them', async () => {
    const { server, secrets, clock } = await setUp({ seconds: 10 })
    server.objects.set(path, secret(config('old')))
    await secrets.get('shop', 'pull', signal())
    server.objects.set(path, secret(config('new')))
    clock.ms = 9_999
    expect(contentOf(await secrets.get('shop', 'pull', signal()))).toBe(config('old'))
    clock.ms = 10_000
    expect(contentOf(await secrets.get('shop', 'pull', signal()))).toBe(config('new'))
    expect(server.requests).toHaveLength(2)
  })

  test('is asked for at once where it is wanted anew, and is then kept as it is', async () => {
    const { server, secrets } = await setUp()
    server.objects.set(path, secret(config('old')))
    await secrets.get('shop', 'pull', signal())
    server.objects.set(path, secret(config('new')))
    expect(contentOf(await secrets.getAnew('shop', 'pull', signal()))).toBe(config('new'))
    expect(contentOf(await secrets.get('shop', 'pull', signal()))).toBe(config('new'))
    expect(server.requests).toHaveLength(2)
  })

  test('that is missing is asked for each time, and seen as soon as it is there', async () => {
    const { server, secrets } = await setUp()
    expect(await secrets.get('shop', 'pull', signal())).toEqual({ ok: false, error: { kind: 'missing' } })
    server.objects.set(path, secret(config('new')))
    expect(contentOf(await secrets.get('shop', 'pull', signal()))).toBe(config('new'))
  })

  test('that went missing is forgotten', async () => {
    const { server, secrets } = await setUp()
    server.objects.set(path, secret(config('old')))
    await secrets.get('shop', 'pull', signal())
    server.objects.delete(path)
    expect(contentOf(await secrets.getAnew('shop', 'pull', signal()))).toBe('missing')
    expect(contentOf(await secrets.get('shop', 'pull', signal()))).toBe('missing')
  })

  test('that cannot be decoded is given, but not kept', async () => {
    const { server, secrets } = await setUp()
    server.objects.set(path, secret('no JSON'))
    expect(contentOf(await secrets.get('shop', 'pull', signal()))).toBe('no JSON')
    server.objects.set(path, secret(config('mended')))
    expect(contentOf(await secrets.get('shop', 'pull', signal()))).toBe(config('mended'))
  })

  test('of another sort leaves nothing but its type in our memory', async () => {
    const { server, secrets } = await setUp()
    server.objects.set(path, { ...secret(config(canary), { password: base64(canary) }), type: 'Opaque' })
    const found = await secrets.get('shop', 'pull', signal())
    expect(found).toEqual({ ok: true, value: { type: 'Opaque', data: new Map() } })
  })

  test('leaves of its data only what pulls', async () => {
    const { server, secrets } = await setUp()
    server.objects.set(path, secret(config(canary), { '.dockercfg': base64('{}'), more: base64(canary) }))
    const found = await secrets.get('shop', 'pull', signal())
    expect(found.ok && [...found.value.data.keys()]).toEqual(['.dockerconfigjson'])
  })

  test.each([
    '',
    '.',
    '..',
    '../../nodes',
    'a/b',
    'a?watch=true',
    'a%2fb',
    'UPPER',
    'a..b',
    '-a',
    'a'.repeat(254),
    'ünïcode',
    'a b',
    'a\n',
  ])('cannot be named %j, and nobody is asked', async name => {
    const { server, secrets } = await setUp()
    expect(contentOf(await secrets.get('shop', name, signal()))).toBe('missing')
    expect(contentOf(await secrets.getAnew(name, 'pull', signal()))).toBe('missing')
    expect(server.requests).toEqual([])
  })
})

describe('equal questions', () => {
  test('are one request, a hundred at once', async () => {
    const { server, secrets } = await setUp()
    server.objects.set(path, secret(config(canary)))
    const found = await Promise.all(Array.from({ length: 100 }, () => secrets.get('shop', 'pull', signal())))
    expect(found.map(contentOf)).toEqual(Array.from({ length: 100 }, () => config(canary)))
    expect(server.requests).toHaveLength(1)
  })

  test('anew are one request too where they come together', async () => {
    const { server, secrets } = await setUp()
    server.objects.set(path, secret(config(canary)))
    await Promise.all(Array.from({ length: 100 }, () => secrets.getAnew('shop', 'pull', signal())))
    expect(server.requests).toHaveLength(1)
  })

  test('anew get no answer that was on its way before they were asked', async () => {
    const { server, secrets } = await setUp()
    const answering = Promise.withResolvers<void>()
    const asked = Promise.withResolvers<void>()
    server.willMeet(async (_, response) => {
      if (server.requests.length > 1) return false
      asked.resolve()
      await answering.promise
      return refuse(response, 404, 'NotFound')
    })
    const first = secrets.getAnew('shop', 'pull', signal())
    await asked.promise
    server.objects.set(path, secret(config('new')))
    const later = Array.from({ length: 50 }, () => secrets.getAnew('shop', 'pull', signal()))
    answering.resolve()
    expect(contentOf(await first)).toBe('missing')
    expect((await Promise.all(later)).map(contentOf)).toEqual(later.map(() => config('new')))
    expect(server.requests).toHaveLength(2)
  })

  test('hurt nobody when one who asked gives up', async () => {
    const { server, secrets } = await setUp()
    server.objects.set(path, secret(config(canary)))
    const answering = Promise.withResolvers<void>()
    server.willMeet(() => answering.promise.then(() => false))
    const impatient = new AbortController()
    const [first, second] = [secrets.get('shop', 'pull', impatient.signal), secrets.get('shop', 'pull', signal())]
    impatient.abort()
    expect(contentOf(await first)).toBe('timed-out')
    answering.resolve()
    expect(contentOf(await second)).toBe(config(canary))
  })
})

describe('a lookup that fails', () => {
  test.each([
    ['403', 403, 'Forbidden', {}, 'forbidden'],
    ['401', 401, 'Unauthorized', {}, 'forbidden'],
    ['404 in the words of the API server', 404, 'NotFound', {}, 'missing'],
    ['404 of somebody in between', 404, '404 page not found', {}, 'unreachable'],
    ['410', 410, 'Gone', {}, 'unreachable'],
    ['429 without more', 429, 'TooManyRequests', {}, 'unreachable'],
    ['500', 500, 'InternalError', {}, 'unreachable'],
    ['503', 503, 'ServiceUnavailable', {}, 'unreachable'],
    ['a redirect, which is not followed', 302, 'Found', { location: 'https://elsewhere.example/' }, 'unreachable'],
  ])('by %s is told as data, and not kept', async (_, code, reason, headers, kind) => {
    const { server, secrets } = await setUp()
    server.objects.set(path, secret(config('there')))
    server.willMeet((__, response) => refuse(response, code, reason, headers))
    expect(await secrets.get('shop', 'pull', signal())).toEqual({ ok: false, error: { kind } })
    server.willMeet(() => false)
    expect(contentOf(await secrets.get('shop', 'pull', signal()))).toBe(config('there'))
  })

  test('by a 403 of a namespace that is being deleted is told as missing', async () => {
    const { server, secrets } = await setUp()
    const causes = [{ reason: 'NamespaceTerminating', field: 'metadata.namespace' }]
    const body = JSON.stringify({ kind: 'Status', reason: 'Forbidden', code: 403, details: { causes } })
    server.willMeet((_, response) => {
      response.writeHead(403, { 'content-type': 'application/json' }).end(body)
      return true
    })
    expect(await secrets.get('shop', 'pull', signal())).toEqual({ ok: false, error: { kind: 'missing' } })
  })

  test.each([
    ['what is no JSON', '{"kind":"Secret","data":{"CANARY-OF-A-SECRET":'],
    ['what is no object', '[]'],
    ['an object of another kind', JSON.stringify({ kind: 'SecretList', items: [] })],
    ['nothing', ''],
  ])('by %s tells nothing of it', async (_, body) => {
    const { server, secrets } = await setUp()
    server.willMeet((__, response) => Boolean(response.writeHead(200).end(body)))
    expect(await secrets.get('shop', 'pull', signal())).toEqual({ ok: false, error: { kind: 'unreachable' } })
  })

  test('is tried again after the patience that the API server asks for', async () => {
    const { server, secrets, waits } = await setUp()
    server.objects.set(path, secret(config('there')))
    server.willMeet(
      (_, response) => server.requests.length < 3 && refuse(response, 429, 'TooManyRequests', { 'retry-after': '1' }),
    )
    expect(contentOf(await secrets.get('shop', 'pull', signal()))).toBe(config('there'))
    expect(waits).toEqual([1000, 1000])
  })

  test('is given up where that patience is longer than there is time', async () => {
    const { server, secrets, waits } = await setUp()
    server.willMeet((_, response) => refuse(response, 429, 'TooManyRequests', { 'retry-after': '60' }))
    expect(contentOf(await secrets.get('shop', 'pull', signal()))).toBe('unreachable')
    expect([waits, server.requests.length]).toEqual([[], 1])
  })

  test('because nobody answers is over when the caller has no more time', async () => {
    const { server, secrets } = await setUp()
    const hanging = Promise.withResolvers<boolean>()
    server.willMeet(() => hanging.promise)
    expect(contentOf(await secrets.get('shop', 'pull', deadlineIn(30)))).toBe('timed-out')
    hanging.resolve(true)
  })

  test('because nobody answers is over after its own time, whoever asked, and whether anew or not', async () => {
    const { server, secrets } = await setUp({ mostMs: 30 })
    const hanging = Promise.withResolvers<boolean>()
    server.willMeet(() => hanging.promise)
    const never = new AbortController().signal
    expect(contentOf(await secrets.get('shop', 'pull', never))).toBe('timed-out')
    expect(contentOf(await secrets.getAnew('shop', 'pull', never))).toBe('timed-out')
    hanging.resolve(true)
  })

  test('because an answer stops in the middle is over after its own time', async () => {
    const { server, secrets } = await setUp({ mostMs: 30 })
    server.willMeet((_, response) => {
      response.writeHead(200).write('{"kind":"Secret",')
      return true
    })
    expect(contentOf(await secrets.get('shop', 'pull', signal()))).toBe('timed-out')
  })

  test('because an answer is cut is unreachable', async () => {
    const { server, secrets } = await setUp()
    server.willMeet((_, response) => {
      response.writeHead(200).write('{"kind":"Secret",', () => response.socket?.destroy())
      return true
    })
    expect(contentOf(await secrets.get('shop', 'pull', signal()))).toBe('unreachable')
  })

  test('because nobody listens is unreachable', async () => {
    const { server, secrets } = await setUp()
    await server.close()
    expect(contentOf(await secrets.get('shop', 'pull', signal()))).toBe('unreachable')
  })

  test('asks nobody where the signal has fired already', async () => {
    const { server, secrets } = await setUp()
    expect(contentOf(await secrets.get('shop', 'pull', AbortSignal.abort()))).toBe('timed-out')
    expect(contentOf(await secrets.getAnew('shop', 'pull', AbortSignal.abort()))).toBe('timed-out')
    expect(server.requests).toEqual([])
  })
})

describe('what is kept', () => {
  const named = (name: string): string => `/api/v1/namespaces/shop/secrets/${name}`
  const askedFor = async (own: Parameters<typeof lookupOptions>[0], content: string): Promise<number> => {
    const { server, secrets } = await setUp(own)
    const names = ['a', 'b', 'c', 'd']
    for (const name of names) server.objects.set(named(name), secret(content))
    for (const name of [...names, ...names]) await secrets.get('shop', name, signal())
    return server.requests.length
  }

  test('is bounded by entries', async () => {
    expect([await askedFor({ entries: 4 }, config('x')), await askedFor({ entries: 3 }, config('x'))]).toEqual([4, 8])
  })

  test('is bounded by bytes', async () => {
    const content = config('x'.repeat(10_000))
    expect([await askedFor({ bytes: 50_000 }, content), await askedFor({ bytes: 35_000 }, content)]).toEqual([4, 8])
  })

  test('never is what is larger than everything may be', async () => {
    const { server, secrets } = await setUp({ bytes: 1_000_000 })
    server.objects.set(path, secret(config('x'.repeat(2_000_000))))
    expect(contentOf(await secrets.get('shop', 'pull', signal()))).toHaveLength(config('x'.repeat(2_000_000)).length)
    await secrets.get('shop', 'pull', signal())
    expect(server.requests).toHaveLength(2)
  })

  test('crosses no namespace', async () => {
    const { server, secrets } = await setUp()
    server.objects.set(path, secret(config(canary)))
    await secrets.get('shop', 'pull', signal())
    expect(contentOf(await secrets.get('other', 'pull', signal()))).toBe('missing')
  })
})

describe('a ServiceAccount', () => {
  test('tells its pull secrets, its annotations and its uid', async () => {
    const { server, accounts } = await setUp()
    server.objects.set('/api/v1/namespaces/shop/serviceaccounts/default', {
      kind: 'ServiceAccount',
      metadata: { name: 'default', uid: 'u-1', annotations: { 'eks.amazonaws.com/role-arn': 'arn:x' } },
      imagePullSecrets: [{ name: 'one' }, {}, { name: 'two' }],
    })
    const expected = {
      uid: 'u-1',
      imagePullSecrets: ['one', '', 'two'],
      annotations: new Map([['eks.amazonaws.com/role-arn', 'arn:x']]),
    }
    expect(await accounts.get('shop', 'default', signal())).toEqual({ ok: true, value: expected })
    expect(await accounts.get('shop', 'default', signal())).toEqual({ ok: true, value: expected })
    expect(server.requests).toHaveLength(1)
  })

  test('has no secrets and no annotations where it tells none', async () => {
    const { server, accounts } = await setUp()
    server.objects.set('/api/v1/namespaces/shop/serviceaccounts/bare', {
      kind: 'ServiceAccount',
      metadata: { name: 'bare' },
    })
    const value = { uid: '', imagePullSecrets: [], annotations: new Map() }
    expect(await accounts.get('shop', 'bare', signal())).toEqual({ ok: true, value })
  })

  test('that is missing is no failure of ours, and is not kept', async () => {
    const { server, accounts } = await setUp()
    const missing = { ok: false, error: { kind: 'missing' } }
    expect(await accounts.get('shop', 'default', signal())).toEqual(missing)
    expect(await accounts.get('shop', 'default', signal())).toEqual(missing)
    expect(server.requests).toHaveLength(2)
  })
})
