import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ClusterAccess } from '../../cluster/real/access.ts'
import { home, port, registrationName, secretName, serverName } from './installation.ts'

/** A replica of the webhook, in a process of its own. */
export interface Replica {
  readonly address: string
  /** Everything that it wrote. */
  readonly log: () => string
  readonly metric: (series: string) => Promise<number>
  readonly isReady: () => Promise<boolean>
  /** Lets it answer nothing any more, without a word: as if its node had died. */
  readonly freeze: () => void
  /** Asks it to end, and gives its exit code and how long it took. */
  readonly stop: (signal?: 'SIGTERM' | 'SIGKILL') => Promise<{ readonly code: number | null; readonly tookMs: number }>
}

const main = join(import.meta.dirname, '../../../src/main.ts')
const metricsPort = 8080

const arguments_ = (address: string, config: string): readonly string[] => [
  ...['serve', '--config', config, '--context', 'real', '--host', address, '--port', `${port}`],
  ...['--metrics-port', `${metricsPort}`, '--name', serverName, '--name', address],
  ...['--ca-secret', `${home}/${secretName}`, '--webhook-configuration', registrationName],
]

const untilSaid = async (child: ChildProcess, words: string, log: () => string): Promise<void> => {
  const ended = once(child, 'exit').then(() => 'ended')
  while (!log().includes(words)) {
    const said = Promise.race([once(child.stdout ?? child, 'data'), once(child.stderr ?? child, 'data')])
    if ((await Promise.race([said, ended])) === 'ended') throw new Error(`the replica ended:\n${log()}`)
  }
}

/** Starts a replica on an address; it is ready when this is over. */
export const startReplica = async (
  cluster: ClusterAccess,
  address: string,
  configuration: object,
): Promise<Replica> => {
  const config = join(cluster.folder, `${address}.yaml`)
  await writeFile(config, JSON.stringify(configuration))
  const { path } = await cluster.accountKubeconfig(home, 'pullgate')
  const child = spawn(process.execPath, [main, ...arguments_(address, config)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // What one has compiled the next one need not: many are started, beside much else.
    env: { ...process.env, KUBECONFIG: path, NODE_COMPILE_CACHE: join(cluster.folder, 'compiled') },
  })
  const said: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk.toString()))
  const log = (): string => said.join('')
  await untilSaid(child, 'pullgate serves', log)
  const get = (path: string) => fetch(`http://${address}:${metricsPort}${path}`)
  return {
    ...{ address, log },
    isReady: async () => (await get('/readyz')).ok,
    metric: async series => {
      const lines = (await (await get('/metrics')).text()).split('\n')
      return Number(lines.find(line => line.startsWith(`${series} `))?.slice(series.length + 1))
    },
    freeze: () => void child.kill('SIGSTOP'),
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode !== null || child.signalCode !== null) return { code: child.exitCode, tookMs: 0 }
      const began = performance.now()
      const exit = once(child, 'exit')
      child.kill(signal)
      const [code] = (await exit) as [number | null]
      return { code, tookMs: performance.now() - began }
    },
  }
}
