import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { request } from 'undici'
import type { ClusterAccess } from '../cluster/real/access.ts'
import type { KubeObject } from '../cluster/real/client.ts'
import { type Folder, makeFolder } from '../cluster/real/folder.ts'
import { freePort } from '../cluster/real/free-port.ts'
import { type Part, startPart } from '../cluster/real/part.ts'
import { standingCluster } from '../cluster/real/standing-cluster.ts'
import { statusOf } from '../cluster/real/status-of.ts'
import { chartHooks, chartRights, type HookRule } from './chart-objects.ts'
import { type Hosts, openHosts } from './hosts.ts'
import { type Ended, pullgateMain, runProgram } from './run-program.ts'

/** What a stage is set with. */
export interface StageOptions {
  /** Of the stage, and of what it puts into the cluster. */
  readonly name: string
  /** Over the configuration's own keys. */
  readonly configuration?: Readonly<Record<string, unknown>>
  /** More kinds that the webhook is asked about, as the chart writes its rules. */
  readonly moreRules?: readonly HookRule[]
  /** Whether `pullgate serve` is started and registered. */
  readonly serves?: boolean
}

/** A real API server with `pullgate serve` as its webhook, and registries. */
export interface Stage {
  readonly cluster: ClusterAccess
  readonly folder: string
  readonly hosts: Hosts
  /** Runs kubectl as the admin, in the stage's folder. */
  readonly kubectl: (args: readonly string[], input?: string) => Promise<Ended>
  /** Runs `pullgate` in the stage's folder, with the stage's configuration. */
  readonly pullgate: (...args: readonly string[]) => Promise<Ended>
  /** Makes a namespace that the webhook is asked about, with more labels. */
  readonly openNamespace: (name: string, labels?: Readonly<Record<string, string>>) => Promise<void>
  /** How many reviews have come in so far. */
  readonly reviews: () => Promise<number>
  /** Registers the webhook anew. */
  readonly register: (failurePolicy: 'Ignore' | 'Fail') => Promise<void>
  readonly startServing: () => Promise<void>
  readonly stopServing: (signal?: 'SIGTERM' | 'SIGKILL') => Promise<void>
  readonly close: () => Promise<void>
}

const startMs = 30_000
const shownMs = 30_000

/** The label of the namespaces that a stage's webhook is asked about. */
const label = 'pullgate.test/stage'

const writeConfiguration = async (folder: string, certsD: string, more: object = {}): Promise<string> => {
  const path = join(folder, 'pullgate.yaml')
  const registries = { certsDir: [certsD], allowAddresses: ['127.0.0.0/8'] }
  // YAML reads JSON.
  await writeFile(path, JSON.stringify({ registries, ...more }))
  return path
}

const giveRights = async ({ client }: ClusterAccess, name: string): Promise<void> => {
  const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name } }
  await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  await client.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'pullgate', namespace: name } })
  await client.apply({ ...rbac, kind: 'ClusterRole', rules: chartRights() })
  await client.apply({
    ...rbac,
    kind: 'ClusterRoleBinding',
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', name: 'pullgate', namespace: name }],
  })
}

/** As the chart registers it for a release in a namespace, for the namespaces of the stage alone. */
const registrationOf = (
  { ca }: ClusterAccess,
  { name, moreRules = [] }: StageOptions,
  port: number,
  failurePolicy: 'Ignore' | 'Fail',
): KubeObject => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name },
  webhooks: chartHooks(name).map(hook => ({
    ...hook,
    failurePolicy,
    rules: hook.name.startsWith('pods') ? hook.rules : [...hook.rules, ...moreRules],
    clientConfig: { url: `https://127.0.0.1:${port}/validate`, caBundle: Buffer.from(ca).toString('base64') },
    namespaceSelector: { ...hook.namespaceSelector, matchLabels: { [label]: name } },
  })),
})

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

const reviewsIn = (metrics: string): number =>
  [...metrics.matchAll(/^pullgate_reviews_total\{[^}]*\} (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0)

const openServing = async (cluster: ClusterAccess, options: StageOptions, folder: Folder, configuration: string) => {
  const { name } = options
  await giveRights(cluster, name)
  const { path: kubeconfig } = await cluster.accountKubeconfig(name, 'pullgate')
  const [port, metricsPort] = [await freePort(), await freePort()]
  const { cert, key } = await cluster.serverCertificate(['127.0.0.1'])
  const [certFile, keyFile] = [join(folder.path, 'cert.pem'), join(folder.path, 'key.pem')]
  await writeFile(certFile, cert)
  await writeFile(keyFile, key)
  const metrics = `http://127.0.0.1:${metricsPort}`
  const flags = ['--config', configuration, '--port', String(port), '--metrics-port', String(metricsPort)]
  const files = ['--cert-file', certFile, '--key-file', keyFile]
  let part: Part | undefined

  const start = async (): Promise<void> => {
    part = await startPart(
      {
        name: `pullgate ${name}`,
        path: process.execPath,
        args: [pullgateMain, 'serve', '--context', 'real', ...flags, ...files],
        environment: { KUBECONFIG: kubeconfig },
        logFile: join(folder.logs, 'pullgate.log'),
        isReady: async () => (await statusOf(`${metrics}/readyz`)) === 200,
      },
      AbortSignal.timeout(startMs),
    )
  }
  await start()
  const register: Stage['register'] = async failurePolicy =>
    void (await cluster.client.apply(registrationOf(cluster, options, port, failurePolicy)))
  await register('Ignore')
  return {
    ...{ start, register },
    stop: async (signal: 'SIGTERM' | 'SIGKILL' = 'SIGKILL') => part?.end(signal),
    reviews: async () => reviewsIn(await (await request(`${metrics}/metrics`)).body.text()),
    close: async () => {
      const { client } = cluster
      const names = [
        { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration', metadata: { name } },
        { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', metadata: { name } },
        { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name } },
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
      ]
      for (const object of names) await client.remove(object)
      await part?.end('SIGKILL')
    },
  }
}

/** Sets a stage up in the standing cluster. */
export const openStage = async (options: StageOptions): Promise<Stage> => {
  const { name, serves = true } = options
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
      metadata: { name: namespace, labels: { [label]: name, ...labels } },
    })
    await client.until('v1', 'ServiceAccount', 'default', namespace, () => true, shownMs)
  }
  const serving = serves ? await openServing(cluster, options, folder, configuration) : undefined
  if (serving !== undefined) {
    await openNamespace(`${name}-first`)
    await awaitWebhook(cluster, `${name}-first`)
  }
  return {
    cluster,
    folder: folder.path,
    hosts,
    kubectl: (args, input) =>
      runProgram(cluster.kubectl, args, { ...running, ...(input === undefined ? {} : { input }) }),
    pullgate: (command = '', ...args) =>
      runProgram(process.execPath, [pullgateMain, command, '--config', configuration, ...args], running),
    openNamespace,
    reviews: async () => (await serving?.reviews()) ?? 0,
    register: async failurePolicy => serving?.register(failurePolicy),
    startServing: async () => serving?.start(),
    stopServing: async signal => serving?.stop(signal),
    close: async () => {
      await serving?.close()
      for (const each of namespaces)
        await client.remove({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: each } })
      await hosts.close()
      await client.close()
      await folder.clear(true)
    },
  }
}
