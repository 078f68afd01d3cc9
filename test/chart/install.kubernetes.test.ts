import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectAs, type KubeObject } from '../cluster/real/client.ts'
import { type Cluster, startCluster } from '../cluster/real/cluster.ts'
import { goldenFile } from './golden.ts'
import { type Ended, helm, objectsIn, objectsOf, type Rendered, theOne } from './helm.ts'
import { chart } from './made-files.ts'
import { type Recorder, startRecorder } from './recorder.ts'

const namespace = 'pullgate-system'
const address = '192.0.2.18'

let cluster: Cluster
let recorder: Recorder

const inCluster = (...args: readonly string[]): Promise<Ended> =>
  helm([...args, '--namespace', namespace], { KUBECONFIG: cluster.kubeconfig })

const withValues = async (values: object, ...args: readonly string[]): Promise<void> => {
  const ended = await helm(
    [...args, '--namespace', namespace, '-f', '-'],
    { KUBECONFIG: cluster.kubeconfig },
    JSON.stringify(values),
  )
  if (ended.code !== 0) throw new Error(ended.stderr)
}

const newNamespace = async (name: string, labels: Readonly<Record<string, string>> = {}): Promise<void> => {
  await cluster.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } })
  // No controller makes it here.
  await cluster.client.apply({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'default', namespace: name },
  })
}

beforeAll(async () => {
  cluster = await startCluster({ parts: ['etcd', 'kube-apiserver'] }, AbortSignal.timeout(60_000))
  recorder = await startRecorder(address, await cluster.serverCertificate([`pullgate.${namespace}.svc`]))
  for (const name of [namespace, 'shop']) await newNamespace(name)
  await cluster.client.apply(games)
  await cluster.client.apply({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'recorder', namespace, labels: { 'kubernetes.io/service-name': 'pullgate' } },
    addressType: 'IPv4',
    ports: [{ name: 'https', port: recorder.port, protocol: 'TCP' }],
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
  })
})

afterAll(async () => {
  await recorder?.close()
  await cluster?.close()
})

const byRecorder = (): object => ({
  certificates: { source: 'files', secretName: 'pullgate-tls', ca: cluster.ca },
  config: { kinds: [{ group: 'example.com', kind: 'Game', templates: ['spec.template'] }] },
})

/** A kind whose objects may have any shape. */
const games: KubeObject = {
  ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
  metadata: { name: 'games.example.com' },
  spec: {
    ...{ group: 'example.com', scope: 'Namespaced', names: { kind: 'Game', plural: 'games' } },
    versions: [
      {
        ...{ name: 'v1', served: true, storage: true },
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
}

describe('what the chart renders', () => {
  // The others are of custom kinds, which this cluster does not have.
  const isBuiltIn = ({ apiVersion }: Rendered): boolean => !/cert-manager|monitoring/.test(apiVersion)

  it.each(['defaults', 'everything', 'files', 'cert-manager'])(
    'is, with the values "%s", what the API server knows, field for field',
    async name => {
      const objects = objectsIn(readFileSync(goldenFile(name), 'utf8')).filter(isBuiltIn)
      expect(objects.length).toBeGreaterThan(6)
      for (const object of objects) {
        const answer = await dryRunStrictly(withDefaultAccount(object))
        expect({ kind: object.kind, ...answer }).toMatchObject({ status: 201, warnings: [] })
      }
    },
  )

  // The pod of `helm test` names an account, which must be there first; nothing is there in a dry run.
  const withDefaultAccount = (object: Rendered): Rendered =>
    object.kind === 'Pod' ? { ...object, spec: { ...object.spec, serviceAccountName: 'default' } } : object

  const dryRunStrictly = (object: KubeObject) => {
    const { apiVersion, kind, metadata } = object
    const plural = `${kind.toLowerCase()}s`.replace(/ys$/, 'ies')
    const within = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`
    const path = `${apiVersion === 'v1' ? '/api' : '/apis'}/${apiVersion}${within}/${plural}`
    return cluster.client.request('POST', `${path}?dryRun=All&fieldValidation=Strict`, object)
  }

  it('is let into a namespace with the restricted standard', async () => {
    await newNamespace('strict', { 'pod-security.kubernetes.io/enforce': 'restricted' })
    const objects = await objectsOf()
    const { spec } = theOne(objects, 'Deployment').spec.template
    const test = theOne(objects, 'Pod').spec
    for (const pod of [spec, test]) {
      const { priorityClassName: _, serviceAccountName: __, ...rest } = pod
      const metadata = { name: 'tried', namespace: 'strict' }
      const { status, body } = await cluster.client.create(
        { apiVersion: 'v1', kind: 'Pod', metadata, spec: rest },
        true,
      )
      expect({ status, body }).toMatchObject({ status: 201 })
    }
  })
})

const template = (image: string) => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'web', image }] },
})

const podOf = (name: string, more: object = {}, spec: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', ...more },
  spec: { containers: [{ name: 'web', image: 'web:1' }], ...spec },
})

const deploymentOf = (name: string, image: string, annotations = {}): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'shop', annotations },
  spec: { replicas: 1, selector: { matchLabels: { app: 'web' } }, template: template(image) },
})

const made = async (object: KubeObject): Promise<void> => {
  const { status, body } = await cluster.client.create(object)
  expect({ status, body }).toMatchObject({ status: 201 })
}

const inCache = async (path: string): Promise<unknown> =>
  (await cluster.client.request('GET', `${path}?resourceVersion=0`)).body

const patch = async (path: string, body: object, type = 'application/strategic-merge-patch+json'): Promise<number> =>
  (await cluster.client.request('PATCH', path, body, type)).status

describe('installed', () => {
  beforeAll(async () => {
    await withValues(byRecorder(), 'install', 'pullgate', chart)
    // The API server takes up a registration within a second or so.
    for (let tries = 0; recorder.asked().length === 0 && tries < 200; tries++)
      await cluster.client.create(podOf('known-yet'), true)
  })
  afterAll(async () => {
    await inCluster('uninstall', 'pullgate')
  })

  it('is asked about what is made, and about updates that change what it is', async () => {
    recorder.asked()
    await made(podOf('web'))
    await made(deploymentOf('web', 'web:1'))
    expect(recorder.asked()).toEqual(['CREATE pods shop/web', 'CREATE deployments shop/web'])
    expect(
      await patch('/api/v1/namespaces/shop/pods/web', { spec: { containers: [{ name: 'web', image: 'web:2' }] } }),
    ).toBe(200)
    await cluster.client.apply(deploymentOf('web', 'web:2'))
    expect(recorder.asked()).toEqual(['UPDATE pods shop/web', 'UPDATE deployments shop/web'])
  })

  it('is not asked about labels, annotations, status, scale and deletion', async () => {
    await made(podOf('labelled', { finalizers: ['example.com/wait'] }))
    await made(deploymentOf('labelled', 'web:1'))
    recorder.asked()
    const [pod, deployment] = [
      '/api/v1/namespaces/shop/pods/labelled',
      '/apis/apps/v1/namespaces/shop/deployments/labelled',
    ]
    const label = { metadata: { labels: { a: 'b' }, annotations: { c: 'd' } } }
    expect(await Promise.all([pod, deployment].map(path => patch(path, label)))).toEqual([200, 200])
    expect(await patch(`${pod}/status`, { status: { phase: 'Running' } })).toBe(200)
    expect(await patch(`${deployment}/scale`, { spec: { replicas: 0 } })).toBe(200)
    await cluster.client.remove(podOf('labelled'))
    expect(await patch(pod, { metadata: { finalizers: null } })).toBe(200)
    await cluster.client.remove(deploymentOf('labelled', ''))
    expect(recorder.asked()).toEqual([])
  })

  it('is not asked about the change of a pod that is leaving', async () => {
    await made(podOf('leaving', { finalizers: ['example.com/wait'] }))
    await cluster.client.remove(podOf('leaving'))
    // An update begins with what the API server's cache has, and asks about that before it sees that it is old.
    await expect
      .poll(() => inCache('/api/v1/namespaces/shop/pods/leaving'))
      .toHaveProperty('metadata.deletionTimestamp')
    recorder.asked()
    const spec = { containers: [{ name: 'web', image: 'web:2' }] }
    expect(await patch('/api/v1/namespaces/shop/pods/leaving', { spec })).toBe(200)
    expect(recorder.asked()).toEqual([])
    // What somebody writes at creation counts for nothing.
    await made(podOf('pretends-to-leave', { deletionTimestamp: '2020-01-01T00:00:00Z', deletionGracePeriodSeconds: 0 }))
    expect(recorder.asked()).toEqual(['CREATE pods shop/pretends-to-leave'])
  })

  it('is asked about ephemeral containers', async () => {
    await made(podOf('debugged'))
    recorder.asked()
    const spec = { ephemeralContainers: [{ name: 'debug', image: 'debug:1' }] }
    const path = '/api/v1/namespaces/shop/pods/debugged/ephemeralcontainers'
    expect(await patch(path, { spec })).toBe(200)
    expect(recorder.asked()).toEqual(['UPDATE pods/ephemeralcontainers shop/debugged'])
  })

  it('is not asked about static pods, and about workloads that call themselves one', async () => {
    recorder.asked()
    const annotations = { 'kubernetes.io/config.mirror': 'x' }
    await made(podOf('static', { annotations }, { nodeName: 'node-a' }))
    expect(recorder.asked()).toEqual([])
    await made(deploymentOf('static', 'web:1', annotations))
    expect(recorder.asked()).toEqual(['CREATE deployments shop/static'])
  })

  it('is asked about every built-in kind, and about updates of a template without a spec', async () => {
    recorder.asked()
    const job = { template: { spec: { ...template('web:1').spec, restartPolicy: 'Never' } } }
    const labels = { matchLabels: { app: 'web' } }
    const kinds: readonly (readonly [string, string, object])[] = [
      ['v1', 'PodTemplate', { template: template('web:1') }],
      ['v1', 'ReplicationController', { spec: { template: template('web:1') } }],
      ['apps/v1', 'ReplicaSet', { spec: { selector: labels, template: template('web:1') } }],
      ['apps/v1', 'DaemonSet', { spec: { selector: labels, template: template('web:1') } }],
      ['apps/v1', 'StatefulSet', { spec: { serviceName: 'web', selector: labels, template: template('web:1') } }],
      ['batch/v1', 'Job', { spec: job }],
      ['batch/v1', 'CronJob', { spec: { schedule: '0 0 1 1 *', jobTemplate: { spec: job } } }],
    ]
    for (const [apiVersion, kind, more] of kinds)
      await made({ apiVersion, kind, metadata: { name: 'each', namespace: 'shop' }, ...more })
    expect(recorder.asked().map(line => line.split(' ')[1])).toEqual([
      'podtemplates',
      'replicationcontrollers',
      'replicasets',
      'daemonsets',
      'statefulsets',
      'jobs',
      'cronjobs',
    ])
    const changed = { template: template('web:2') }
    expect(await patch('/api/v1/namespaces/shop/podtemplates/each', changed)).toBe(200)
    expect(recorder.asked()).toEqual(['UPDATE podtemplates shop/each'])
  })

  it('is asked about objects of whatever shape, and evaluates its conditions for each', async () => {
    const shapes: readonly (readonly [string, object, object])[] = [
      ['nothing', {}, {}],
      ['null', { spec: null }, { spec: null }],
      ['text', { spec: 'web:1' }, { spec: 'web:1' }],
      ['list', { spec: ['web:1'] }, { spec: ['web:2'] }],
      ['template', { spec: { template: template('web:1') } }, { spec: { template: template('web:2') } }],
      ['coming', {}, { spec: { template: template('web:1') } }],
      ['going', { spec: { template: template('web:1') } }, {}],
      ['changing', { spec: 'web:1' }, { spec: { template: template('web:1') } }],
    ]
    const game = (name: string, more: object, metadata: object = {}): KubeObject => ({
      ...{ apiVersion: 'example.com/v1', kind: 'Game', metadata: { name, namespace: 'shop', ...metadata } },
      ...more,
    })
    const known = () => cluster.client.create(game('known-yet', {}), true)
    await expect.poll(known, { timeout: 30_000 }).toMatchObject({ status: 201 })
    recorder.asked()
    for (const [name, before] of shapes) await made(game(name, before))
    expect(recorder.asked()).toEqual(shapes.map(([name]) => `CREATE games shop/${name}`))
    for (const [name, , after] of shapes) {
      const path = `/apis/example.com/v1/namespaces/shop/games/${name}`
      const { metadata } = (await cluster.client.request('GET', path)).body as KubeObject
      const { status } = await cluster.client.request(
        'PUT',
        path,
        game(name, after, { ...metadata, labels: { a: 'b' } }),
      )
      expect({ name, status }).toEqual({ name, status: 200 })
    }
    // Without a spec it is not known what decides, and so it is asked about.
    const same = ['null', 'text']
    expect(recorder.asked()).toEqual(
      shapes.filter(([name]) => !same.includes(name)).map(([name]) => `UPDATE games shop/${name}`),
    )
  })

  it('is asked about objects of almost the size that the API server takes', async () => {
    recorder.asked()
    const value = 'x'.repeat(2_700_000)
    const large = (image: string): KubeObject => ({
      ...deploymentOf('large', image),
      spec: {
        selector: { matchLabels: { app: 'web' } },
        template: { ...template(image), spec: { containers: [{ name: 'web', image, env: [{ name: 'A', value }] }] } },
      },
    })
    const path = '/apis/apps/v1/namespaces/shop/deployments'
    // Larger than etcd takes, which a dry run does not ask.
    const { status } = await cluster.client.create(large('web:1'), true)
    expect(status).toBe(201)
    expect(recorder.asked()).toEqual(['CREATE deployments shop/large'])
    const smaller = { ...large('web:1') }
    const half = JSON.parse(JSON.stringify(smaller).replace(value, value.slice(0, 700_000)))
    await made(half)
    recorder.asked()
    half.spec.template.spec.containers[0].image = 'web:2'
    expect((await cluster.client.request('PUT', `${path}/large`, half)).status).toBe(200)
    expect(recorder.asked()).toEqual(['UPDATE deployments shop/large'])
  })

  it('is not asked in kube-system, in its own namespace, and where it is off', async () => {
    await newNamespace('quiet', { 'pullgate.dev/mode': 'off' })
    await cluster.client.apply({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default', namespace: 'kube-system' },
    })
    recorder.asked()
    for (const each of ['kube-system', namespace, 'quiet']) await made(podOf('exempt', { namespace: each }))
    expect(recorder.asked()).toEqual([])
  })

  it('has no condition that could not be evaluated', async () => {
    const { body } = await cluster.client.request('GET', '/metrics')
    const text = String(body)
    expect(text).toContain('apiserver_admission_webhook_request_total{code="200",name="pods.pullgate.dev"')
    expect(
      text
        .split('\n')
        .filter(line => /^apiserver_admission_match_condition_evaluation_errors_total\{.*pullgate/.test(line)),
    ).toEqual([])
    expect(
      text.split('\n').filter(line => /^apiserver_admission_webhook_fail_open_count\{.*pullgate/.test(line)),
    ).toEqual([])
  })
})

describe('an upgrade', () => {
  const webhooks = async (): Promise<Rendered> =>
    (await cluster.client.get('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'pullgate'))?.[
      'webhooks'
    ]

  // As a replica writes them.
  const certify = async (): Promise<void> => {
    const bundle = Buffer.from(cluster.ca).toString('base64')
    const operations = [0, 1].map(index => ({
      op: 'add',
      path: `/webhooks/${index}/clientConfig/caBundle`,
      value: bundle,
    }))
    const path = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/pullgate'
    expect(await patch(path, operations, 'application/json-patch+json')).toBe(200)
    const secret = await cluster.client.get('v1', 'Secret', 'pullgate-ca', namespace)
    const data = { 'ca.crt': bundle }
    const put = await cluster.client.request('PUT', `/api/v1/namespaces/${namespace}/secrets/pullgate-ca`, {
      ...secret,
      data,
    })
    expect(put.status).toBe(200)
  }

  it.each([
    ['server-side, as helm 4 does', 'true'],
    ['client-side, as helm 3 did', 'false'],
  ])('leaves alone the authority that the replicas made, and changes the rest: %s', async (_, serverSide) => {
    const flag = `--server-side=${serverSide}`
    await withValues({}, 'install', 'pullgate', chart, flag)
    await certify()
    const config = {
      serve: { timeoutSeconds: 9 },
      kinds: [{ group: 'example.com', kind: 'Game', templates: ['spec.template'] }],
    }
    await withValues({ config, webhook: { failurePolicy: { pods: 'Fail' } } }, 'upgrade', 'pullgate', chart, flag)
    const hooks = await webhooks()
    expect(hooks.map(({ timeoutSeconds, failurePolicy }: Rendered) => [timeoutSeconds, failurePolicy])).toEqual([
      [9, 'Fail'],
      [9, 'Ignore'],
    ])
    expect(hooks[1].rules.at(-1).resources).toEqual(['games'])
    for (const { clientConfig } of hooks)
      expect(Buffer.from(clientConfig.caBundle, 'base64').toString()).toBe(cluster.ca)
    const secret = await cluster.client.get('v1', 'Secret', 'pullgate-ca', namespace)
    expect(secret?.['data']).toHaveProperty(['ca.crt'])
    // And back.
    const back = await inCluster('rollback', 'pullgate', '1', flag)
    expect(back).toMatchObject({ code: 0 })
    const before = await webhooks()
    expect(before[0]).toMatchObject({ timeoutSeconds: 5, failurePolicy: 'Ignore' })
    expect(before[0].clientConfig.caBundle).toBe(hooks[0].clientConfig.caBundle)
    expect(await inCluster('uninstall', 'pullgate')).toMatchObject({ code: 0 })
  })

  it('that ends with uninstalling leaves nothing behind, and nothing in the way', async () => {
    await withValues({ webhook: { failurePolicy: { pods: 'Fail', workloads: 'Fail' } } }, 'install', 'pullgate', chart)
    await withValues({ replicas: 1, test: { enabled: false } }, 'upgrade', 'pullgate', chart)
    expect(await inCluster('uninstall', 'pullgate')).toMatchObject({ code: 0 })
    const label = 'labelSelector=app.kubernetes.io%2Fname%3Dpullgate'
    for (const [apiVersion, kind] of [
      ['v1', 'Secret'],
      ['v1', 'ConfigMap'],
      ['v1', 'Service'],
      ['v1', 'ServiceAccount'],
      ['apps/v1', 'Deployment'],
      ['rbac.authorization.k8s.io/v1', 'ClusterRole'],
      ['rbac.authorization.k8s.io/v1', 'Role'],
      ['admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration'],
      ['networking.k8s.io/v1', 'NetworkPolicy'],
      ['policy/v1', 'PodDisruptionBudget'],
    ] as const)
      expect({ kind, left: await cluster.client.list(apiVersion, kind, undefined, label) }).toEqual({ kind, left: [] })
    expect((await cluster.client.create(podOf('afterwards'), true)).status).toBe(201)
  })
})

describe('the account', () => {
  beforeAll(() => withValues({}, 'install', 'pullgate', chart))
  afterAll(async () => {
    await inCluster('uninstall', 'pullgate')
  })

  it('may do what the webhook does, and nothing else', async () => {
    const { token } = await cluster.accountKubeconfig(namespace, 'pullgate')
    const account = connectAs(cluster, { token })
    const statusOf = async (method: string, path: string, body?: object): Promise<number> =>
      (await account.request(method, path, body)).status
    const shop = '/api/v1/namespaces/shop'
    const own = `/api/v1/namespaces/${namespace}/secrets/pullgate-ca`
    const hooks = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations'
    expect(await statusOf('GET', `${shop}/secrets/none`)).toBe(404)
    expect(await statusOf('GET', `${shop}/serviceaccounts/default`)).toBe(200)
    expect(await statusOf('GET', '/api/v1/nodes')).toBe(200)
    expect(await statusOf('GET', '/api/v1/namespaces')).toBe(200)
    expect(await statusOf('GET', '/apis/node.k8s.io/v1/runtimeclasses')).toBe(200)
    const { request } = account
    expect((await request('PATCH', own, { data: null }, 'application/merge-patch+json')).status).toBe(200)
    expect(await statusOf('GET', `${hooks}/pullgate`)).toBe(200)
    for (const [method, path] of [
      ['GET', `${shop}/secrets`],
      ['GET', '/api/v1/secrets'],
      ['POST', `${shop}/secrets`],
      ['DELETE', own],
      ['PUT', own],
      ['PATCH', `${shop}/secrets/none`],
      ['GET', hooks],
      ['GET', `${hooks}/other`],
      ['PUT', `${hooks}/pullgate`],
      ['GET', '/api/v1/pods'],
      ['POST', `${shop}/pods`],
      ['POST', `${shop}/serviceaccounts/default/token`],
      ['GET', '/api/v1/configmaps'],
    ] as const)
      expect({ method, path, status: await statusOf(method, path, method === 'GET' ? undefined : {}) }).toEqual({
        method,
        path,
        status: 403,
      })
    await account.close()
  })
})
