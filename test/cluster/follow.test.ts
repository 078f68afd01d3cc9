import { describe, expect, test } from 'vitest'
import type { FollowEvent, FollowOptions } from '../../src/cluster/follow.ts'
import { followNodes } from '../../src/cluster/follow-nodes.ts'
import type { Wait } from '../../src/cluster/wait.ts'
import { firing } from '../../src/lib/abort.ts'
import { nodeOf } from '../../src/workload/node.ts'
import { accessTo, apiServerFor, clientOf, followOptions, keepDiary } from '../support/api-server/connect.ts'
import { type FakeApiServer, refuse, startApiServer } from '../support/api-server/server.ts'
import type { ApiObject } from '../support/api-server/store.ts'
import { closedAfterTest } from '../support/lifetime.ts'

const node = (name: string, images: readonly string[] = [], heartbeat = ''): ApiObject => ({
  metadata: { name, labels: { 'kubernetes.io/arch': 'amd64' }, managedFields: [{ manager: 'kubelet' }] },
  status: {
    conditions: [{ type: 'Ready', lastHeartbeatTime: heartbeat }],
    images: images.map(image => ({ names: [image], sizeBytes: 1 })),
    nodeInfo: { architecture: 'amd64', operatingSystem: 'linux', containerRuntimeVersion: 'containerd://2.4.2' },
  },
})

const never = (): AbortSignal => new AbortController().signal

const following = (server: Pick<FakeApiServer, 'url' | 'caPem'>, own: Partial<FollowOptions> = {}, headMs = 5000) => {
  const diary = keepDiary()
  const options = followOptions({ observe: diary.observe, ...own })
  const nodes = closedAfterTest(followNodes(clientOf(accessTo(server), headMs), options))
  const names = (): readonly string[] | undefined => nodes.current()?.map(({ name }) => name)
  const heard = (version: number): Promise<void> =>
    diary.until(event => event.kind === 'heard' && event.version === String(version))
  return { nodes, names, heard, ...diary }
}

const serverWith = async (...names: readonly string[]): Promise<FakeApiServer> => {
  const server = await apiServerFor()
  for (const name of names) server.nodes.put(node(name))
  return server
}

/** Counts events of a sort. */
const counted = (events: readonly FollowEvent[], kind: FollowEvent['kind']): number =>
  events.filter(event => event.kind === kind).length

const isOpened = ({ kind }: FollowEvent): boolean => kind === 'opened'
const isFailed = ({ kind }: FollowEvent): boolean => kind === 'failed'

/** As many waits as are wished for are over at once; the next lasts until it is let go. */
const heldWaits = (free: number) => {
  const waits: number[] = []
  const gate = Promise.withResolvers<void>()
  const wait: Wait = (ms, signal) => {
    waits.push(ms)
    return waits.length > free ? Promise.race([gate.promise, firing(signal).fired]) : Promise.resolve()
  }
  return { wait, waits, letGo: gate.resolve }
}

describe('the first list', () => {
  test('comes in pages, and is whole or not there at all', async () => {
    const server = await serverWith(...Array.from({ length: 23 }, (_, index) => `node-${index}`))
    const seen: unknown[] = []
    const { nodes, names } = following(server, { pageSize: 10 })
    server.willMeet(({ query }) => {
      seen.push([query.get('limit'), query.has('resourceVersion'), nodes.current()])
      return false
    })
    expect(nodes.standing()).toEqual({ kind: 'starting' })
    await nodes.settled(never())
    expect(names()).toEqual(server.nodes.names())
    expect(nodes.standing()).toEqual({ kind: 'synced' })
    expect(seen.slice(0, 3)).toEqual(Array.from({ length: 3 }, () => ['10', false, undefined]))
  })

  test('of a cluster without nodes is an empty one', async () => {
    const { nodes } = following(await serverWith())
    await nodes.settled(never())
    expect(nodes.current()).toEqual([])
  })

  test('that Go wrote as null is an empty one', async () => {
    const server = await serverWith()
    server.willMeet((request, response) => {
      if (request.query.has('watch')) return false
      return Boolean(response.end(JSON.stringify({ metadata: { resourceVersion: '1' }, items: null })))
    })
    const { nodes } = following(server)
    await nodes.settled(never())
    expect(nodes.current()).toEqual([])
  })

  test('begins anew where the pages grew too old between two of them', async () => {
    const server = await serverWith('a', 'b', 'c')
    let isFirst = true
    server.willMeet(({ query }) => {
      if (query.has('continue') && isFirst) {
        isFirst = false
        server.nodes.remove('a')
        server.nodes.compact()
      }
      return false
    })
    const { nodes, names, events } = following(server, { pageSize: 1 })
    await nodes.settled(never())
    expect(names()).toEqual(['b', 'c'])
    expect(events[0]).toMatchObject({ kind: 'failed', failure: { kind: 'expired' } })
  })

  test('that may not be read is given up at once, and is there as soon as it may', async () => {
    const server = await serverWith('a')
    const { wait, letGo } = heldWaits(0)
    server.willMeet((_, response) => refuse(response, 403, 'Forbidden'))
    const { nodes, names, until } = following(server, { wait })
    await nodes.settled(never())
    expect(nodes.standing()).toEqual({ kind: 'given-up', failure: { kind: 'forbidden', status: 403 } })
    expect(nodes.current()).toBeUndefined()
    server.willMeet(() => false)
    letGo()
    await until(isOpened)
    expect([names(), nodes.standing().kind]).toEqual([['a'], 'synced'])
  })

  test('that fails is tried on, and given up when patience is over', async () => {
    const server = await serverWith('a')
    const clock = { ms: 0 }
    const { wait, waits } = heldWaits(4)
    server.willMeet((_, response) => {
      clock.ms += 10_000
      return refuse(response, 500, 'InternalError')
    })
    const { nodes } = following(server, { wait, nowMs: () => clock.ms, patienceMs: 45_000, random: () => 1 })
    await nodes.settled(never())
    expect(nodes.standing()).toEqual({ kind: 'given-up', failure: { kind: 'bad-answer', status: 500 } })
    expect(waits.slice(0, 4)).toEqual([800, 1600, 3200, 6400])
  })

  test('of which a page hangs is tried again', async () => {
    const server = await serverWith('a')
    const hanging = Promise.withResolvers<boolean>()
    server.willMeet(() => (server.requests.length > 1 ? false : hanging.promise))
    const { nodes, names, events } = following(server, { pageMs: 30 })
    await nodes.settled(never())
    expect([names(), events[0]]).toMatchObject([['a'], { kind: 'failed', failure: { kind: 'timed-out' } }])
    hanging.resolve(true)
  })

  test('waits as long as the API server asks for', async () => {
    const server = await serverWith('a')
    const { wait, waits } = heldWaits(1)
    server.willMeet(
      (_, response) =>
        server.requests.length === 1 && refuse(response, 429, 'TooManyRequests', { 'retry-after': '17' }),
    )
    const { nodes } = following(server, { wait })
    await nodes.settled(never())
    expect(waits).toEqual([17_000])
  })

  test('is not waited for by whoever has no time', async () => {
    const server = await serverWith('a')
    const hanging = Promise.withResolvers<boolean>()
    server.willMeet(() => hanging.promise)
    const { nodes } = following(server)
    await nodes.settled(AbortSignal.abort())
    expect(nodes.standing()).toEqual({ kind: 'starting' })
    hanging.resolve(true)
  })
})

describe('the watch', () => {
  test('brings what is added, changed and deleted', async () => {
    const server = await serverWith('a', 'b')
    const { names, nodes, heard } = following(server)
    await server.nodeWatches.untilOpen()
    server.nodes.put(node('c'))
    server.nodes.put(node('b', ['registry.example/app:1']))
    server.nodes.remove('a')
    await heard(server.nodes.version())
    expect(names()).toEqual(['b', 'c'])
    expect(nodes.current()?.[0]?.images.names).toEqual(['registry.example/app:1'])
  })

  test('keeps the same array while nothing changed that we need', async () => {
    const server = await serverWith('a', 'b')
    const { nodes, heard } = following(server)
    await server.nodeWatches.untilOpen()
    const before = nodes.current()
    server.nodes.put(node('a', [], '2026-01-01T00:00:00Z'))
    server.nodeWatches.bookmark()
    await heard(server.nodes.version())
    expect(nodes.current()).toBe(before)
    server.nodes.put(node('a', ['registry.example/app:1']))
    await heard(server.nodes.version())
    expect(nodes.current()).not.toBe(before)
    expect(nodes.current()?.[1]).toBe(before?.[1])
  })

  test('keeps the same array through a list that brings nothing new', async () => {
    const server = await serverWith('a', 'b')
    const { nodes, events, until } = following(server)
    await server.nodeWatches.untilOpen()
    const before = nodes.current()
    server.nodes.compact()
    server.nodeWatches.cut()
    await until(() => counted(events, 'listed') === 2)
    expect(nodes.current()).toBe(before)
  })

  test('goes on from the last bookmark', async () => {
    const server = await serverWith('a')
    const { heard, events, until } = following(server)
    await server.nodeWatches.untilOpen()
    server.nodes.compact()
    server.nodeWatches.bookmark()
    await heard(server.nodes.version())
    server.nodeWatches.cut()
    await until(() => counted(events, 'opened') === 2)
    expect(counted(events, 'listed')).toBe(1)
    expect(server.requests.at(-1)?.query.get('resourceVersion')).toBe(String(server.nodes.version()))
    expect(server.requests.at(-1)?.query.get('allowWatchBookmarks')).toBe('true')
  })

  test.each([
    ['an event', (server: FakeApiServer) => server.nodeWatches.cut()],
    [
      'a status',
      (server: FakeApiServer) => {
        server.willMeet(
          ({ query }, response) =>
            query.has('watch') &&
            server.requests.filter(asked => asked.query.has('watch')).length === 2 &&
            refuse(response, 410, 'Gone'),
        )
        server.nodeWatches.cut()
      },
    ],
  ])('that is told 410 by %s lists anew, and learns what was deleted', async (_, cut) => {
    const server = await serverWith('a', 'b')
    const { names, events, until } = following(server)
    await server.nodeWatches.untilOpen()
    server.nodeWatches.tearAfter(0)
    server.nodes.remove('a')
    server.nodes.compact()
    cut(server)
    await until(() => counted(events, 'listed') === 2)
    expect(names()).toEqual(['b'])
  })

  test('that ends as it does after minutes goes on, and nothing has failed', async () => {
    const server = await serverWith('a')
    const { nodes, events, until } = following(server)
    await server.nodeWatches.untilOpen()
    server.nodeWatches.end()
    await until(() => counted(events, 'opened') === 2)
    expect([counted(events, 'failed'), counted(events, 'listed'), nodes.standing().kind]).toEqual([0, 1, 'synced'])
    expect(Number(server.requests.at(-1)?.query.get('timeoutSeconds'))).toBeGreaterThanOrEqual(300)
  })

  test('that breaks off leaves what was known, and says since when we are behind', async () => {
    const server = await serverWith('a')
    const { wait, letGo } = heldWaits(0)
    const { nodes, names, until, events } = following(server, { wait, nowMs: () => 4711 })
    await server.nodeWatches.untilOpen()
    server.nodeWatches.cut()
    await until(isFailed)
    const failure = { kind: 'unreachable', problem: 'connection-lost' }
    expect(nodes.standing()).toEqual({ kind: 'behind', sinceMs: 4711, failure })
    expect(names()).toEqual(['a'])
    letGo()
    await until(() => counted(events, 'opened') === 2)
    expect(nodes.standing()).toEqual({ kind: 'synced' })
  })

  test('begins anew at an API server that comes back', async () => {
    const server = await startApiServer()
    server.nodes.put(node('a'))
    const { names, until, events } = following(server)
    await server.nodeWatches.untilOpen()
    await server.close()
    await until(isFailed)
    const again = await apiServerFor({}, Number(new URL(server.url).port))
    again.nodes.put(node('b'))
    again.nodes.put(node('c'))
    again.nodes.compact()
    await until(() => counted(events, 'listed') === 2)
    expect(names()).toEqual(['b', 'c'])
  })

  test('of a version that the API server has not reached, because it lost its memory, ends in a list', async () => {
    const server = await startApiServer()
    for (const name of ['a', 'b', 'c', 'd']) server.nodes.put(node(name))
    const { names, until, events } = following(server)
    await server.nodeWatches.untilOpen()
    await server.close()
    const again = await apiServerFor({}, Number(new URL(server.url).port))
    again.nodes.put(node('e'))
    await until(() => counted(events, 'listed') === 2)
    expect(names()).toEqual(['e'])
  })

  test('whose head never comes is given up', async () => {
    const server = await serverWith('a')
    const hanging = Promise.withResolvers<boolean>()
    const isSecond = (): boolean => server.requests.length === 2
    server.willMeet(() => (isSecond() ? hanging.promise : false))
    const { until, events } = following(server, {}, 30)
    await until(isOpened)
    expect(events.find(isFailed)).toMatchObject({ failure: { kind: 'timed-out' } })
    hanging.resolve(true)
  })

  test.each([
    ['no JSON', '{"type":"ADDED",'],
    ['no event', '{}'],
    ['an event without a version', '{"type":"ADDED","object":{"metadata":{"name":"x"}}}'],
    ['an error that is none we know', '{"type":"ERROR","object":{"code":500}}'],
    ['an error of nothing', '{"type":"ERROR"}'],
    ['a line longer than any object', 'x'.repeat(17 * 1024 * 1024)],
  ])('that brings %s is begun anew, and nothing of it is kept', async (_, line) => {
    const server = await serverWith('a')
    const { names, until, events } = following(server)
    await server.nodeWatches.untilOpen()
    server.nodeWatches.write(line)
    await until(() => counted(events, 'opened') === 2)
    expect(names()).toEqual(['a'])
    expect(events.some(isFailed)).toBe(true)
  })

  test('waits longer and longer where it breaks off again and again without bringing anything', async () => {
    const server = await serverWith('a')
    const { wait, waits } = heldWaits(7)
    server.willMeet(({ query }, response) => {
      if (query.has('watch')) response.socket?.destroy()
      return query.has('watch')
    })
    const { until, events } = following(server, { wait, random: () => 1 })
    await until(() => counted(events, 'failed') === 8)
    expect(waits.slice(0, 8)).toEqual([800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000])
  })

  test('waits a little by chance, so that many do not come back together', async () => {
    const server = await serverWith('a')
    const { wait, waits } = heldWaits(0)
    const { until } = following(server, { wait, random: () => 0 })
    await server.nodeWatches.untilOpen()
    server.nodeWatches.cut()
    await until(isFailed)
    expect(waits).toEqual([400])
  })

  test('is over when it is closed, wherever it stands', async () => {
    const server = await serverWith('a')
    const inWatch = following(server)
    await server.nodeWatches.untilOpen()
    await inWatch.nodes.close()
    const hanging = Promise.withResolvers<boolean>()
    const asked = Promise.withResolvers<void>()
    server.willMeet(() => {
      asked.resolve()
      return hanging.promise
    })
    const inList = following(server)
    await asked.promise
    await inList.nodes.close()
    hanging.resolve(true)
    expect([inWatch.names(), inList.names()]).toEqual([['a'], undefined])
  })

  test('follows what the nodes are, as they are read from the objects themselves', async () => {
    const server = await serverWith()
    const one = { ...node('a', ['registry.example/app:1']), spec: { taints: [{ key: 'x', effect: 'NoSchedule' }] } }
    server.nodes.put(one)
    const { nodes } = following(server)
    await nodes.settled(never())
    expect(nodes.current()).toEqual([nodeOf(one)])
  })
})
