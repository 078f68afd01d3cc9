import { execFile } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { version } from '../../../src/commands/version.ts'
import { helm } from '../../chart/helm.ts'
import { chart } from '../../chart/made-files.ts'
import type { KubeObject } from '../../cluster/real/client.ts'
import { type StandingCluster, standingCluster } from '../../cluster/real/standing-cluster.ts'
import { imageLayout } from '../../container-image/built.ts'
import { readLayout } from '../../container-image/layout.ts'
import { oneNodeValues } from '../../container-image/one-node.ts'
import { boxImage } from '../../node/machine/box-image.ts'
import { push } from '../../registries/push.ts'
import { defineReports } from './definitions.ts'
import { deployment } from './objects.ts'

const namespace = 'pullgate-audited'
const shop = 'pullgate-audited-shop'
const name = 'pullgate-audited-audit'
const [metricsPort, pagePort] = [10_452, 10_453]
const inTime = { timeout: 120_000, interval: 500 }

let cluster: StandingCluster
let pageUrl = ''

const kubectl = (...args: readonly string[]): Promise<string> =>
  new Promise(resolve => {
    execFile(cluster.kubectl, ['--kubeconfig', cluster.kubeconfig, ...args], (_, stdout, stderr) =>
      resolve(`${stdout}${stderr}`),
    )
  })

const values = (): object => ({
  fullnameOverride: 'pullgate-audited',
  ...oneNodeValues(cluster),
  // The audit alone.
  replicas: 0,
  webhook: { port: 10_450, namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'nowhere' } } },
  audit: { enabled: true, every: '1h', rate: 100, metricsPort, page: { enabled: true, port: pagePort } },
  config: { registries: { certsDir: ['/etc/certs.d'] } },
})

const pods = (): Promise<readonly KubeObject[]> =>
  cluster.client.list('v1', 'Pod', namespace, 'labelSelector=app.kubernetes.io%2Fcomponent%3Daudit')
const holder = async (): Promise<string> => {
  const lease = await cluster.client.get('coordination.k8s.io/v1', 'Lease', name, namespace)
  return (lease?.['spec'] as { readonly holderIdentity?: string } | undefined)?.holderIdentity ?? ''
}
const logs = (): Promise<string> => kubectl('-n', namespace, 'logs', `deployment/${name}`)

beforeAll(async () => {
  cluster = await standingCluster()
  const { client, machine } = cluster
  const { open } = machine.registries
  await defineReports(client)
  await push({ url: `http://${open}`, repository: 'pullgate/pullgate', tag: version }, await readLayout(imageLayout()))
  await push({ url: `http://${open}`, repository: 'shop/audited', tag: '1' }, boxImage('pullgate-audited'))
  for (const each of [namespace, shop])
    await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: each } })
  for (const [each, image] of [
    ['there', `${open}/shop/audited:1`],
    ['gone', `${open}/shop/audited:2`],
  ] as const) {
    const { spec, ...rest } = deployment(shop, each, image)
    await client.apply({ ...rest, spec: { ...(spec as object), replicas: 0 } } as KubeObject)
  }
  const data = { 'hosts.toml': `server = "http://${open}"\n` }
  await client.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'certs-d', namespace }, data })
  const args = ['install', 'pullgate', chart, '--namespace', namespace, '--wait', '--timeout', '120s', '-f', '-']
  const { code, stderr } = await helm(args, { KUBECONFIG: cluster.kubeconfig }, JSON.stringify(values()))
  if (code !== 0) throw new Error(`${stderr}\n${await kubectl('-n', namespace, 'describe', 'pods')}\n${await logs()}`)
  const [pod] = await pods()
  const status = pod?.['status'] as { readonly hostIP: string } | undefined
  pageUrl = `http://${status?.hostIP}:${pagePort}`
})

afterAll(async () => {
  await helm(['uninstall', 'pullgate', '--namespace', namespace], { KUBECONFIG: cluster.kubeconfig })
  for (const each of [namespace, shop])
    await cluster.client.remove({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: each } })
})

test('the audit that the chart installs takes the lease', async () => {
  // In the node's network a pod has the node's name.
  await expect.poll(holder, inTime).toMatch(/^\S+-[0-9a-f]{8}$/)
})

test('it writes reports of both kinds of what its node could not pull again, and notes it at the owner', async () => {
  const results = async (apiVersion: string, kind: string): Promise<unknown> =>
    (await cluster.client.get(apiVersion, kind, 'pullgate', shop))?.['results']
  const gone = [{ rule: 'not-found', result: 'fail', resources: [{ kind: 'Deployment', name: 'gone' }] }]
  await expect.poll(() => results('wgpolicyk8s.io/v1alpha2', 'PolicyReport'), inTime).toMatchObject(gone)
  await expect.poll(() => results('openreports.io/v1alpha1', 'Report'), inTime).toMatchObject(gone)
  const events = async () => (await cluster.client.list('v1', 'Event', shop)).map(event => event['reason'])
  await expect.poll(events, inTime).toContain('ImageNotPullable')
})

// That nothing is refused to it is held against the API server's own log, where nobody else makes and removes namespaces.
test('it leaves nothing out', async () => {
  const told = async (): Promise<{ readonly gaps?: readonly string[] }> =>
    (await fetch(`${pageUrl}/report.json`)).json() as Promise<{ readonly gaps?: readonly string[] }>
  await expect.poll(async () => (await told()).gaps, inTime).toBeUndefined()
})

test('its page and its metrics are served, to nobody by a name that is not ours', async () => {
  const page = await (await fetch(pageUrl)).text()
  expect(page).toContain('shop/audited:2')
  const metrics = await (await fetch(pageUrl.replace(`${pagePort}`, `${metricsPort}`).concat('/metrics'))).text()
  expect(metrics).toContain(`pullgate_audit_findings{code="not-found",namespace="${shop}"} 1`)
  expect(metrics).toMatch(/^pullgate_audit_namespaces_done [1-9]/m)
})

test('it begins again where it had come to, and says on its page what it did not look at itself', async () => {
  const before = await holder()
  const report = (): Promise<KubeObject | undefined> =>
    cluster.client.get('wgpolicyk8s.io/v1alpha2', 'PolicyReport', 'pullgate', shop)
  const version = async () => (await report())?.metadata.resourceVersion
  const kept = await version()
  // There is one node, and each of its ports once: a new pod has no room beside the old one.
  await kubectl('-n', namespace, 'scale', `deployment/${name}`, '--replicas=0')
  await expect.poll(async () => (await pods()).length, inTime).toBe(0)
  expect(await holder()).toBe('')
  await kubectl('-n', namespace, 'scale', `deployment/${name}`, '--replicas=1')
  await expect.poll(async () => ['', before].includes(await holder()), inTime).toBe(false)
  const told = async (): Promise<unknown> => (await fetch(`${pageUrl}/report.json`).catch(() => undefined))?.json()
  await expect.poll(told, inTime).toMatchObject({
    outcome: 'fail',
    findings: expect.arrayContaining([expect.objectContaining({ code: 'not-found', pods: 0 })]),
    gaps: expect.arrayContaining([expect.stringMatching(/were looked at since this replica began\. .*1 not-found/)]),
  })
  expect(await version()).toBe(kept)
})
