import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { Pool } from 'undici'
import { multiArchImage } from '../../src/demo/images.ts'
import { startRegistry } from '../../src/demo/registry.ts'
import { deploymentWith, reviewOf } from '../support/reviews.ts'
import { median, type Row } from './table.ts'

const connections = 16
const rounds = 5
const roundMs = 2000
// Long enough for the compiler to have seen everything.
const warmUpMs = 1500

interface Server {
  readonly pool: Pool
  readonly child: ChildProcess
}

const start = async (file: string): Promise<Server> => {
  const child = spawn(process.execPath, [join(import.meta.dirname, file)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const { url, ca } = JSON.parse(line.toString()) as { readonly url: string; readonly ca: string }
  return { pool: new Pool(url, { connections, pipelining: 1, allowH2: false, connect: { ca } }), child }
}

interface Round {
  readonly perSecond: number
  readonly milliseconds: readonly number[]
}

const load = async ({ pool }: Server, body: string, durationMs: number): Promise<Round> => {
  const milliseconds: number[] = []
  const end = performance.now() + durationMs
  const client = async (): Promise<void> => {
    while (performance.now() < end) {
      const sent = performance.now()
      const answer = await pool.request({
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
  return { perSecond: (milliseconds.length * 1000) / (performance.now() - began), milliseconds }
}

const percentile = (rounds: readonly Round[], share: number): string => {
  const sorted = rounds.flatMap(({ milliseconds }) => milliseconds).sort((a, b) => a - b)
  return (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(1)
}

const rate = (rounds: readonly Round[]): number => median(rounds.map(({ perSecond }) => perSecond))

const shown = (rounds: readonly Round[]): string =>
  `${Math.round(rate(rounds))}/s, p50 ${percentile(rounds, 0.5)} ms, p99 ${percentile(rounds, 0.99)} ms`

/** A review as large as real ones are: managed fields and the last applied configuration weigh more than the object. */
const review = (image: string): string => {
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': 'x'.repeat(2000) }
  const managedFields = Array.from({ length: 10 }, (_, index) => ({
    manager: `m${index}`,
    fieldsV1: { 'f:spec': 'x'.repeat(400) },
  }))
  return JSON.stringify(reviewOf(deploymentWith(image, { metadata: { name: 'web', annotations, managedFields } })))
}

/** A whole review whose image is known, through TLS, beside a server that does nothing; rounds take turns. */
export const reviewRows = async (): Promise<readonly Row[]> => {
  const registry = await startRegistry()
  registry.put('shop/web', '1.0', multiArchImage(['linux/amd64', 'linux/arm64']))
  const body = review(`${registry.host}/shop/web:1.0`)
  const [webhook, echo] = await Promise.all([start('webhook.ts'), start('echo.ts')])
  const [ours, bare]: [Round[], Round[]] = [[], []]
  try {
    for (const server of [webhook, echo]) await load(server, body, warmUpMs)
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
  return [
    {
      what: `a cached review of ${(body.length / 1024).toFixed(0)} KiB, ${connections} connections`,
      figure: shown(ours),
      against: `bare fastify over HTTPS: ${shown(bare)}`,
      ratio: `${(rate(ours) / rate(bare)).toFixed(2)} ×`,
    },
  ]
}
