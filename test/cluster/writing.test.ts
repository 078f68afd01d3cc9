import { expect, test } from 'vitest'
import { mayWe } from '../../src/cluster/access-review.ts'
import type { ApiFailure } from '../../src/cluster/api-failure.ts'
import { createEvents } from '../../src/cluster/events.ts'
import { keepObject } from '../../src/cluster/kept-object.ts'
import { createKeptSecret } from '../../src/cluster/kept-secret.ts'
import { isObjectName } from '../../src/cluster/object-name.ts'
import { createWebhookRegistration } from '../../src/cluster/webhook-registration.ts'
import type { Result } from '../../src/lib/result.ts'
import { accessTo, apiServerFor, clientOf } from '../support/api-server/connect.ts'
import { refuse } from '../support/api-server/server.ts'

const signal = new AbortController().signal
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const path = '/api/v1/namespaces/pullgate/secrets/ca'

const world = async () => {
  const api = await apiServerFor()
  return { api, client: clientOf(accessTo(api)) }
}

test('a Secret of our own is read, and a missing one is empty', async () => {
  const { api, client } = await world()
  const secret = createKeptSecret(client, { namespace: 'pullgate', name: 'ca' })
  expect(await secret.read(signal)).toEqual({ ok: true, value: { version: undefined, texts: new Map() } })
  api.objects.set(path, { kind: 'Secret', metadata: { name: 'ca', resourceVersion: '7' }, data: { a: base64('x') } })
  expect(await secret.read(signal)).toEqual({ ok: true, value: { version: '7', texts: new Map([['a', 'x']]) } })
})

test('a Secret that is not there is created, and one that is there is patched at the version that was read', async () => {
  const { api, client } = await world()
  api.willMeet(({ method }, response) => {
    if (method === 'GET') return false
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    return true
  })
  const secret = createKeptSecret(client, { namespace: 'pullgate', name: 'ca' })
  const texts = new Map([['a', 'x']])
  expect(await secret.write({ version: undefined, texts: new Map() }, texts, signal)).toMatchObject({ ok: true })
  expect(await secret.write({ version: '7', texts: new Map() }, texts, signal)).toMatchObject({ ok: true })
  const [created, patched] = api.requests
  expect([created?.method, created?.path]).toEqual(['POST', '/api/v1/namespaces/pullgate/secrets'])
  expect([patched?.method, patched?.path]).toEqual(['PATCH', path])
  expect(patched?.message.headers['content-type']).toBe('application/json-patch+json')
  expect(JSON.parse(patched?.body ?? '')).toEqual([
    { op: 'add', path: '/metadata/resourceVersion', value: '7' },
    { op: 'add', path: '/data', value: { a: base64('x') } },
  ])
})

test('whoever comes second to a Secret is told so', async () => {
  const { api, client } = await world()
  api.willMeet((_, response) => refuse(response, 409, 'AlreadyExists'))
  const secret = createKeptSecret(client, { namespace: 'pullgate', name: 'ca' })
  const written = await secret.write({ version: undefined, texts: new Map() }, new Map(), signal)
  expect(written).toEqual({ ok: false, error: { kind: 'conflict' } })
})

test('the bundle of every webhook of a registration is read and written', async () => {
  const { api, client } = await world()
  const webhooks = [{ clientConfig: { caBundle: base64('old') } }, { clientConfig: {} }]
  const at = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/pullgate'
  api.objects.set(at, { metadata: { name: 'pullgate', resourceVersion: '3' }, webhooks })
  const registration = createWebhookRegistration(client, 'pullgate')
  const read = await registration.read(signal)
  expect(read).toEqual({ ok: true, value: { version: '3', bundles: ['old', ''] } })
  if (read.ok) await registration.publish(read.value, 'new', signal)
  expect(JSON.parse(api.requests.at(-1)?.body ?? '')).toEqual([
    { op: 'add', path: '/metadata/resourceVersion', value: '3' },
    { op: 'add', path: '/webhooks/0/clientConfig/caBundle', value: base64('new') },
    { op: 'add', path: '/webhooks/1/clientConfig/caBundle', value: base64('new') },
  ])
})

test('whether we may do something is asked with the name of the one object', async () => {
  const { api, client } = await world()
  api.objects.set('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
    metadata: { name: '' },
    status: { allowed: true },
  })
  const deed = { verb: 'create', group: '', resource: 'serviceaccounts', subresource: 'token' } as const
  const allowed = await mayWe(client, { ...deed, namespace: 'a', name: 'b' }, signal)
  expect(allowed).toEqual({ ok: true, value: true })
  expect(JSON.parse(api.requests[0]?.body ?? '').spec.resourceAttributes).toEqual({
    ...deed,
    namespace: 'a',
    name: 'b',
  })
})

const note = (name: string) => ({
  object: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name, uid: 'u' },
  ...{ reason: 'ImageNotPullable', message: 'no such tag' },
})

const eventsAt = (world: { now: number; gone: boolean }) => {
  const written: { readonly method: string; readonly path: string; readonly body: Record<string, unknown> }[] = []
  const noting =
    (method: string) =>
    async (path: string, body: object): Promise<Result<unknown, ApiFailure>> => {
      written.push({ method, path, body: body as Record<string, unknown> })
      return method === 'PATCH' && world.gone ? { ok: false, error: { kind: 'missing' } } : { ok: true, value: {} }
    }
  const events = createEvents(
    { post: noting('POST'), patch: noting('PATCH') },
    {
      ...{ reporter: 'pullgate', instance: 'Pod_A', nowMs: () => world.now },
      wallClock: () => new Date(Date.UTC(2030, 0, 1) + world.now),
    },
  )
  return { written, events }
}
const minute = 60_000

test('what is told again is counted in the same Event, once a minute', async () => {
  const world = { now: 0, gone: false }
  const { written, events } = eventsAt(world)
  events.tell(note('web'))
  events.tell(note('web'))
  const [created] = written
  expect(written).toHaveLength(1)
  expect(created).toMatchObject({
    ...{ method: 'POST', path: '/api/v1/namespaces/shop/events' },
    body: { kind: 'Event', type: 'Warning', message: 'no such tag', count: 1, reportingComponent: 'pullgate' },
  })
  world.now = minute
  events.tell(note('web'))
  const { name = '' } = (created?.body['metadata'] ?? {}) as { readonly name?: string }
  expect(name).toMatch(/^web\.[a-z0-9]+$/)
  expect(written.slice(1)).toEqual([
    {
      ...{ method: 'PATCH', path: `/api/v1/namespaces/shop/events/${name}` },
      body: [
        { op: 'replace', path: '/count', value: 3 },
        { op: 'replace', path: '/lastTimestamp', value: '2030-01-01T00:01:00.000Z' },
      ],
    },
  ])
  events.close()
})

test('an Event that has expired meanwhile is made again, with what was counted', async () => {
  const world = { now: 0, gone: true }
  const { written, events } = eventsAt(world)
  events.tell(note('web'))
  world.now = 120 * minute
  events.tell(note('web'))
  await expect.poll(() => written.map(({ method }) => method)).toEqual(['POST', 'PATCH', 'POST'])
  const { metadata, firstTimestamp } = written[0]?.body ?? {}
  expect(written[2]?.body).toMatchObject({
    metadata,
    firstTimestamp,
    count: 2,
    lastTimestamp: '2030-01-01T02:00:00.000Z',
  })
  events.close()
})

test('another object of the same name has an Event of its own', () => {
  const { written, events } = eventsAt({ now: 0, gone: false })
  const { object, ...rest } = note('web')
  events.tell({ object, ...rest })
  events.tell({ object: { ...object, uid: 'another' }, ...rest })
  expect(written.map(({ method }) => method)).toEqual(['POST', 'POST'])
  events.close()
})

test('Events are so many at the most, and what is new goes before what is known', () => {
  const world = { now: 0, gone: false }
  const { written, events } = eventsAt(world)
  const tellAll = (count: number, prefix: string): number => {
    const before = written.length
    for (let index = 0; index < count; index++) events.tell(note(`${prefix}-${index}`))
    return written.length - before
  }
  expect(tellAll(1000, 'web')).toBe(50)
  world.now = 10_000
  expect(tellAll(1000, 'api')).toBe(10)
  world.now += 50_000
  // 50 are allowed again. Those of "web" that are known leave half of them.
  expect(tellAll(50, 'web')).toBe(26)
  expect(tellAll(1000, 'new')).toBe(24)
  events.close()
})

test('an Event has a name that the API server takes, however long the name of its object', () => {
  const { written, events } = eventsAt({ now: 0, gone: false })
  events.tell(note(`${'a'.repeat(215)}-${'b'.repeat(37)}`))
  events.tell({ ...note('../secrets'), message: 'x' })
  const names = written.map(({ body }) => (body['metadata'] as { readonly name: string }).name)
  expect(names).toHaveLength(1)
  expect(names.every(isObjectName)).toBe(true)
  events.close()
})

test('an object that is written anew keeps what others noted on it, and nothing of what we did before', async () => {
  const { api, client } = await world()
  const collection = '/apis/wgpolicyk8s.io/v1alpha2/namespaces/shop/policyreports'
  const annotations = { 'pullgate.dev/left-out': '7', 'example.com/seen': 'yes' }
  api.objects.set(`${collection}/pullgate`, { metadata: { name: 'pullgate', resourceVersion: '3', annotations } })
  const metadata = { name: 'pullgate', annotations: { 'pullgate.dev/not-looked-at': 'jobs' } }
  expect(await keepObject(client, collection, { metadata }, signal)).toMatchObject({ ok: true })
  expect(JSON.parse(api.requests.at(-1)?.body ?? '').metadata).toMatchObject({
    resourceVersion: '3',
    annotations: { 'example.com/seen': 'yes', 'pullgate.dev/not-looked-at': 'jobs' },
  })
  expect(api.requests.at(-1)?.body).not.toContain('left-out')
})

test('what is asked after a removal is understood, on the same connection', async () => {
  const { api, client } = await world()
  api.objects.set(path, { metadata: { name: 'ca', resourceVersion: '7' } })
  for (let times = 0; times < 3; times++) {
    expect(await client.remove(path, signal)).toMatchObject({ ok: true })
    expect(await client.get(path, signal)).toMatchObject({ ok: true })
  }
  expect(api.connections()).toBe(1)
  expect(api.requests.map(({ body }) => body)).toEqual(['{}', '', '{}', '', '{}', ''])
})
