import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { setPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pool } from 'undici'
import { startAudit } from '../audit/process.ts'
import { kubeConfig, settle } from '../audit/town.ts'
import { startApiServer } from '../support/api-server/server.ts'
import { deploymentWith, reviewOf } from '../support/reviews.ts'
import { type ServerAt, startChild } from './child.ts'
import { percentile, type Row } from './table.ts'

const delayMs = 20
// The first ones are the audit's; each review has one of the others, so that a registry is asked.
const [audited, reviewed] = [8000, 8000]
const clients = 4
// Short turns, so that whatever else the machine does falls on both.
const rounds = 12
// The chart asks for half the processor of a webhook: as the kernel weighs nice values, three of them.
const niceness = 3
const roundMs = 1000

const imageAt = (host: string, index: number): string => `${host}/team/app-${index % 100}:${index}`

/** Reviews of images that nobody has asked about, so many at a time. */
const createReviews = (pool: Pool, host: string) => {
  let next = audited
  return async (): Promise<readonly number[]> => {
    const milliseconds: number[] = []
    const end = performance.now() + roundMs
    const client = async (): Promise<void> => {
      while (performance.now() < end) {
        const body = JSON.stringify(reviewOf(deploymentWith(imageAt(host, next))))
        next = audited + ((next + 1 - audited) % reviewed)
        const sent = performance.now()
        const headers = { 'content-type': 'application/json' }
        const answer = await pool.request({ path: '/validate?timeout=5s', method: 'POST', headers, body })
        const text = await answer.body.text()
        if (answer.statusCode !== 200 || !text.includes('"allowed":true')) throw new Error(`not allowed: ${text}`)
        milliseconds.push(performance.now() - sent)
      }
    }
    await Promise.all(Array.from({ length: clients }, client))
    return milliseconds
  }
}

const besideRow = async (rate: number | undefined): Promise<Row> => {
  const { child: registry, told: host } = await startChild<string>('far-registry.ts', {
    args: [`${delayMs}`, `${audited + reviewed}`],
  })
  const folder = await mkdtemp(join(tmpdir(), 'pullgate-bench-'))
  const {
    child: webhook,
    told: { url, ca },
  } = await startChild<ServerAt>('webhook.ts')
  const pool = new Pool(url, { connections: clients, pipelining: 1, allowH2: false, connect: { ca } })
  const api = await startApiServer()
  const deployments = Array.from({ length: audited }, (_, index) => ({
    metadata: { name: `app-${index}`, namespace: `team-${index % 200}`, uid: String(index) },
    spec: { template: { spec: { containers: [{ name: 'app', image: imageAt(host, index) }] } } },
  }))
  settle(api, { 'apps/v1/Deployment': deployments })
  await writeFile(join(folder, 'kubeconfig'), kubeConfig(api))
  const args = ['-A', '-o', 'json=report.json', ...(rate === undefined ? [] : ['--rate', String(rate)])]
  const requests = async (): Promise<number> => {
    registry.send('count')
    const [count] = (await once(registry, 'message')) as [number]
    return count
  }
  const review = createReviews(pool, host)
  // So that the compiler has seen everything.
  for (let round = 0; round < 3; round++) await review()
  const before = await requests()
  const audit = startAudit({ kubeconfig: join(folder, 'kubeconfig'), folder, args })
  setPriority(audit.pid, niceness)
  while ((await requests()) - before < 10) await new Promise(resolve => setTimeout(resolve, 50))
  const [beside, alone, again]: [number[], number[], number[]] = [[], [], []]
  for (let round = 0; round < rounds; round++) {
    process.kill(audit.pid, 'SIGCONT')
    beside.push(...(await review()))
    process.kill(audit.pid, 'SIGSTOP')
    alone.push(...(await review()))
    again.push(...(await review()))
  }
  const asked = (await requests()) - before
  process.kill(audit.pid, 'SIGCONT')
  audit.stop('SIGKILL')
  await audit.end
  await pool.close()
  for (const each of [webhook, registry]) each.kill()
  await api.close()
  await rm(folder, { recursive: true })
  const shown = (all: readonly number[]): string =>
    `p50 ${percentile(all, 0.5).toFixed(1)} ms, p99 ${percentile(all, 0.99).toFixed(1)} ms of ${all.length}`
  const held = (one: readonly number[], other: readonly number[]): string =>
    [0.5, 0.99]
      .map(share => `p${share * 100} ${(percentile(one, share) / percentile(other, share)).toFixed(2)} ×`)
      .join(', ')
  return {
    what: `reviews that ask a registry, ${delayMs} ms a request, while an audit asks it ${rate === undefined ? 'as fast as it answers' : `for ${rate} images a second`} (${asked} requests of all)`,
    figure: shown(beside),
    against: `the same while the audit is stopped: ${shown(alone)}`,
    // How much of it is the machine's own noise: twice the same.
    ratio: `${held(beside, alone)}; without against without: ${held(again, alone)}`,
  }
}

/** What admission feels of an audit, by the audit's own pace in a cluster and without any. */
export const besideAuditRows = async (): Promise<readonly Row[]> => [await besideRow(5), await besideRow(undefined)]
