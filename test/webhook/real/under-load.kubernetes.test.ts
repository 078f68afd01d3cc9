import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { setEndpoints } from './installation.ts'
import { apiServerCounter, type Flood, type Flooding, flood, mostUnderWay } from './load.ts'
import { startRotating } from './rotating.ts'
import { openStage, type Stage } from './stage.ts'

// While replicas come and go, and certificates change, nothing fails and nothing passes unasked.

// In namespaces of their own, as all addresses here: nobody else is on them.
const addresses = Array.from({ length: 9 }, (_, index) => `192.0.2.${20 + index}`)
const rotatingAddress = '192.0.2.29'

let stage: Stage

const failOpen = (): Promise<number> => apiServerCounter(stage.cluster, 'apiserver_admission_webhook_fail_open_count')

const load = (perSecond = 300): Flooding => {
  const { cluster, good, malformed } = stage
  const flooding = flood(cluster, { namespace: 'shop', good, malformed, perSecond })
  onTestFinished(async () => void (await flooding.end()))
  return flooding
}

const tell = (what: string, { asked, perSecond, wantedPerSecond, shed }: Flood, more = ''): void =>
  console.log(
    `${what}: ${asked} pods through the API server, ${Math.round(perSecond)} of ${wantedPerSecond} a second, ${shed} unread for want of time${more}`,
  )

beforeAll(async () => {
  stage = await openStage(addresses, 2)
})

afterAll(() => stage?.close())

test('twenty replicas are replaced one after the other, and no request fails or goes unasked', async () => {
  const before = await failOpen()
  const { more, end } = load()
  const leaving: Promise<{ readonly code: number | null; readonly tookMs: number }>[] = []
  for (let round = 0; round < 20; round++) leaving.push((await stage.fleet.roll()).ended)
  const left = await Promise.all(leaving)
  await more(100)
  const came = await end()
  tell('20 restarts', came)
  expect(came).toMatchObject({ odd: [], slips: [] })
  expect(left.map(({ code }) => code)).toEqual(left.map(() => 0))
  expect(await failOpen()).toBe(before)
}, 600_000)

test('one that is asked to end by the default leaves as soon as nobody is connected any more', async () => {
  await stage.fleet.roll({ drainSeconds: 95 })
  await (await stage.fleet.roll()).ended
  const before = await failOpen()
  const { more, end } = load()
  await more(100)
  const { code, tookMs } = await (await stage.fleet.roll()).ended
  const came = await end()
  tell('a restart by the default', came, `; it left after ${(tookMs / 1000).toFixed(1)} s`)
  expect(came).toMatchObject({ odd: [], slips: [] })
  expect([code, tookMs < 95_000]).toEqual([0, true])
  expect(await failOpen()).toBe(before)
}, 600_000)

// The next one is killed later than that.
const wellMs = 1000

test('of three replicas that are killed one after the other each costs only what is sent to it until its name is taken away', async () => {
  await stage.fleet.roll()
  const { more, end } = load()
  const kills: { readonly killedMs: number; readonly toldMs: number; readonly unasked: number }[] = []
  for (let round = 0; round < 3; round++) {
    while (stage.fleet.replicas().length < 3) await stage.fleet.add()
    await more(100)
    const before = await failOpen()
    const killedMs = performance.now()
    await stage.fleet.kill()
    // Nobody tells the API server for a while: it goes on to dial the address at which nobody answers.
    await more(200)
    const toldMs = performance.now()
    await stage.fleet.name()
    await more(200)
    const after = await failOpen()
    await more(300)
    expect(await failOpen()).toBe(after)
    kills.push({ killedMs, toldMs, unasked: after - before })
  }
  const came = await end()
  const lines = kills.map(({ killedMs, toldMs, unasked }) => {
    const last = Math.max(toldMs, ...came.slips.filter(ms => ms > toldMs && ms < toldMs + wellMs)) - toldMs
    return `; ${unasked} unasked within ${Math.round(toldMs - killedMs)} ms, the last ${Math.round(last)} ms after its name was gone`
  })
  tell('3 kills', came, lines.join(''))
  // Every request came to an end that somebody at kubectl may see: let in, or denied for its image.
  expect(came.odd).toEqual([])
  expect(came.slips.length).toBeLessThanOrEqual(kills.reduce((sum, { unasked }) => sum + unasked, 0))
}, 600_000)

test('of three replicas one that falls silent costs each connection to it one review, which waits for its whole time', async () => {
  while (stage.fleet.replicas().length < 3) await stage.fleet.add()
  const { more, end } = load()
  await more(300)
  const before = await failOpen()
  stage.fleet.freeze()
  await more(20)
  await stage.fleet.name()
  const toldMs = performance.now()
  let seen = -1
  for (let now = await failOpen(); now !== seen; now = await failOpen()) {
    seen = now
    // For longer than the API server waits for one that has been sent.
    await more(300 * 12)
  }
  const came = await end()
  const lastSeconds = (Math.max(toldMs, ...came.slips) - toldMs) / 1000
  tell('1 silent', came, `; ${seen - before} unasked, the last ${lastSeconds.toFixed(1)} s after its name was gone`)
  expect(came.odd).toEqual([])
  // Those that waited for it already, and one for each connection that the API server had kept.
  expect(seen - before).toBeLessThan(2 * mostUnderWay)
}, 600_000)

// Each certificate is due as soon as it is made, for they are dated back by an hour.
const lives = { authorityMs: 600_000, serverMs: 600_000, seenMs: 3000, everyMs: 250 }

test('a hundred certificates of ten authorities follow one another under new connections, though authorities get lost', async () => {
  const rotating = await startRotating(stage.cluster, rotatingAddress, lives)
  onTestFinished(rotating.close)
  await setEndpoints(stage.cluster, [rotatingAddress])
  // One of them might make the next authority, which would be good for a year.
  await stage.fleet.killAll()
  const before = await failOpen()
  const { more, end } = load(100)
  // The first authority is that of the replicas, and is good for a year.
  for (let losses = 0; losses < 3; losses++) {
    const authorities = rotating.authorities()
    await rotating.lose()
    while (rotating.authorities() === authorities) await rotating.next()
  }
  while (rotating.certificates() < 100 || rotating.authorities() < 10) await rotating.next()
  await more(20)
  const came = await end()
  const changed = `${rotating.certificates()} certificates of ${rotating.authorities()} authorities`
  tell('rotation', came, `; ${changed}, ${rotating.connections()} connections`)
  expect(came).toMatchObject({ odd: [], slips: [] })
  // Each request but those that the API server let wait for one another came by a connection of its own.
  expect(rotating.connections()).toBeGreaterThan(came.asked / 2)
  expect(await failOpen()).toBe(before)
}, 600_000)
