import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cluster } from '../cluster/real/cluster.ts'
import type { Rendered } from './helm.ts'

/** What runs in the place of a container. */
export interface Container {
  readonly log: () => string
  readonly end: () => Promise<void>
}

const main = join(import.meta.dirname, '../../src/main.ts')

/**
 * Runs what the Deployment of the webhook would run, on this machine: with its arguments, its account and its configuration. `places`
 * are texts in the arguments that mean something else here.
 */
export const runContainer = async (
  cluster: Cluster,
  namespace: string,
  places: Readonly<Record<string, string>>,
): Promise<Container> => {
  const { client, folder } = cluster
  const deployment: Rendered = await client.get('apps/v1', 'Deployment', 'pullgate', namespace)
  const config: Rendered = await client.get('v1', 'ConfigMap', 'pullgate', namespace)
  const { serviceAccountName, containers } = deployment.spec.template.spec
  const at = join(folder, 'container')
  await mkdir(at)
  await writeFile(join(at, 'pullgate.yaml'), config.data['pullgate.yaml'])
  const argv = containers[0].args.map((arg: string) =>
    Object.entries({ '/etc/pullgate-config': at, ...places }).reduce((text, [from, to]) => text.replace(from, to), arg),
  )
  const { path } = await cluster.accountKubeconfig(namespace, serviceAccountName)
  const env = { PATH: process.env['PATH'], HOME: at, KUBECONFIG: path }
  const child: ChildProcess = spawn(process.execPath, [main, ...argv, '--context=real'], { env })
  const said: string[] = []
  const ended = once(child, 'exit').then(() => 'ended')
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', chunk => said.push(`${chunk}`))
  const log = (): string => said.join('')
  while (!log().includes('pullgate serves'))
    if ((await Promise.race([once(child.stdout ?? child, 'data'), ended])) === 'ended') throw new Error(log())
  return {
    log,
    end: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}
