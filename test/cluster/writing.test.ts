import { expect, test } from 'vitest'
import { mayWe } from '../../src/cluster/access-review.ts'
import { createEvents } from '../../src/cluster/events.ts'
import { createKeptSecret } from '../../src/cluster/kept-secret.ts'
import { createWebhookRegistration } from '../../src/cluster/webhook-registration.ts'
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

test('an Event is written once for the same of the same object, and so many at the most', async () => {
  let now = 0
  const posted: unknown[] = []
  const post = async (at: string, body: object) => {
    posted.push([at, body])
    return { ok: true, value: {} } as const
  }
  const wallClock = () => new Date(0)
  const events = createEvents({ post }, { reporter: 'pullgate', instance: 'a', nowMs: () => now, wallClock })
  events.tell(note('web'))
  events.tell(note('web'))
  expect(posted).toEqual([
    [
      '/api/v1/namespaces/shop/events',
      expect.objectContaining({
        kind: 'Event',
        type: 'Warning',
        message: 'no such tag',
        reportingComponent: 'pullgate',
      }),
    ],
  ])
  for (let count = 0; count < 1000; count++) events.tell(note(`web-${count}`))
  expect(posted).toHaveLength(50)
  now = 10_000
  for (let count = 0; count < 1000; count++) events.tell(note(`api-${count}`))
  expect(posted).toHaveLength(60)
  events.tell({ ...note('../secrets'), message: 'x' })
  expect(posted).toHaveLength(60)
  events.close()
})
