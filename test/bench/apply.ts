import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { multiArchImage } from '../../src/demo/images.ts'
import { startRegistry } from '../../src/demo/registry.ts'
import { pathOf } from '../cluster/real/built.ts'
import type { KubeObject } from '../cluster/real/client.ts'
import { type Cluster, startCluster } from '../cluster/real/cluster.ts'
import { type ServerAt, startChild } from './child.ts'
import { median, type Row } from './table.ts'

const pairs = 25
// The API server reads a registration with a delay.
const inForceMs = 20_000
const hook = 'apiserver_admission_webhook_admission_duration_seconds'
const what = `kubectl apply of a pod to a real API server, ${pairs} times, its image known`

const run = promisify(execFile)

const registration = (url: string, ca: string): KubeObject => ({
  ...{ apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration' },
  metadata: { name: 'pullgate' },
  webhooks: [
    {
      name: 'pods.pullgate.dev',
      clientConfig: { url: `${url}/validate`, caBundle: Buffer.from(ca).toString('base64') },
      rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'with' } },
      ...{ failurePolicy: 'Fail', sideEffects: 'None', admissionReviewVersions: ['v1'], timeoutSeconds: 10 },
    },
  ],
})

const pod = (name: string, namespace: string, image: string): KubeObject => ({
  ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace } },
  spec: { containers: [{ name: 'web', image }] },
})

const untilInForce = async ({ client }: Cluster, image: string): Promise<void> => {
  const end = performance.now() + inForceMs
  while ((await client.create(pod('first', 'with', image), true)).status !== 403)
    if (performance.now() > end) throw new Error('the API server does not ask the webhook')
}

const applied = async ({ kubectl, kubeconfig, folder }: Cluster, object: KubeObject): Promise<number> => {
  const file = join(folder, 'pod.json')
  await writeFile(file, JSON.stringify(object))
  const began = performance.now()
  await run(kubectl, ['--kubeconfig', kubeconfig, 'apply', '-f', file])
  return performance.now() - began
}

/** How long the API server says that it has waited for the hook, for each time that it asked. */
const waitedMs = async ({ client }: Cluster): Promise<string> => {
  const lines = String((await client.request('GET', '/metrics')).body).split('\n')
  const value = (name: string): number =>
    Number(
      lines
        .find(line => line.startsWith(`${hook}_${name}{`) && line.includes('pods.pullgate.dev'))
        ?.split(' ')
        .at(-1),
    )
  return ((value('sum') * 1000) / value('count')).toFixed(1)
}

const measured = async (cluster: Cluster, image: string): Promise<Row> => {
  const [withHook, without]: [number[], number[]] = [[], []]
  for (let round = 0; round < pairs; round++) {
    withHook.push(await applied(cluster, pod(`web-${round}`, 'with', image)))
    without.push(await applied(cluster, pod(`web-${round}`, 'without', image)))
  }
  return {
    what,
    figure: `${median(withHook).toFixed(0)} ms; the API server waited ${await waitedMs(cluster)} ms for the hook on average`,
    against: `in a namespace without the hook: ${median(without).toFixed(0)} ms`,
    ratio: `${(median(withHook) / median(without)).toFixed(2)} ×`,
  }
}

const isBuilt = (): boolean => {
  try {
    return pathOf('kubectl') !== ''
  } catch {
    return false
  }
}

/** What somebody at kubectl notices of the hook, where a Kubernetes has been built. */
export const applyRow = async (): Promise<Row> => {
  if (!isBuilt())
    return { what, figure: 'not measured', against: 'wants the Kubernetes of test/cluster/real/setup', ratio: '-' }
  const registry = await startRegistry()
  registry.put('shop/web', '1.0', multiArchImage(['linux/amd64']))
  const { child, told } = await startChild<ServerAt>('webhook.ts')
  const cluster = await startCluster({ parts: ['etcd', 'kube-apiserver'] }, AbortSignal.timeout(90_000))
  try {
    for (const name of ['with', 'without']) {
      await cluster.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
      const metadata = { name: 'default', namespace: name }
      await cluster.client.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata })
    }
    await cluster.client.apply(registration(told.url, told.ca))
    await untilInForce(cluster, `${registry.host}/Shop/web:1`)
    return await measured(cluster, `${registry.host}/shop/web:1.0`)
  } finally {
    child.kill()
    await cluster.close()
    await registry.close()
  }
}
