import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { multiArchImage } from '../../src/demo/images.ts'
import { startRegistry } from '../../src/demo/registry.ts'
import { type ServerAt, startChild } from './child.ts'
import type { Offer, Taken, Target } from './offer.ts'
import { review } from './review.ts'
import { percentile, type Row } from './table.ts'

const perSecond = 2000
const tenfold = 10 * perSecond
// Three API servers with 600 requests under way each, which is all that one lets in (max-requests-inflight and max-mutating-requests-inflight).
const mostConnections = 1800
const usualConnections = 256
const steadyMs = 60_000
const bareMs = 10_000
const overloadMs = 15_000
const recoveryMs = 10_000
const spanMs = 500
// What the chart sets for its limit of 384 MiB.
const heap = ['--max-old-space-size=128', '--max-semi-space-size=4']

// Without a second core nothing can be kept apart.
const pins = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0

const onCores = (cores: string): readonly string[] => (pins ? ['taskset', '--cpu-list', cores] : [])

interface Measured extends Taken {
  /** The server's share of a core. */
  readonly busy: number
}

interface Bench {
  readonly take: (offer: Offer) => Promise<Measured>
  /** What the server holds of memory now, and has held at the most. */
  readonly residentMiB: () => readonly [number, number]
  readonly close: () => void
}

const open = async (file: string, body: string): Promise<Bench> => {
  const { child: server, told } = await startChild<ServerAt>(file, { flags: heap, before: onCores('0') })
  const target: Target = { ...told, body, connections: mostConnections }
  const others = onCores(`1-${availableParallelism() - 1}`)
  const { child: load } = await startChild('offer.ts', { args: [JSON.stringify(target)], before: others })
  const cpuMs = async (): Promise<number> => {
    server.send('cpu')
    const [{ user, system }] = (await once(server, 'message')) as [NodeJS.CpuUsage]
    return (user + system) / 1000
  }
  const mebibytes = (field: string): number => {
    const status = readFileSync(`/proc/${server.pid}/status`, 'utf8')
    return Math.round(Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024)
  }
  return {
    take: async offer => {
      const before = await cpuMs()
      load.send(offer)
      const [taken] = (await once(load, 'message')) as [Taken]
      return { ...taken, busy: ((await cpuMs()) - before) / taken.tookMs }
    },
    residentMiB: () => [mebibytes('VmRSS'), mebibytes('VmHWM')],
    close: () => {
      load.kill()
      server.kill()
    },
  }
}

const rate = ({ answered, tookMs }: Taken): number => Math.round((answered * 1000) / tookMs)

const times = ({ milliseconds }: Taken): string =>
  [
    ['p50', 0.5],
    ['p99', 0.99],
    ['p99.9', 0.999],
  ]
    .map(([name, share]) => `${name} ${percentile(milliseconds, Number(share)).toFixed(1)} ms`)
    .join(', ')

const shown = (taken: Measured): string =>
  `${rate(taken)}/s, ${times(taken)}, ${Math.round(taken.busy * 100)} % of the core, ${taken.failed} failed, ${taken.shed} unread`

/** When the first span begins whose p99 is no worse than twice what is usual; undefined: none is. */
const wellAfterMs = ({ milliseconds }: Taken, usual: Taken): number | undefined => {
  const size = (perSecond * spanMs) / 1000
  const enough = 2 * percentile(usual.milliseconds, 0.99)
  for (let from = 0; from + size <= milliseconds.length; from += size)
    if (percentile(milliseconds.slice(from, from + size), 0.99) <= enough) return (from / size) * spanMs
  return undefined
}

/** A server on a core of its own, held to a steady rate for a minute, and then to ten times as much. */
export const oneCoreRows = async (): Promise<readonly Row[]> => {
  const registry = await startRegistry()
  registry.put('shop/web', '1.0', multiArchImage(['linux/amd64', 'linux/arm64']))
  const body = review(`${registry.host}/shop/web:1.0`)
  const steady = { perSecond, connections: usualConnections }
  const benches: Bench[] = []
  const opened = async (file: string): Promise<Bench> => {
    const bench = await open(file, body)
    benches.push(bench)
    // Until the compiler has seen everything.
    await bench.take({ ...steady, forMs: 8000 })
    return bench
  }
  try {
    const bare = await opened('echo.ts').then(echo => echo.take({ ...steady, forMs: bareMs }))
    const webhook = await opened('webhook.ts')
    const usual = await webhook.take({ ...steady, forMs: steadyMs })
    const [resident] = webhook.residentMiB()
    const over = await webhook.take({ perSecond: tenfold, forMs: overloadMs, connections: mostConnections })
    const after = await webhook.take({ ...steady, forMs: recoveryMs })
    const well = wellAfterMs(after, usual)
    const where = pins ? 'on one core' : 'not on a core of its own, for there is no taskset or only one core'
    const p99 = ({ milliseconds }: Taken): number => percentile(milliseconds, 0.99)
    return [
      {
        what: `${perSecond.toLocaleString('en')} reviews a second for ${steadyMs / 1000} s, ${where}`,
        figure: `${shown(usual)}, ${resident} MiB resident`,
        against: `bare fastify over HTTPS, p99 for p99: ${shown(bare)}`,
        ratio: `${(p99(usual) / p99(bare)).toFixed(2)} ×`,
      },
      {
        what: `${tenfold.toLocaleString('en')} reviews a second for ${overloadMs / 1000} s, ${mostConnections.toLocaleString('en')} at a time, ${where}`,
        figure: `${rate(over)}/s answered, ${over.failed} failed, ${over.shed} unread, the slowest ${(percentile(over.milliseconds, 1) / 1000).toFixed(1)} s, ${webhook.residentMiB()[1]} MiB at the most`,
        against: `${perSecond.toLocaleString('en')} a second afterwards: ${shown(after)}`,
        ratio: well === undefined ? 'not well again' : `well within ${((well + spanMs) / 1000).toFixed(1)} s`,
      },
    ]
  } finally {
    for (const { close } of benches) close()
    await registry.close()
  }
}
