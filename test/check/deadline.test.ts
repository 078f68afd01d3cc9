import { once } from 'node:events'
import { createServer } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { Keys } from '../../src/credentials/keys.ts'
import { noKeys } from '../../src/credentials/keys.ts'
import { answerTo } from '../../src/demo/distribution.ts'
import { helmChart, incompleteImage, multiArchImage, singleImage } from '../../src/demo/images.ts'
import { emptyShelf, placed } from '../../src/demo/shelf.ts'
import { deadlineIn } from '../../src/lib/deadline.ts'
import { fail, ok, type Result } from '../../src/lib/result.ts'
import type { ProbeFailure } from '../../src/registry/failure.ts'
import type { FindPlaces } from '../../src/registry/hosts/place.ts'
import type { Reply, Request } from '../../src/registry/send.ts'
import type { Report } from '../../src/verdict/verdict.ts'
import { openBlackHole } from '../support/faults/black-hole.ts'
import { createLab } from '../support/faults/lab.ts'
import { dripping, silent } from '../support/faults/sockets.ts'
import { closedAfterTest, dialogueForTest, registryFor } from '../support/lifetime.ts'
import { plainPlaces } from '../support/plain-network.ts'
import { processorClock } from '../support/processor-clock.ts'
import { configSecret, emptyStore, inTime, said, secretFor, secretOf, stageFor, workloadWith } from './stage.ts'
import {
  type Agenda,
  createAgenda,
  dialogueOver,
  oneOf,
  randomFrom,
  replyIn,
  replyOf,
  sendOver,
  type World,
} from './world.ts'

const seed = Number(process.env['PULLGATE_SEED'] ?? Date.now() % 2 ** 31)
const schedules = Number(process.env['PULLGATE_COUNT'] ?? 1000)

const ann = { username: 'ann', password: 'of ann' }
const index = multiArchImage(['linux/amd64', 'linux/arm64'])
const images = {
  '1': index,
  '1.4.0': index,
  arm: singleImage('linux/arm64', { program: 'linux/amd64' }),
  chart: helmChart('shop', '1'),
  half: incompleteImage(['linux/amd64', 'linux/arm64'], 'linux/amd64'),
}
const shelf = Object.entries(images).reduce(
  (before, [tag, image]) => placed(before, 'shop/web', tag, image),
  emptyShelf,
)

const at = 'registry.test/shop/web'
const names = [
  ...[`${at}:1`, `${at}:arm`, `${at}:chart`, `${at}:half`, `${at}:1.40`, `${at}:9`, `${at}@${index.top.digest}`],
  ...['registry.test/shop/nothing', 'other.test/shop/web:1', 'nginx', 'Not An Image'],
] as const

const troubles = ({
  host,
  step,
}: Request): readonly [Result<Reply, ProbeFailure>, ...Result<Reply, ProbeFailure>[]] => [
  fail({ host, step, kind: 'unreachable', problem: 'connection-lost' }),
  fail({ host, step, kind: 'blocked' }),
  fail({ host, step, kind: 'bad-answer', problem: 'too-large', status: undefined }),
  ok(replyOf(500, {}, '')),
  ok(replyOf(429, { 'retry-after': '1' }, '')),
  ok(replyOf(403, {}, '{"errors":[]}')),
  ok(replyOf(404, {}, 'nothing')),
  ok(replyOf(401, {}, '')),
  ok(replyOf(200, {}, 'so what')),
  ok(replyOf(200, { 'content-type': 'application/json' }, '{"manifests":[null]}')),
  ok(replyOf(302, { location: 'https://registry.test/elsewhere' }, '')),
  ok(replyOf(307, {}, '')),
]

/** A core over a registry, secrets and holders of keys, each of which may fail in any way, at any time, or stay silent. */
const createTown = (random: () => number, agenda: Agenda) => {
  const world: World = {
    shelf,
    door: oneOf(random, ['basic', 'bearer']),
    accounts: () => [ann],
    mayAsk: () => true,
    tokens: new Map(),
  }
  const howBad = oneOf(random, [0, 0.05, 0.3])
  const answer = (request: Request): Result<Reply, ProbeFailure> =>
    random() < howBad ? oneOf(random, troubles(request)) : ok(replyIn(world, request))
  const store = emptyStore()
  const secrets = [
    secretFor(ann, 'registry.test'),
    configSecret('{'),
    secretOf('Opaque', '', ''),
    'unreadable',
  ] as const
  for (const [number, secret] of secrets.entries()) store.secrets.set(`shop/${number}`, secret)
  store.accounts.set('shop/default', ['0'])
  const { secret, accountSecrets } = store.sources
  const held: Keys = { ...noKeys, notes: [{ kind: 'unreadable', source: 'provider', name: 'p' }] }
  let now = 0
  const stage = stageFor({
    dialogue: dialogueOver(sendOver(agenda, answer), () => now),
    sources: {
      secret: (...asked) => agenda.later(() => secret(...asked)).then(read => read),
      accountSecrets: (...asked) => agenda.later(() => accountSecrets(...asked)).then(read => read),
    },
    held: random() < 0.2 ? [() => agenda.later(() => held)] : [],
  })
  const pass = (seconds: number): void => {
    now += seconds * 1000
    stage.pass(seconds)
  }
  return { check: stage.check, pass }
}

// What is under way at the deadline goes on by turns of the event loop, and none of these waits for anything.
const mostTurns = 10

/** One check by an order that nobody planned, until its time is over at any moment. */
const runOnce = async (town: ReturnType<typeof createTown>, random: () => number, agenda: Agenda) => {
  const uses = Array.from({ length: 1 + Math.floor(random() * 5) }, () => oneOf(random, names))
  const secrets = ['0', '0', '0', '0', '1', '2', '3', 'gone'].filter(() => random() < 0.12)
  const kind = oneOf(random, ['Pod', 'Deployment'])
  const policy = random() < 0.1 ? 'Never' : 'Always'
  const controller = new AbortController()
  let report: Report | undefined
  const checking = town.check(workloadWith(uses, secrets, { kind, policy }), controller.signal).then(end => {
    report = end
  })
  for (let turns = Math.floor(random() * 60); turns > 0 && report === undefined; turns--) {
    agenda.letGo(random())
    await setImmediate()
  }
  const isEarly = report !== undefined
  controller.abort()
  for (let turns = 0; turns < mostTurns && report === undefined; turns++) await setImmediate()
  expect(report).toBeDefined()
  await checking
  return { uses, verdicts: report?.verdicts ?? [], isEarly }
}

test(`${schedules} schedules of answers, delays, failures and deadlines end in time with a verdict for each image`, async () => {
  const random = randomFrom(seed)
  const agenda = createAgenda()
  let town = createTown(random, agenda)
  let early = 0
  const codes = new Map<string, number>()
  for (let run = 0; run < schedules; run++) {
    if (random() < 0.1) town = createTown(random, agenda)
    if (random() < 0.3) town.pass(oneOf(random, [1, 6, 61]))
    const { uses, verdicts, isEarly } = await runOnce(town, random, agenda)
    early += isEarly ? 1 : 0
    expect(
      verdicts.map(({ use }) => use.image.text),
      `seed ${seed}, run ${run}`,
    ).toEqual(uses)
    for (const verdict of verdicts) {
      if (verdict.kind === 'skipped') throw new Error('nothing is skipped')
      expect(verdict.facts !== undefined || verdict.findings.length > 0, `seed ${seed}, run ${run}`).toBe(true)
      for (const { code } of verdict.findings) codes.set(code, (codes.get(code) ?? 0) + 1)
    }
    // Half of what is still under way stays so for ever.
    while (random() < 0.8 && agenda.size() > 0) agenda.letGo(random())
  }
  console.log(`seed ${seed}: ${early} of ${schedules} ended early; ${JSON.stringify(Object.fromEntries(codes))}`)
  expect(early).toBeGreaterThan(0)
  expect(codes.get('timed-out')).toBeGreaterThan(0)
})

describe('a deadline over real sockets', () => {
  test.each([1, 30, 120])('of %i ms is kept, with a verdict for each image', async milliseconds => {
    const lab = createLab()
    const good = await registryFor({ shelf })
    const hosts = [
      (await lab.blackHole()).host,
      await lab.tcp(silent),
      await lab.tcp(dripping('HTTP/1.1 200 OK\r\n', 20)),
    ]
    const { check } = stageFor()
    const warm = workloadWith([`${good.host}/shop/web:1`])
    expect(said(await check(warm, inTime()))).toEqual([''])
    const uses = [...hosts, good.host].map(host => `${host}/shop/web:1`)
    const signal = deadlineIn(milliseconds)
    const checking = check(workloadWith(uses), signal)
    if (!signal.aborted) await once(signal, 'abort')
    const late = someTurns(mostTurns).then(() => 'late' as const)
    const report = await Promise.race([checking, late])
    expect(report === 'late' ? report : said(report).slice(0, 3)).toEqual(['timed-out', 'timed-out', 'timed-out'])
  })

  test('that is over already asks nobody', async () => {
    const good = await registryFor({ shelf })
    const { check, reads } = stageFor()
    const report = await check(workloadWith([`${good.host}/shop/web:1`, 'nginx'], ['s']), AbortSignal.abort())
    expect(said(report)).toEqual(['timed-out', 'timed-out'])
    expect([good.requests, reads]).toEqual([[], []])
  })

  test.each(['resolve', 'manifest', 'exists', 'config', 'layer', 'tags'] as const)(
    'is kept though the registry minds none: %s',
    async question => {
      const good = await registryFor({ shelf })
      const asked = Promise.withResolvers<void>()
      const never = (): Promise<never> => {
        asked.resolve()
        return new Promise(() => {})
      }
      const { check } = stageFor({ dialogue: { ...dialogueForTest(), [question]: never } })
      const leaving = new AbortController()
      const uses = ['1', 'arm', '1.40'].map(name => `${good.host}/shop/web:${name}`)
      const checking = check(workloadWith(uses), leaving.signal)
      await asked.promise
      leaving.abort()
      expect((await checking).verdicts.map(({ use }) => use.image.text)).toEqual(uses)
    },
  )

  test('is kept for thousands of images that nobody answers', async () => {
    const host = await createLab().tcp(silent)
    const uses = Array.from({ length: 3000 }, (_, number) => `${host}/shop/web:${number}`)
    const { check } = stageFor()
    const spentMs = processorClock()
    const report = await check(workloadWith(uses), deadlineIn(50))
    expect(new Set(said(report))).toEqual(new Set(['timed-out']))
    expect(report.verdicts).toHaveLength(3000)
    // A tenth of this on a machine with nothing else to do.
    expect(spentMs()).toBeLessThan(2000)
  })
})

/** So many turns of the event loop. */
const someTurns = async (turns: number): Promise<void> => {
  for (let turn = 0; turn < turns; turn++) await setImmediate()
}

/** By plain HTTP alone, and with little patience for whoever takes no connection. */
const impatient: FindPlaces = async reference => {
  const places = await plainPlaces(reference)
  if (!places.ok) return places
  const bases = [`http://${reference.registry}/v2`]
  return ok(places.value.map(place => ({ ...place, host: { ...place.host, bases, dialTimeoutMs: 60 } })))
}

describe('a host into which connections vanish', () => {
  test('harms no other, is left alone, is tried by one, and is asked by all as soon as it answers', async () => {
    let now = 0
    const hole = await openBlackHole()
    const { host } = hole
    const others = await Promise.all(Array.from({ length: 8 }, () => registryFor({ shelf })))
    const { check, asked } = stageFor({ registry: { nowMs: () => now, findPlaces: impatient } })
    let tag = 0
    /** What is said of so many different images there, and how many requests were tried for it. */
    const askThere = async (count: number, ...codes: readonly string[]) => {
      const before = asked.length
      const uses = Array.from({ length: count }, () => `${host}/shop/web:${tag++}`)
      const reports = await Promise.all(uses.map(use => check(workloadWith([use]), inTime())))
      expect(new Set(reports.flatMap(said))).toEqual(new Set(codes))
      return asked.length - before
    }

    const uses = [`${host}/shop/web:1`, ...others.map(other => `${other.host}/shop/web:1`)]
    const dead = check(workloadWith(uses.slice(0, 1)), inTime())
    const living = await Promise.all(uses.slice(1).map(use => check(workloadWith([use]), deadlineIn(5000))))
    expect(living.flatMap(said)).toEqual(others.map(() => ''))
    expect(said(await dead)).toEqual(['timed-out'])

    // Open: nobody tries.
    expect(await askThere(50, 'unreachable')).toBe(0)
    expect(said(await check(workloadWith(uses), inTime()))).toEqual(['unreachable', ...others.map(() => '')])
    now += 5000
    // Half open: one tries, and finds it as it was.
    expect(await askThere(50, 'timed-out', 'unreachable')).toBe(1)
    expect(await askThere(50, 'unreachable')).toBe(0)

    await hole.close()
    const server = createServer(({ method = '', url = '' }, response) => {
      const { status, headers, body } = answerTo(shelf, method, url)
      response.writeHead(status, headers).end(method === 'HEAD' ? undefined : body)
    })
    server.listen(Number(host.split(':')[1]), '127.0.0.1')
    await once(server, 'listening')
    closedAfterTest({
      close: async () => {
        server.closeAllConnections()
        server.close()
      },
    })
    expect(await askThere(5, 'unreachable')).toBe(0)
    now += 5000
    // One finds that it is back, and from then on all are asked.
    expect(said(await check(workloadWith(uses), inTime()))).toEqual(uses.map(() => ''))
    expect(await askThere(50, 'not-found')).toBeGreaterThanOrEqual(100)
  })
})
