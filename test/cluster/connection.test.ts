import { once } from 'node:events'
import { createServer } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { mayWe } from '../../src/cluster/access-review.ts'
import { createRequestToken } from '../../src/cluster/account-token.ts'
import type { ClusterAccess, Presented } from '../../src/cluster/identity.ts'
import { createIdentity } from '../../src/cluster/presenting.ts'
import { deadlineIn } from '../../src/lib/deadline.ts'
import { fail, ok } from '../../src/lib/result.ts'
import { makeCertificate } from '../registry/hosts/certificate.ts'
import { accessTo, apiServerFor, clientOf } from '../support/api-server/connect.ts'
import { refuse } from '../support/api-server/server.ts'

const signal = (): AbortSignal => deadlineIn(5000)
const anything = '/api/v1/namespaces'

const shownTo = async ({ identity }: ClusterAccess): Promise<Presented> => {
  const shown = await identity.present(false)
  if (!shown.ok) throw new Error('the test has no credentials')
  return shown.value
}

afterEach(() => vi.unstubAllEnvs())

describe('connections to the API server', () => {
  test('are kept: one after the other needs one, many at once no more than 32', async () => {
    const server = await apiServerFor()
    const api = clientOf(accessTo(server))
    for (let turn = 0; turn < 20; turn += 1) await api.get(anything, signal())
    expect(server.connections()).toBe(1)
    await Promise.all(Array.from({ length: 200 }, () => api.get(anything, signal())))
    expect(server.connections()).toBeLessThanOrEqual(32)
  })

  test('that the server closed while a question was on its way are replaced', async () => {
    const server = await apiServerFor()
    const api = clientOf(accessTo(server))
    await api.get(anything, signal())
    server.willMeet(({ message }) => {
      if (server.connections() > 1) return false
      message.socket.destroy()
      return true
    })
    expect(await api.get(anything, signal())).toMatchObject({ ok: true })
    expect(server.connections()).toBe(2)
  })

  test('take no proxy from the environment', async () => {
    const proxy = createServer().listen(0, '127.0.0.1')
    await once(proxy, 'listening')
    let dialled = 0
    proxy.on('connection', socket => {
      dialled += 1
      socket.destroy()
    })
    const address = proxy.address()
    const url = typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : ''
    for (const name of ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'HTTP_PROXY']) vi.stubEnv(name, url)
    vi.stubEnv('NODE_USE_ENV_PROXY', '1')
    const server = await apiServerFor()
    expect(await clientOf(accessTo(server)).get(anything, signal())).toMatchObject({ ok: true })
    expect(dialled).toBe(0)
    proxy.close()
  })

  test('are refused where the certificate is not of the authority, or of another name', async () => {
    const server = await apiServerFor()
    const access = accessTo(server)
    const shown = await shownTo(access)
    const { cert } = await makeCertificate('somebody else')
    const withTerms = (terms: Partial<Presented['terms']>): ClusterAccess => ({
      ...access,
      identity: { present: async () => ok({ ...shown, terms: { ...shown.terms, ...terms } }) },
    })
    const problemOf = async (terms: Partial<Presented['terms']>): Promise<unknown> => {
      const answer = await clientOf(withTerms(terms)).get(anything, signal())
      return answer.ok ? 'answered' : answer.error
    }
    const untrusted = { kind: 'unreachable', problem: 'certificate-untrusted' }
    expect(await problemOf({ ca: cert })).toEqual(untrusted)
    expect(await problemOf({ ca: undefined })).toEqual(untrusted)
    expect(await problemOf({ serverName: 'kubernetes.default.svc' })).toEqual({
      kind: 'unreachable',
      problem: 'certificate-name',
    })
    expect(await problemOf({ ca: undefined, verify: false })).toBe('answered')
  })

  test('show a client certificate, and a renewed one from the next question on', async () => {
    const [old, renewed] = [await makeCertificate('old'), await makeCertificate('renewed')]
    const server = await apiServerFor({ requestCert: true, rejectUnauthorized: true, ca: [old.cert, renewed.cert] })
    const seen: unknown[] = []
    server.willMeet(({ message }) => {
      seen.push((message.socket as TLSSocket).getPeerCertificate().subject['CN'])
      return false
    })
    const shown = await shownTo(accessTo(server))
    let pair = old
    const present = async () => ok({ headers: {}, terms: { ...shown.terms, ...pair } })
    const api = clientOf({ server: server.url, identity: { present }, namespace: 'default' })
    await api.get(anything, signal())
    pair = renewed
    await api.get(anything, signal())
    await api.get(anything, signal())
    expect([seen, server.connections()]).toEqual([['old', 'renewed', 'renewed'], 2])
  })

  test('that all hang for others keep nobody longer than the own deadline', async () => {
    const server = await apiServerFor()
    const hanging = Promise.withResolvers<boolean>()
    server.willMeet(() => hanging.promise)
    const api = clientOf(accessTo(server))
    const leave = new AbortController()
    const others = Array.from({ length: 40 }, () => api.get(anything, leave.signal))
    expect(await api.get(anything, deadlineIn(30))).toEqual({ ok: false, error: { kind: 'timed-out' } })
    leave.abort()
    await Promise.all(others)
    hanging.resolve(true)
  })

  test('are not waited for beyond a bound', async () => {
    const server = await apiServerFor()
    const hanging = Promise.withResolvers<boolean>()
    server.willMeet(() => hanging.promise)
    const api = clientOf(accessTo(server))
    const leave = new AbortController()
    const many = Array.from({ length: 512 }, () => api.get(anything, leave.signal))
    const problem = { ok: false, error: { kind: 'unreachable', problem: 'too-many-waiting' } }
    expect(await api.get(anything, signal())).toEqual(problem)
    leave.abort()
    expect(new Set((await Promise.all(many)).map(answer => answer.ok || answer.error.kind))).toEqual(
      new Set(['timed-out']),
    )
    hanging.resolve(false)
    server.willMeet(() => false)
    expect(await api.get(anything, signal())).toMatchObject({ ok: true })
  })
})

describe('who we are', () => {
  test('is read anew, once, where the API server does not know it', async () => {
    const server = await apiServerFor()
    server.willMeet(
      ({ authorization }, response) => authorization !== 'Bearer new' && refuse(response, 401, 'Unauthorized'),
    )
    const { terms } = await shownTo(accessTo(server))
    const reads: boolean[] = []
    const identity = createIdentity(
      () => 0,
      async anew => {
        reads.push(anew)
        return ok({ headers: { authorization: anew ? 'Bearer new' : 'Bearer old' }, terms })
      },
    )
    const api = clientOf({ server: server.url, identity, namespace: 'default' })
    expect(await api.get(anything, signal())).toMatchObject({ ok: true })
    expect(await api.get(anything, signal())).toMatchObject({ ok: true })
    expect(reads).toEqual([false, true])
  })

  test('may be nobody, which is told', async () => {
    const server = await apiServerFor()
    const identity = { present: async () => fail('no-credentials' as const) }
    const api = clientOf({ server: server.url, identity, namespace: 'default' })
    const error = { kind: 'unreachable', problem: 'no-credentials' }
    expect(await api.get(anything, signal())).toEqual({ ok: false, error })
  })

  test('hangs no question, and a program that hangs is started once a minute', async () => {
    const server = await apiServerFor()
    const clock = { ms: 0 }
    let started = 0
    const identity = createIdentity(
      () => clock.ms,
      () => {
        started += 1
        return new Promise(() => {})
      },
    )
    const api = clientOf({ server: server.url, identity, namespace: 'default' })
    const ask = async (): Promise<void> => {
      expect(await api.get(anything, deadlineIn(20))).toEqual({ ok: false, error: { kind: 'timed-out' } })
    }
    await ask()
    clock.ms = 59_999
    await ask()
    expect(started).toBe(1)
    clock.ms = 60_000
    await ask()
    expect(started).toBe(2)
  })
})

describe('questions that are posted', () => {
  const reviews = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
  const deed = { verb: 'get', group: '', resource: 'secrets', namespace: undefined } as const

  test.each([true, false])('whether we may do something: %s', async allowed => {
    const server = await apiServerFor()
    server.objects.set(reviews, { kind: 'SelfSubjectAccessReview', metadata: { name: '' }, status: { allowed } })
    expect(await mayWe(clientOf(accessTo(server)), deed, signal())).toEqual({ ok: true, value: allowed })
    expect(JSON.parse(server.requests[0]?.body ?? '')).toMatchObject({
      spec: { resourceAttributes: { verb: 'get', group: '', resource: 'secrets' } },
    })
  })

  test('to which no answer is known are failures', async () => {
    const server = await apiServerFor()
    server.objects.set(reviews, { kind: 'SelfSubjectAccessReview', metadata: { name: '' } })
    const error = { kind: 'bad-answer', status: 201 }
    expect(await mayWe(clientOf(accessTo(server)), deed, signal())).toEqual({ ok: false, error })
  })

  test("for a ServiceAccount's token", async () => {
    const server = await apiServerFor()
    const path = '/api/v1/namespaces/shop/serviceaccounts/builder/token'
    server.objects.set(path, { kind: 'TokenRequest', metadata: { name: '' }, status: { token: 'A.B.C' } })
    const requestToken = createRequestToken(clientOf(accessTo(server)))
    const request = { namespace: 'shop', serviceAccount: 'builder', uid: 'u', audience: 'registry.example' }
    expect(await requestToken(request, signal())).toBe('A.B.C')
    expect(JSON.parse(server.requests[0]?.body ?? '')).toMatchObject({ spec: { audiences: ['registry.example'] } })
    expect(await requestToken({ ...request, serviceAccount: '../x' }, signal())).toBeUndefined()
    expect(await requestToken({ ...request, serviceAccount: 'other' }, signal())).toBeUndefined()
  })
})
