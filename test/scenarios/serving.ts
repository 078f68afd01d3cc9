import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { request } from 'undici'
import type { ClusterAccess } from '../cluster/real/access.ts'
import type { KubeObject } from '../cluster/real/client.ts'
import type { Folder } from '../cluster/real/folder.ts'
import { freePort } from '../cluster/real/free-port.ts'
import { type Part, startPart } from '../cluster/real/part.ts'
import { statusOf } from '../cluster/real/status-of.ts'
import { chartHooks, chartRights, type HookRule } from './chart-objects.ts'
import { pullgateMain } from './run-program.ts'

/** What is served, and for whom. */
export interface ServingOptions {
  /** Of what it puts into the cluster, and of the namespace that is its own. */
  readonly name: string
  /** More kinds that the webhook is asked about, as the chart writes its rules. */
  readonly moreRules?: readonly HookRule[]
}

/** A real `pullgate serve`, registered in a cluster. */
export interface Serving {
  /** Registers the webhook anew. */
  readonly register: (failurePolicy: 'Ignore' | 'Fail') => Promise<void>
  readonly start: () => Promise<void>
  readonly stop: (signal?: 'SIGTERM' | 'SIGKILL') => Promise<void>
  /** How many reviews have come in since it was started. */
  readonly reviews: () => Promise<number>
  readonly close: () => Promise<void>
}

const startMs = 30_000

/** The label of the namespaces that a webhook of these tests is asked about; its value is the name. */
export const stageLabel = 'pullgate.test/stage'

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
  { name, moreRules = [] }: ServingOptions,
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
    namespaceSelector: { ...hook.namespaceSelector, matchLabels: { [stageLabel]: name } },
  })),
})

const reviewsIn = (metrics: string): number =>
  [...metrics.matchAll(/^pullgate_reviews_total\{[^}]*\} (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0)

/** Starts it with the chart's rights, and registers it as the chart does. */
export const openServing = async (
  cluster: ClusterAccess,
  options: ServingOptions,
  folder: Folder,
  configuration: string,
): Promise<Serving> => {
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
  const register: Serving['register'] = async failurePolicy =>
    void (await cluster.client.apply(registrationOf(cluster, options, port, failurePolicy)))
  await register('Ignore')
  return {
    ...{ start, register },
    stop: async (signal = 'SIGKILL') => part?.end(signal),
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
