import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type EmbeddedRegistry, startRegistry } from '../../src/demo/registry.ts'
import { type Cluster, startCluster } from '../cluster/real/cluster.ts'
import { type Folder, makeFolder } from '../cluster/real/folder.ts'
import { freePort } from '../cluster/real/free-port.ts'
import { post } from '../commands/ask-webhook.ts'
import { writeProgram } from '../credentials/programs.ts'
import { deploymentWith, reviewOf } from '../support/reviews.ts'
import { runContainer } from './container.ts'
import { helm, type Rendered } from './helm.ts'
import { chart } from './made-files.ts'

const namespace = 'pullgate-system'
const username = `system:serviceaccount:${namespace}:pullgate`

let cluster: Cluster
let folder: Folder
let registry: EmbeddedRegistry

const provider = (host: string): object => ({
  ...{ name: 'shown', matchImages: [host], defaultCacheDuration: '0s' },
  apiVersion: 'credentialprovider.kubelet.k8s.io/v1',
  tokenAttributes: { serviceAccountTokenAudience: 'a', cacheType: 'Token', requireServiceAccount: true },
})

const auditLog = (): string => join(folder.path, 'audit.log')

const startLogged = async (): Promise<Cluster> => {
  const policy = join(folder.path, 'audit-policy.json')
  const rules = [{ level: 'Metadata', users: [username] }, { level: 'None' }]
  await writeFile(policy, JSON.stringify({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules }))
  const flags = [`--audit-policy-file=${policy}`, `--audit-log-path=${auditLog()}`, '--audit-log-mode=blocking']
  return startCluster(
    { parts: ['etcd', 'kube-apiserver'], flags: { 'kube-apiserver': flags } },
    AbortSignal.timeout(60_000),
  )
}

beforeAll(async () => {
  folder = await makeFolder('rights')
  registry = await startRegistry({
    intercept: (_, response) => {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="shop"' }).end()
      return true
    },
  })
  cluster = await startLogged()
  const { client } = cluster
  for (const [name, labels] of [
    [namespace, {}],
    ['shop', { 'pullgate.dev/mode': 'audit' }],
  ] as const) {
    await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } })
    await client.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } })
  }
  const file = join(folder.path, 'providers.json')
  const config = { kind: 'CredentialProviderConfig', providers: [provider(registry.host)] }
  await writeFile(file, JSON.stringify({ apiVersion: 'kubelet.config.k8s.io/v1', ...config }))
  await writeProgram(folder.path, 'shown', 'cat > /dev/null; exit 1')
  const values = {
    rbac: { accountTokens: true },
    config: {
      credentials: { providers: { config: file, binDir: folder.path } },
      registries: { allowAddresses: ['127.0.0.0/8'] },
      serve: { drainSeconds: 0 },
    },
  }
  const argv = ['install', 'pullgate', chart, '--namespace', namespace, '-f', '-']
  const ended = await helm(argv, { KUBECONFIG: cluster.kubeconfig }, JSON.stringify(values))
  if (ended.code !== 0) throw new Error(ended.stderr)
})

afterAll(async () => {
  await cluster?.close()
  await registry?.close()
  await folder?.clear(false)
})

// What the account may touch by its name.
const own = ['pullgate', 'pullgate-ca']

/** What the account was let do, and what not, as the API server took it down: `get secrets. pullgate-ca`, as a rule says it. */
const noted = async (): Promise<{ readonly let: readonly string[]; readonly kept: readonly string[] }> => {
  const lines = (await readFile(auditLog(), 'utf8')).trimEnd().split('\n')
  const events = lines
    .map((line): Rendered => JSON.parse(line))
    .filter(({ user, objectRef }) => user.username === username && objectRef !== undefined)
    .filter(({ objectRef }) => objectRef.apiGroup !== 'authorization.k8s.io')
  const deedOf = ({ verb, objectRef: { resource, subresource, apiGroup = '', name = '' } }: Rendered): string => {
    const whole = subresource === undefined ? resource : `${resource}/${subresource}`
    return `${verb} ${whole}.${apiGroup} ${own.includes(name) ? name : ''}`
  }
  const deeds = (isRefused: boolean): readonly string[] => [
    ...new Set(events.filter(({ responseStatus }) => (responseStatus?.code === 403) === isRefused).map(deedOf)),
  ]
  return { let: deeds(false), kept: deeds(true) }
}

/** What its roles grant. */
const granted = async (): Promise<readonly string[]> => {
  const rbac = 'rbac.authorization.k8s.io/v1'
  const roles = [
    await cluster.client.get(rbac, 'ClusterRole', 'pullgate'),
    await cluster.client.get(rbac, 'Role', 'pullgate', namespace),
  ] as readonly Rendered[]
  const deeds = roles.flatMap(({ rules }) =>
    rules.flatMap(({ apiGroups, resources, verbs, resourceNames = [''] }: Rendered) =>
      verbs.flatMap((verb: string) =>
        resources.map((each: string) => `${verb} ${each}.${apiGroups[0]} ${resourceNames}`),
      ),
    ),
  )
  return deeds.toSorted()
}

// An Event that recurs is patched after a minute: test/cluster/writing.test.ts.
const later = ['patch events. ']

const template = (more: object): object => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'web', image: `${registry.host}/shop/web:1` }], ...more },
})

it('the account of the webhook uses what it is granted, and wants nothing else', async () => {
  const [port, metricsPort] = [await freePort(), await freePort()]
  const replica = await runContainer(cluster, namespace, {
    '$(POD_IP)': '127.0.0.1',
    '--port=10250': `--port=${port}`,
    [`--name=pullgate.${namespace}.svc`]: '--name=127.0.0.1',
    '--metrics-port=8080': `--metrics-port=${metricsPort}`,
  })
  const registration: Rendered = await cluster.client.get(
    'admissionregistration.k8s.io/v1',
    'ValidatingWebhookConfiguration',
    'pullgate',
  )
  const caPem = Buffer.from(registration.webhooks[0].clientConfig.caBundle, 'base64').toString()
  const ask = (object: object, more: object = {}) =>
    post({ url: `https://127.0.0.1:${port}`, caPem }, JSON.stringify(reviewOf(object, { ...more })))
  const spec = { template: template({ imagePullSecrets: [{ name: 'mine' }] }) }
  expect((await ask(deploymentWith('', { spec }))).status).toBe(200)
  expect((await ask(deploymentWith('No Image'))).status).toBe(200)
  expect((await ask(deploymentWith(`${registry.host}/shop/web:1`))).status).toBe(200)
  expect((await ask(deploymentWith('No Image'), { namespace: 'made-a-moment-ago' })).status).toBe(200)
  const used = async () => [...(await noted()).let, ...later].toSorted()
  await expect.poll(used, { timeout: 20_000 }).toEqual(await granted())
  expect((await noted()).kept).toEqual([])
  await replica.end()
})
