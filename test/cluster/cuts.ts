import { followNodes } from '../../src/cluster/follow-nodes.ts'
import type { Standing } from '../../src/cluster/standing.ts'
import { type Node, nodeOf } from '../../src/workload/node.ts'
import { accessTo, apiServerFor, clientOf, followOptions, keepDiary } from '../support/api-server/connect.ts'
import type { FakeApiServer } from '../support/api-server/server.ts'
import type { ApiObject } from '../support/api-server/store.ts'
import { closedAfterTest } from '../support/lifetime.ts'

/** Numbers below a bound, as a seed decides (mulberry32). */
type Draw = (below: number) => number

const drawFrom = (seed: number): Draw => {
  let state = seed
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const node = (name: string, generation: number): ApiObject => ({
  metadata: { name, labels: { generation: String(generation), padding: 'x'.repeat(generation % 200) } },
  status: { images: [{ names: [`registry.example/app:${generation}`] }] },
})

/** Of a list too only a part may come. */
const tearLists = (server: FakeApiServer, draw: Draw): void =>
  server.willMeet(({ query }, response) => {
    if (query.has('watch') || draw(10) > 0) return false
    response.writeHead(200).write('{"items":[{"metadata":{"name":"torn"}}', () => response.socket?.destroy())
    return true
  })

const byName = (nodes: readonly Node[]): readonly Node[] => nodes.toSorted((a, b) => (a.name < b.name ? -1 : 1))

/** What we had, and what the server had, at one moment. */
export interface Moment {
  readonly ours: readonly Node[]
  readonly theirs: readonly Node[]
  readonly standing: Standing
}

// So few steps apart that a node which went astray has not been set right by chance.
const stepsBetween = 10

/** Follows nodes while they change and connections are cut at any point; every few cuts both sides are held against each other. */
export const followThroughCuts = async (cuts: number, seed: number): Promise<readonly Moment[]> => {
  const draw = drawFrom(seed)
  const server = await apiServerFor()
  const diary = keepDiary()
  const nodes = closedAfterTest(
    followNodes(clientOf(accessTo(server)), followOptions({ pageSize: 7, observe: diary.observe })),
  )
  tearLists(server, draw)

  const change = (step: number): void => {
    const name = `node-${draw(30)}`
    if (draw(3) === 0) server.nodes.remove(name)
    else server.nodes.put(node(name, step))
  }
  const cut = async (step: number): Promise<void> => {
    await server.nodeWatches.untilOpen()
    if (draw(4) === 0) server.nodeWatches.bookmark()
    // Somewhere in the next event, or, where none comes, between two.
    server.nodeWatches.tearAfter(draw(400))
    for (let left = draw(4); left > 0; left -= 1) change(step)
    if (draw(4) === 0) server.nodes.compact()
    server.nodeWatches.cut()
  }
  const look = async (step: number): Promise<Moment> => {
    await server.nodeWatches.untilOpen()
    server.nodeWatches.tearAfter(Number.POSITIVE_INFINITY)
    server.nodes.put(node('last', step))
    await diary.until(event => event.kind === 'heard' && event.version === String(server.nodes.version()))
    const theirs = server.nodes.names().map(name => nodeOf(server.nodes.get(name)))
    return { ours: byName(nodes.current() ?? []), theirs: byName(theirs), standing: nodes.standing() }
  }

  const moments: Moment[] = []
  for (let step = 1; step <= cuts; step += 1) {
    await cut(step)
    if (step % stepsBetween === 0) moments.push(await look(step))
  }
  return moments
}
