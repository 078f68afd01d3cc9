import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { multiArchImage, singleImage } from '../../../src/demo/images.ts'
import { type EmbeddedRegistry, startRegistry } from '../../../src/demo/registry.ts'
import type { KubeObject } from '../../cluster/real/client.ts'
import { type Cluster, startCluster } from '../../cluster/real/cluster.ts'
import { type AuditEnd, type RunningAudit, startAudit } from '../process.ts'
import { defineReports } from './definitions.ts'
import { deployment, eachOf, makeNamespace, makeNode, podOf, runningImage } from './objects.ts'

// Nobody makes pods of Deployments here, or takes them away; a namespace that goes takes all that it has with it.
const controllers = '--controllers=namespace-controller,serviceaccount-controller,serviceaccount-token-controller'

const shop = (kind: 'amd64' | 'both') =>
  multiArchImage(kind === 'both' ? ['linux/amd64', 'linux/arm64'] : ['linux/amd64'])

interface Told {
  readonly findings: readonly {
    readonly code: string
    readonly object: { readonly name: string; readonly namespace: string }
  }[]
  readonly summary: Readonly<Record<string, number>>
  readonly gaps: readonly string[]
}

let cluster: Cluster
let registry: EmbeddedRegistry
let counting: EmbeddedRegistry
let folder: string
let slowMs = 0

const slowly = async (): Promise<boolean> => {
  if (slowMs > 0) await new Promise(resolve => setTimeout(resolve, slowMs))
  return false
}

beforeAll(async () => {
  const parts = ['etcd', 'kube-apiserver', 'kube-controller-manager'] as const
  const flags = { 'kube-controller-manager': [controllers] }
  folder = await mkdtemp(join(tmpdir(), 'pullgate-audit-'))
  registry = await startRegistry({ intercept: slowly })
  counting = await startRegistry({
    intercept: (_, response) => {
      response.setHeader('ratelimit-limit', '5000;w=21600')
      response.setHeader('ratelimit-remaining', '4000;w=21600')
      return false
    },
  })
  cluster = await startCluster({ parts, flags }, AbortSignal.timeout(110_000))
  await makeNode(cluster.client, 'node-1', 'amd64')
})
afterAll(async () => {
  await cluster.close()
  await registry.close()
  await counting.close()
  await rm(folder, { recursive: true })
})

const audit = (...args: readonly string[]): Promise<AuditEnd> =>
  startAudit({ kubeconfig: cluster.kubeconfig, folder, args }).end
const told = ({ stdout }: AuditEnd): Told => JSON.parse(stdout)
const linesOf = ({ findings }: Told): readonly string[] =>
  findings.map(({ code, object }) => `${object.namespace}/${object.name} ${code}`).toSorted()

describe('an audit of a real API server', () => {
  const seeded = [
    'faults/dear not-found',
    'faults/drifted moved-tag',
    'faults/gone not-found',
    'faults/keyless missing-pull-secret',
    'faults/nameless invalid-reference',
  ]
  beforeAll(async () => {
    const { client } = cluster
    for (const namespace of ['faults', 'fine']) await makeNamespace(client, namespace)
    registry.put('shop/web', '1', shop('both'))
    registry.put('shop/old', '1', shop('amd64'))
    counting.put('shop/dear', '1', shop('both'))
    const image = (name: string): string => `${registry.host}/shop/${name}:1`
    const faults: readonly (readonly [string, string, object?])[] = [
      ['gone', image('gone')],
      ['dear', `${counting.host}/shop/dear:2`],
      ['drifted', image('web')],
      ['nameless', 'Not A Name'],
      ['keyless', image('web'), { imagePullSecrets: [{ name: 'nowhere' }] }],
    ]
    for (const [name, text, more] of faults) await client.apply(deployment('faults', name, text, more))
    await client.apply(deployment('fine', 'web', image('web')))
    await client.apply(deployment('fine', 'old', image('old')))
    const drifted = await client.get('apps/v1', 'Deployment', 'drifted', 'faults')
    for (let number = 0; number < 3 && drifted !== undefined; number++) {
      const pod = await client.apply(podOf(drifted, number, image('web')))
      await runningImage(client, pod, `elsewhere.test/shop/web@sha256:${'0'.repeat(64)}`)
    }
  })

  test('finds the seeded faults, each at its owner, in text, JSON and HTML alike', async () => {
    const end = await audit('-A', '-o', 'json', '-o', 'html=audit.html', '-o', 'text=audit.txt')
    expect({ code: end.code, said: end.stderr.replace(/\npeak.*/s, '') }).toEqual({ code: 1, said: '' })
    expect(linesOf(told(end))).toEqual(seeded)
    const [page, text] = await Promise.all(
      ['audit.html', 'audit.txt'].map(file => readFile(join(folder, file), 'utf8')),
    )
    for (const line of seeded) {
      const [object = '', code = ''] = line.split(' ')
      expect(text).toContain(code)
      expect(page).toContain(object.split('/')[1])
    }
  })

  test('foretells what arm64 nodes would break', async () => {
    const end = await audit('-n', 'fine', '--platform', 'linux/arm64', '-o', 'json')
    expect(linesOf(told(end))).toEqual(['fine/old no-platform'])
  })

  test('does the half that it may, and names the rules that are missing', async () => {
    const { client } = cluster
    const metadata = { name: 'half', namespace: 'fine' }
    const rules = [
      { apiGroups: ['apps'], resources: ['deployments'], verbs: ['list'] },
      { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
    ]
    const of = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'half' }
    await client.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata })
    await client.apply({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata, rules })
    await client.apply({
      ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', metadata, roleRef: of },
      subjects: [{ kind: 'ServiceAccount', name: 'half', namespace: 'fine' }],
    })
    const { path } = await cluster.accountKubeconfig('fine', 'half')
    const args = ['-n', 'fine', '-n', 'faults', '-o', 'json', '--platform', 'linux/amd64']
    const end = await startAudit({ kubeconfig: path, folder, args }).end
    const report = told(end)
    expect(end.code).toBe(3)
    expect(report.summary).toMatchObject({ objects: 2, deny: 0 })
    expect(report.gaps.join('\n')).toMatch(
      /deployments\.apps in namespace faults .* the verb list on deployments\.apps/,
    )
    expect(report.gaps.join('\n')).toMatch(/statefulsets\.apps in namespaces fine, faults .* the verb list/)
  })
})

describe('audits again and again of a real API server', () => {
  const started = new Set<RunningAudit>()
  const every = (identity: string): RunningAudit => {
    const running = startAudit({
      kubeconfig: cluster.kubeconfig,
      folder,
      args: ['--every', '10m', '--keep-at', `default/${identity}`, '--rate', '1000', '--allow-address', '127.0.0.0/8'],
    })
    void running.end.finally(() => started.delete(running))
    started.add(running)
    return running
  }
  afterAll(() => {
    for (const running of started) running.stop('SIGKILL')
  })
  const round = async (name: string): Promise<{ readonly done: object }> => {
    const kept = await cluster.client.get('v1', 'ConfigMap', name, 'default')
    const packed = (kept?.['binaryData'] as { readonly round: string } | undefined)?.round
    return packed === undefined ? { done: {} } : JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString())
  }
  const namespacesDone = async (name: string): Promise<number> => Object.keys((await round(name)).done).length
  const reports = async (kind: 'PolicyReport' | 'Report', namespace?: string) =>
    cluster.client.list(kind === 'Report' ? 'openreports.io/v1alpha1' : 'wgpolicyk8s.io/v1alpha2', kind, namespace)

  test('does without the definitions of reports, and ends in peace', async () => {
    const running = every('bare')
    await expect.poll(() => namespacesDone('bare'), { timeout: 60_000, interval: 250 }).toBe(2)
    running.stop('SIGTERM')
    const { code, stderr } = await running.end
    expect(code).toBe(0)
    expect(stderr).not.toContain('cannot be written')
    const events = await cluster.client.list('v1', 'Event', 'faults')
    expect(events.map(event => (event['involvedObject'] as { name: string }).name).toSorted()).toEqual([
      'dear',
      'gone',
      'nameless',
    ])
  })

  test('of two replicas one goes on within 30 s when the leader is killed, where it had come to', async () => {
    const { client } = cluster
    await defineReports(client)
    const names = Array.from({ length: 8 }, (_, index) => `town-${index}`)
    for (const name of names) {
      await makeNamespace(client, name)
      await client.apply(deployment(name, 'gone', `${registry.host}/shop/${name}:1`))
    }
    slowMs = 500
    const holderOf = (lease: KubeObject | undefined): string =>
      (lease?.['spec'] as { readonly holderIdentity?: string } | undefined)?.holderIdentity ?? ''
    const heldBy = (holds: (lease: KubeObject) => boolean): Promise<KubeObject> =>
      client.until('coordination.k8s.io/v1', 'Lease', 'audit', 'default', holds, 30_000)
    const leader = every('audit')
    const holder = holderOf(await heldBy(lease => holderOf(lease) !== ''))
    const other = every('audit')
    await expect.poll(() => namespacesDone('audit'), { timeout: 90_000, interval: 250 }).toBeGreaterThan(3)
    leader.stop('SIGKILL')
    const killedMs = performance.now()
    await leader.end
    const [before, written] = [await round('audit'), await reports('PolicyReport')]
    await heldBy(lease => !['', holder].includes(holderOf(lease)))
    const tookMs = performance.now() - killedMs
    slowMs = 0
    await expect.poll(() => namespacesDone('audit'), { timeout: 60_000, interval: 250 }).toBe(names.length + 2)
    const after = await reports('PolicyReport')
    const openReports = await reports('Report')
    other.stop('SIGTERM')
    expect((await other.end).code).toBe(0)
    console.log(`another replica has the lease ${(tookMs / 1000).toFixed(1)} s after the leader was killed`)
    // One report a namespace, and what was done before is not done again.
    const places = [...names, 'faults', 'fine'].toSorted()
    expect(after.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).toSorted()).toEqual(
      places.map(name => `${name}/pullgate`),
    )
    expect(openReports.length).toBe(places.length)
    const versions = new Map(after.map(({ metadata }) => [metadata.namespace, metadata.resourceVersion]))
    const kept = Object.keys(before.done).filter(name => name.startsWith('town'))
    for (const { metadata } of written.filter(({ metadata: { namespace = '' } }) => kept.includes(namespace)))
      expect(versions.get(metadata.namespace)).toBe(metadata.resourceVersion)
    for (const report of after.filter(({ metadata }) => names.includes(metadata.namespace ?? '')))
      expect(report['results']).toMatchObject([{ rule: 'not-found', result: 'fail', policy: 'pullgate' }])
  })

  test('reports go with their namespace', async () => {
    const { client } = cluster
    await client.remove({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'town-0' } })
    await expect
      .poll(async () => [await reports('PolicyReport', 'town-0'), await reports('Report', 'town-0')], {
        timeout: 60_000,
      })
      .toEqual([[], []])
  })
})

describe('an audit of a large cluster', () => {
  const workloads = 2000
  const podsEach = 10
  // On two idle cores it is a minute.
  const generatingMs = 220_000
  // As the chart gives them to the audit.
  const nodeFlags = ['--max-old-space-size=256', '--max-semi-space-size=4']

  const requestsOf = async (): Promise<number> => {
    const { body } = await cluster.client.request('GET', '/metrics')
    const lists = String(body).matchAll(/^apiserver_request_total\{[^}]*verb="LIST"[^}]*\} (\d+)/gm)
    return [...lists].reduce((sum, [, count]) => sum + Number(count), 0)
  }

  test('asks each image once, a counting registry by HEAD alone, and stays small', async () => {
    const { client } = cluster
    const spaces = Array.from({ length: 20 }, (_, index) => `space-${index}`)
    for (const name of spaces) await makeNamespace(client, name)
    const images = Array.from({ length: 200 }, (_, index) => {
      const [to, name] = [index % 2 === 0 ? registry : counting, `many/app-${index}`]
      to.put(name, '1', singleImage('linux/amd64', { version: String(index) }))
      return `${to.host}/${name}:1`
    })
    const began = performance.now()
    const numbers = Array.from({ length: workloads }, (_, index) => index)
    const make = async (number: number): Promise<void> => {
      const image = images[number % images.length] ?? ''
      const { body } = await client.create(deployment(spaces[number % spaces.length] ?? '', `app-${number}`, image))
      for (let pod = 0; pod < podsEach; pod++) await client.create(podOf(body as never, pod, image))
    }
    const made = await eachOf(numbers, 16, make, AbortSignal.timeout(generatingMs))
    const madeMs = performance.now() - began
    const [lists, asked, counted] = [await requestsOf(), registry.requests.length, counting.requests.length]
    const args = ['-A', '-o', 'json=large.json']
    const auditBegan = performance.now()
    const end = await startAudit({ kubeconfig: cluster.kubeconfig, folder, args, nodeFlags }).end
    const tookMs = performance.now() - auditBegan
    const all = [...registry.requests.slice(asked), ...counting.requests.slice(counted)]
    const requests = all.filter(({ path }) => path.includes('/many/'))
    const kinds = Map.groupBy(requests, ({ method, path }) => `${method} ${path.split('/').at(-2) || 'v2'}`)
    const counts = [...kinds].map(([kind, all]) => `${all.length} ${kind}`).join(', ')
    const report: Told = JSON.parse(await readFile(join(folder, 'large.json'), 'utf8'))
    console.log(
      [
        `${made} workloads and ${made * podsEach} pods were made in ${(madeMs / 1000).toFixed(0)} s`,
        `the audit took ${(tookMs / 1000).toFixed(1)} s and ${end.peakMiB} MiB at the most`,
        `${(await requestsOf()) - lists} lists of the API server`,
        `requests to registries for ${images.length} images: ${counts}`,
      ].join('\n'),
    )
    expect(made).toBe(workloads)
    expect(report.summary['objects']).toBeGreaterThanOrEqual(made)
    const gets = counting.requests.slice(counted).filter(({ method, path }) => method === 'GET' && path !== '/v2/')
    expect(gets).toEqual([])
    expect(kinds.get('HEAD manifests')?.length).toBe(Math.min(made, images.length))
    expect(end.peakMiB).toBeLessThan(300)
  })
})
