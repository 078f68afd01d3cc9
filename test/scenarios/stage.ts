import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ClusterAccess } from '../cluster/real/access.ts'
import type { KubeObject } from '../cluster/real/client.ts'
import { makeFolder } from '../cluster/real/folder.ts'
import { standingCluster } from '../cluster/real/standing-cluster.ts'
import { type Hosts, openHosts } from './hosts.ts'
import { type Ended, pullgateMain, runProgram } from './run-program.ts'
import { openServing, type Serving, type ServingOptions, stageLabel } from './serving.ts'

/** What a stage is set with. */
export interface StageOptions extends ServingOptions {
  /** Over the configuration's own keys. */
  readonly configuration?: Readonly<Record<string, unknown>>
}

/** A real API server with `pullgate serve` as its webhook, and registries. */
export interface Stage {
  readonly cluster: ClusterAccess
  readonly folder: string
  readonly hosts: Hosts
  readonly serving: Serving
  /** Runs kubectl as the admin, in the stage's folder. */
  readonly kubectl: (args: readonly string[], input?: string) => Promise<Ended>
  /** Runs `pullgate` in the stage's folder, with the stage's configuration. */
  readonly pullgate: (...args: readonly string[]) => Promise<Ended>
  /** Makes a namespace that the webhook is asked about, with more labels. */
  readonly openNamespace: (name: string, labels?: Readonly<Record<string, string>>) => Promise<void>
  readonly close: () => Promise<void>
}

const shownMs = 30_000

const writeConfiguration = async (folder: string, certsD: string, more: object = {}): Promise<string> => {
  const path = join(folder, 'pullgate.yaml')
  const registries = { certsDir: [certsD], allowAddresses: ['127.0.0.0/8'] }
  // YAML reads JSON.
  await writeFile(path, JSON.stringify({ registries, ...more }))
  return path
}

const malformed = (namespace: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'seen-yet', namespace },
  spec: { containers: [{ name: 'app', image: 'No:Image:' }] },
})

const pauseMs = 100

/** The API server reads of a new webhook a moment later. */
const awaitWebhook = async ({ client }: ClusterAccess, namespace: string): Promise<void> => {
  const lateAt = performance.now() + shownMs
  while ((await client.create(malformed(namespace), true)).status !== 403) {
    if (performance.now() > lateAt) throw new Error('the API server does not ask the webhook')
    await new Promise(resolve => setTimeout(resolve, pauseMs))
  }
}

/** Sets a stage up in the standing cluster. */
export const openStage = async (options: StageOptions): Promise<Stage> => {
  const { name } = options
  const cluster = await standingCluster()
  const folder = await makeFolder(name)
  const hosts = await openHosts(folder.path)
  const configuration = await writeConfiguration(folder.path, hosts.certsD, options.configuration)
  await mkdir(join(folder.path, 'cache'))
  const environment = { KUBECONFIG: cluster.kubeconfig, KUBECACHEDIR: join(folder.path, 'cache') }
  const running = { folder: folder.path, environment }
  const namespaces: string[] = []
  const { client } = cluster

  const openNamespace: Stage['openNamespace'] = async (namespace, labels = {}) => {
    namespaces.push(namespace)
    await client.apply({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace, labels: { [stageLabel]: name, ...labels } },
    })
    await client.until('v1', 'ServiceAccount', 'default', namespace, () => true, shownMs)
  }
  const serving = await openServing(cluster, options, folder, configuration)
  await openNamespace(`${name}-first`)
  await awaitWebhook(cluster, `${name}-first`)
  return {
    cluster,
    folder: folder.path,
    hosts,
    serving,
    kubectl: (args, input) =>
      runProgram(cluster.kubectl, args, { ...running, ...(input === undefined ? {} : { input }) }),
    pullgate: (command = '', ...args) =>
      runProgram(process.execPath, [pullgateMain, command, '--config', configuration, ...args], running),
    openNamespace,
    close: async () => {
      await serving.close()
      for (const each of namespaces)
        await client.remove({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: each } })
      await hosts.close()
      await client.close()
      await folder.clear(true)
    },
  }
}
