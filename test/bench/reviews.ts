import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { Pool } from 'undici'
import { multiArchImage } from '../../src/demo/images.ts'
import { startRegistry } from '../../src/demo/registry.ts'
import { type ServerAt, startChild } from './child.ts'
import { review } from './review.ts'
import { median, percentile, type Row } from './table.ts'

const connections = 16
// Short turns, so that whatever else the machine does falls on both.
const rounds = 20
const roundMs = 500
// So many, and not for so long: a slow machine would be measured before the compiler has seen everything.
const warmUpReviews = 10_000

interface Server {
  readonly pool: Pool
  readonly child: ChildProcess
}

const start = async (file: string): Promise<Server> => {
  const { child, told } = await startChild<ServerAt>(file)
  const { url, ca } = told
  return { pool: new Pool(url, { connections, pipelining: 1, allowH2: false, connect: { ca } }), child }
}

/** What the server alone has used of a processor: the load is made in another process. */
const cpuMicroseconds = async ({ child }: Server): Promise<number> => {
  child.send('cpu')
  const [{ user, system }] = (await once(child, 'message')) as [NodeJS.CpuUsage]
  return user + system
}

interface Round {
  readonly perSecond: number
  readonly milliseconds: readonly number[]
  readonly cpuMicroseconds: number
}

const load = async (server: Server, body: string, durationMs: number, most = Infinity): Promise<Round> => {
  const milliseconds: number[] = []
  const cpuBefore = await cpuMicroseconds(server)
  const end = performance.now() + durationMs
  const client = async (): Promise<void> => {
    while (performance.now() < end && milliseconds.length < most) {
      const sent = performance.now()
      const answer = await server.pool.request({
        path: '/validate?timeout=5s',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      })
      const text = await answer.body.text()
      if (answer.statusCode !== 200 || !text.includes('"allowed":true')) throw new Error(`not allowed: ${text}`)
      milliseconds.push(performance.now() - sent)
    }
  }
  const began = performance.now()
  await Promise.all(Array.from({ length: connections }, client))
  const perSecond = (milliseconds.length * 1000) / (performance.now() - began)
  const cpu = (await cpuMicroseconds(server)) - cpuBefore
  return { perSecond, milliseconds, cpuMicroseconds: cpu / milliseconds.length }
}

const shownPercentile = (rounds: readonly Round[], share: number): string =>
  percentile(
    rounds.flatMap(({ milliseconds }) => milliseconds),
    share,
  ).toFixed(1)

const rateOf = ({ perSecond }: Round): number => perSecond
const cpuOf = (round: Round): number => round.cpuMicroseconds

const shownRate = (rounds: readonly Round[]): string =>
  `${Math.round(median(rounds.map(rateOf)))}/s, p50 ${shownPercentile(rounds, 0.5)} ms, p99 ${shownPercentile(rounds, 0.99)} ms`

const shownCpu = (rounds: readonly Round[]): string => `${Math.round(median(rounds.map(cpuOf)))} µs`

/** The middle one of the ratios of rounds that stood side by side. */
const ratio = (ours: readonly Round[], bare: readonly Round[], of: (round: Round) => number): string => {
  const ratios = ours.flatMap((round, index) => (bare[index] ? [of(round) / of(bare[index])] : []))
  return `${median(ratios).toFixed(2)} ×`
}

/** A whole review whose image is known, through TLS, beside a server that does nothing; rounds take turns. */
export const reviewRows = async (): Promise<readonly Row[]> => {
  const registry = await startRegistry()
  registry.put('shop/web', '1.0', multiArchImage(['linux/amd64', 'linux/arm64']))
  const body = review(`${registry.host}/shop/web:1.0`)
  const [webhook, echo] = await Promise.all([start('webhook.ts'), start('echo.ts')])
  const [ours, bare]: [Round[], Round[]] = [[], []]
  try {
    for (const server of [webhook, echo]) await load(server, body, Infinity, warmUpReviews)
    for (let round = 0; round < rounds; round++) {
      ours.push(await load(webhook, body, roundMs))
      bare.push(await load(echo, body, roundMs))
    }
  } finally {
    for (const { pool, child } of [webhook, echo]) {
      await pool.close()
      child.kill()
    }
    await registry.close()
  }
  const what = `a cached review of ${(body.length / 1024).toFixed(0)} KiB, ${connections} connections`
  return [
    {
      what,
      figure: shownRate(ours),
      against: `bare fastify over HTTPS: ${shownRate(bare)}`,
      ratio: ratio(ours, bare, rateOf),
    },
    {
      what: `${what}: the server's processor time`,
      figure: shownCpu(ours),
      against: `bare fastify over HTTPS: ${shownCpu(bare)}`,
      ratio: ratio(ours, bare, cpuOf),
    },
  ]
}
