import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { singleImage } from '../../../src/demo/images.ts'
import { type EmbeddedRegistry, startRegistry } from '../../../src/demo/registry.ts'
import { helm } from '../../chart/helm.ts'
import { chart } from '../../chart/made-files.ts'
import { type Cluster, startCluster } from '../../cluster/real/cluster.ts'
import { startAudit } from '../process.ts'
import { defineReports } from './definitions.ts'
import { deployment, makeNode } from './objects.ts'

const home = 'pullgate-rights'
const account = 'pullgate-rights-audit'
const user = `system:serviceaccount:${home}:${account}`

let cluster: Cluster
let registry: EmbeddedRegistry
let folder: string
const log = (): string => join(folder, 'audit.log')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pullgate-rights-'))
  const policy = {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    rules: [{ level: 'Metadata', users: [user] }, { level: 'None' }],
  }
  await writeFile(join(folder, 'policy.json'), JSON.stringify(policy))
  const flags = [`--audit-policy-file=${join(folder, 'policy.json')}`, `--audit-log-path=${log()}`]
  registry = await startRegistry()
  registry.put('shop/web', '1', singleImage('linux/amd64'))
  cluster = await startCluster(
    { parts: ['etcd', 'kube-apiserver'], flags: { 'kube-apiserver': flags } },
    AbortSignal.timeout(110_000),
  )
  const { client } = cluster
  await makeNode(client, 'node-1', 'amd64')
  await defineReports(client)
  for (const name of [home, 'shop']) await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  const keyed = { imagePullSecrets: [{ name: 'key' }] }
  await client.apply(deployment('shop', 'web', `${registry.host}/shop/web:1`, keyed))
  await client.apply(deployment('shop', 'gone', `${registry.host}/shop/gone:1`, keyed))
  await client.apply(deployment('shop', 'plain', `${registry.host}/shop/web:1`))
  const values = { fullnameOverride: home, audit: { enabled: true }, config: {} }
  const args = ['install', 'pullgate', chart, '--namespace', home, '-f', '-']
  const { code, stderr } = await helm(args, { KUBECONFIG: cluster.kubeconfig }, JSON.stringify(values))
  if (code !== 0) throw new Error(stderr)
})
afterAll(async () => {
  await cluster?.close()
  await registry?.close()
  await rm(folder, { recursive: true })
})

const inTime = { timeout: 100_000, interval: 500 }

interface Entry {
  readonly stage: string
  readonly verb: string
  readonly objectRef?: { readonly apiGroup?: string; readonly resource: string }
  readonly responseStatus?: { readonly code: number }
}
const entries = async (): Promise<readonly Entry[]> =>
  (await readFile(log(), 'utf8').catch(() => ''))
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Entry)
const nameOf = (verb: string, group: string, resource: string): string =>
  `${verb} ${resource}${group === '' ? '' : `.${group}`}`

interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly verbs: readonly string[]
}
const granted = async (): Promise<ReadonlySet<string>> => {
  const roles = [
    await cluster.client.get('rbac.authorization.k8s.io/v1', 'ClusterRole', account),
    await cluster.client.get('rbac.authorization.k8s.io/v1', 'Role', account, home),
  ]
  const rules = roles.flatMap(role => (role?.['rules'] ?? []) as readonly Rule[])
  return new Set(
    rules.flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap(group => resources.flatMap(each => verbs.map(verb => nameOf(verb, group, each)))),
    ),
  )
}

// What this cluster gives no occasion for.
const onlyElsewhere = [
  // Kinds of operators that are not installed, and reports on kinds that are in no namespace.
  /^list (?!pods|replicationcontrollers|\w+\.(apps|batch)$)/,
  /^\w+ cluster(policy)?reports\./,
  // What is told of the same object once more, ten minutes later.
  /^patch events$/,
  // Of a namespace that has nothing any more, while something else cannot be listed.
  /^get namespaces$/,
]

test('the chart gives the audit the rights that it uses, and no others', async () => {
  const { path } = await cluster.accountKubeconfig(home, account)
  const running = startAudit({
    kubeconfig: path,
    folder,
    args: ['--every', '20s', '--keep-at', `${home}/${account}`, '--rate', '1000', '--allow-address', '127.0.0.0/8'],
  })
  const answered = async (): Promise<readonly Entry[]> =>
    (await entries()).filter(({ stage, objectRef }) => stage === 'ResponseComplete' && objectRef !== undefined)
  const used = async (): Promise<ReadonlySet<string>> =>
    new Set(
      (await answered()).map(({ verb, objectRef }) =>
        nameOf(verb, objectRef?.apiGroup ?? '', objectRef?.resource ?? ''),
      ),
    )
  await expect.poll(async () => [...(await used())], inTime).toContain('update policyreports.wgpolicyk8s.io')
  // What was reported on is gone with the last workload.
  for (const name of ['web', 'gone', 'plain'])
    await cluster.client.remove({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: 'shop' } })
  await expect.poll(async () => [...(await used())], inTime).toContain('delete reports.openreports.io')
  running.stop('SIGTERM')
  const { code, stderr } = await running.end
  expect({ code, refused: /forbidden|cannot/.exec(stderr)?.[0] }).toEqual({ code: 0, refused: undefined })
  const refused = (await answered()).filter(({ responseStatus }) => responseStatus?.code === 403)
  expect(refused).toEqual([])
  const [may, did] = [await granted(), await used()]
  expect([...did].filter(each => !may.has(each))).toEqual([])
  const spare = [...may].filter(each => !did.has(each) && !onlyElsewhere.some(pattern => pattern.test(each)))
  expect(spare).toEqual([])
})
