import { expect, test } from 'vitest'
import type { FollowOptions } from '../../src/cluster/follow.ts'
import { followNamespaces } from '../../src/cluster/follow-namespaces.ts'
import { modeLabel } from '../../src/cluster/namespaces.ts'
import { deadlineIn } from '../../src/lib/deadline.ts'
import {
  accessTo,
  apiServerFor,
  clientOf,
  followOptions,
  keepDiary,
  lookupOptions,
} from '../support/api-server/connect.ts'
import { type FakeApiServer, refuse } from '../support/api-server/server.ts'
import type { ApiObject } from '../support/api-server/store.ts'
import { closedAfterTest } from '../support/lifetime.ts'

const namespace = (name: string, mode?: string): ApiObject => ({
  metadata: { name, labels: { team: 'x', ...(mode === undefined ? {} : { [modeLabel]: mode }) } },
})
const signal = (): AbortSignal => deadlineIn(5000)
const isOne = (path: string): boolean => path !== '/api/v1/namespaces'
const askedOne = (server: FakeApiServer): readonly string[] => server.requests.map(({ path }) => path).filter(isOne)

const setUp = async (own: Partial<FollowOptions> = {}) => {
  const server = await apiServerFor()
  server.namespaces.put(namespace('shop', 'warn'))
  server.namespaces.put(namespace('plain'))
  const diary = keepDiary()
  const options = { ...lookupOptions(), ...followOptions({ observe: diary.observe, ...own }) }
  const follow = () => closedAfterTest(followNamespaces(clientOf(accessTo(server)), options))
  const heard = (): Promise<void> =>
    diary.until(event => event.kind === 'heard' && event.version === String(server.namespaces.version()))
  return { server, diary, follow, heard }
}

test('a namespace has the mode of its label, or none, and nobody is asked', async () => {
  const { server, follow } = await setUp()
  const namespaces = follow()
  await server.namespaceWatches.untilOpen()
  expect(await namespaces.modeOf('shop', signal())).toEqual({ kind: 'label', value: 'warn' })
  expect(await namespaces.modeOf('plain', signal())).toEqual({ kind: 'none' })
  expect(askedOne(server)).toEqual([])
})

test('a label that changes is known as soon as it is heard of', async () => {
  const { server, follow, heard } = await setUp()
  const namespaces = follow()
  await server.namespaceWatches.untilOpen()
  server.namespaces.put(namespace('plain', 'off'))
  await heard()
  expect(await namespaces.modeOf('plain', signal())).toEqual({ kind: 'label', value: 'off' })
})

test('a namespace that was not heard of yet is asked for', async () => {
  const { server, follow } = await setUp()
  const namespaces = follow()
  await server.namespaceWatches.untilOpen()
  server.namespaceWatches.tearAfter(0)
  server.namespaces.put(namespace('fresh', 'off'))
  expect(await namespaces.modeOf('fresh', signal())).toEqual({ kind: 'label', value: 'off' })
})

test('before the first list a namespace is asked for', async () => {
  const { server, follow } = await setUp()
  const hanging = Promise.withResolvers<boolean>()
  server.willMeet(({ path }) => (isOne(path) ? false : hanging.promise))
  const namespaces = follow()
  expect(await namespaces.modeOf('shop', signal())).toEqual({ kind: 'label', value: 'warn' })
  expect(askedOne(server)).toEqual(['/api/v1/namespaces/shop'])
  hanging.resolve(true)
})

test.each([
  ['that may not be read', 403, 'Forbidden', 'forbidden'],
  ['that the API server does not find', 404, 'NotFound', 'missing'],
  ['of which the API server only fails to speak', 500, 'InternalError', 'unreachable'],
])('a namespace %s is unknown, which is not that it has no mode', async (_, code, reason, kind) => {
  const { server, follow } = await setUp()
  server.willMeet((__, response) => refuse(response, code, reason))
  expect(await follow().modeOf('plain', signal())).toEqual({ kind: 'unknown', failure: { kind } })
})

test('while changes do not reach us a namespace is asked for, and unknown where that fails', async () => {
  const { server, follow, diary } = await setUp({
    wait: (_, closed) => new Promise(done => closed.addEventListener('abort', () => done())),
  })
  const namespaces = follow()
  await server.namespaceWatches.untilOpen()
  server.namespaceWatches.cut()
  await diary.until(({ kind }) => kind === 'failed')
  server.namespaces.put(namespace('plain', 'off'))
  expect(await namespaces.modeOf('plain', signal())).toEqual({ kind: 'label', value: 'off' })
  await server.close()
  expect(await namespaces.modeOf('shop', signal())).toEqual({ kind: 'unknown', failure: { kind: 'unreachable' } })
})

test('a look-up that hangs is unknown when there is no more time', async () => {
  const { server, follow } = await setUp()
  const hanging = Promise.withResolvers<boolean>()
  server.willMeet(() => hanging.promise)
  const mode = await follow().modeOf('shop', deadlineIn(30))
  expect(mode).toEqual({ kind: 'unknown', failure: { kind: 'timed-out' } })
  hanging.resolve(true)
})

test('what can be no namespace is unknown, and nobody is asked', async () => {
  const { server, follow } = await setUp()
  const namespaces = follow()
  for (const name of ['', '..', 'shop/secrets/pull', 'a.b'])
    expect(await namespaces.modeOf(name, signal())).toEqual({ kind: 'unknown', failure: { kind: 'missing' } })
  expect(askedOne(server)).toEqual([])
})
