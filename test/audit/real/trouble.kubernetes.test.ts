import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { takeStock } from '../../../src/audit/stock.ts'
import { type ApiServer, createApiServer } from '../../../src/cluster/api-server.ts'
import { findCluster } from '../../../src/cluster/find-cluster.ts'
import { waitByClock } from '../../../src/cluster/wait.ts'
import { singleImage } from '../../../src/demo/images.ts'
import { type EmbeddedRegistry, startRegistry } from '../../../src/demo/registry.ts'
import { builtInKinds } from '../../../src/workload/kinds.ts'
import { type Cluster, startCluster } from '../../cluster/real/cluster.ts'
import { startAudit } from '../process.ts'
import { deployment, makeNode } from './objects.ts'

const names = Array.from({ length: 12 }, (_, index) => `app-${String(index).padStart(2, '0')}`)
const inTime = { timeout: 60_000, interval: 250 }

let cluster: Cluster
let registry: EmbeddedRegistry
let folder: string

/** Our own client of the API server, as a user. */
const clientOf = async (kubeconfig: string): Promise<ApiServer> => {
  const nowMs = (): number => performance.now()
  const environment = { KUBECONFIG: kubeconfig }
  const access = await findCluster({ environment, homeDirectory: '/', context: 'real', nowMs })
  if (!access.ok) throw new Error('there is no cluster')
  const api = createApiServer({ access: access.value, userAgent: 'pullgate/test', headMs: 5000 })
  onTestFinished(api.close)
  return api
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pullgate-trouble-'))
  registry = await startRegistry()
  registry.put('shop/web', '1', singleImage('linux/amd64'))
  // What is a second old is forgotten, where others remember five minutes.
  const flags = { 'kube-apiserver': ['--etcd-compaction-interval=1s'] }
  cluster = await startCluster({ parts: ['etcd', 'kube-apiserver'], flags }, AbortSignal.timeout(110_000))
  const { client } = cluster
  await makeNode(client, 'node-1', 'amd64')
  await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } })
  for (const name of names) await client.apply(deployment('shop', name, `${registry.host}/shop/web:1`))
  const { spec, ...other } = deployment('shop', 'db', `${registry.host}/shop/gone:1`)
  await client.apply({ ...other, kind: 'StatefulSet', spec: { ...(spec as object), serviceName: 'db' } })
})
afterAll(async () => {
  await cluster?.close()
  await registry?.close()
  await rm(folder, { recursive: true })
})

const stockBy = (get: ApiServer['get'], pageSize: number) =>
  takeStock(
    {
      ...{ api: { get }, kinds: builtInKinds, troubled: new Set(), pageSize, pageMs: 60_000 },
      ...{ wait: waitByClock, random: Math.random },
    },
    { namespaces: 'all', selector: undefined },
    AbortSignal.timeout(200_000),
  )
const namesIn = (stock: Awaited<ReturnType<typeof takeStock>>): readonly string[] =>
  stock.ok ? stock.value.owners.map(({ object }) => object.name) : []

test('a list that the API server forgets between two pages (410) is begun again, and nothing is lost or doubled', async () => {
  const api = await clientOf(cluster.kubeconfig)
  const told: string[] = []
  let isStale = false
  /** Lets what is to be continued grow old, once. */
  const grownOld = async (path: string): Promise<void> => {
    isStale = true
    const answer = async (): Promise<number> => {
      const metadata = { name: 'busy', namespace: 'shop' }
      await cluster.client.apply({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata,
        data: { at: `${performance.now()}` },
      })
      return (await cluster.client.request('GET', path)).status
    }
    await expect.poll(answer, inTime).toBe(410)
  }
  const get: ApiServer['get'] = async (path, over) => {
    if (!isStale && path.includes('/deployments?') && path.includes('continue=')) await grownOld(path)
    const answer = await api.get(path, over)
    told.push(answer.ok ? 'ok' : answer.error.kind)
    return answer
  }
  const stock = await stockBy(get, 5)
  expect(told.filter(each => each !== 'ok')).toEqual(['expired'])
  expect(namesIn(stock)).toEqual([...names, 'db'])
  expect(stock.ok && stock.value.gaps).toEqual([])
})

describe('where the API server has no seat for the lists of the audit (429)', () => {
  const level = '/apis/flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations/no-seat'
  const setSeats = async (nominalConcurrencyShares: number): Promise<void> => {
    const body = { spec: { limited: { nominalConcurrencyShares } } }
    const { status } = await cluster.client.request('PATCH', level, body, 'application/merge-patch+json')
    expect(status).toBe(200)
  }
  let kubeconfig = ''

  beforeAll(async () => {
    const { client } = cluster
    kubeconfig = await cluster.userKubeconfig('auditor')
    await client.apply({
      ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', metadata: { name: 'auditor' } },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'auditor' }],
    })
    const [apiVersion, metadata] = ['flowcontrol.apiserver.k8s.io/v1', { name: 'no-seat' }]
    const limited = { nominalConcurrencyShares: 0, lendablePercent: 0, borrowingLimitPercent: 0 }
    await client.apply({
      ...{ apiVersion, kind: 'PriorityLevelConfiguration', metadata },
      spec: { type: 'Limited', limited: { ...limited, limitResponse: { type: 'Reject' } } },
    })
    const resources = { verbs: ['list'], apiGroups: ['apps'], resources: ['deployments'] }
    await client.apply({
      ...{ apiVersion, kind: 'FlowSchema', metadata },
      spec: {
        ...{ matchingPrecedence: 50, priorityLevelConfiguration: metadata },
        rules: [
          {
            subjects: [{ kind: 'User', user: { name: 'auditor' } }],
            resourceRules: [{ ...resources, namespaces: ['*'], clusterScope: true }],
          },
        ],
      },
    })
  })

  /**
   * Takes the one seat that there always is, again and again, until it is told to end: whoever asks for a version that there is not yet
   * waits for some seconds.
   */
  const takeTheSeat = (api: ApiServer): (() => Promise<void>) => {
    const ending = new AbortController()
    const sit = async (): Promise<void> => {
      while (!ending.signal.aborted) await api.get('/apis/apps/v1/deployments?resourceVersion=999999999', ending.signal)
    }
    const sitting = Promise.all([sit(), sit()])
    return async () => {
      ending.abort()
      await sitting
    }
  }
  const awaitRefusal = async (): Promise<() => Promise<void>> => {
    const api = await clientOf(kubeconfig)
    const leave = takeTheSeat(api)
    onTestFinished(leave)
    const answer = async (): Promise<string> => {
      const got = await api.get('/apis/apps/v1/deployments', AbortSignal.timeout(10_000))
      return got.ok ? 'ok' : got.error.kind
    }
    await expect.poll(answer, inTime).toBe('busy')
    return leave
  }
  const start = () => startAudit({ kubeconfig, folder, args: ['-A', '-o', 'json'] })
  const objects = (stdout: string): number => JSON.parse(stdout).summary.objects

  test('it names the gap, and does the rest', async () => {
    await awaitRefusal()
    const { code, stdout } = await start().end
    expect(code).toBe(1)
    expect(JSON.parse(stdout).gaps).toEqual([
      'deployments.apps in the cluster could not be listed: the API server was too busy; try again.',
    ])
    expect(objects(stdout)).toBe(1)
  })

  test('and nothing is lost where there is one a moment later', async () => {
    const leave = await awaitRefusal()
    const api = await clientOf(kubeconfig)
    const told: string[] = []
    const get: ApiServer['get'] = async (path, over) => {
      const answer = await api.get(path, over)
      if (!answer.ok) told.push(answer.error.kind)
      // Somebody makes room as soon as it was refused.
      if (told.length === 1 && !answer.ok) await Promise.all([leave(), setSeats(20)])
      return answer
    }
    const stock = await stockBy(get, 500)
    expect(told[0]).toBe('busy')
    expect(namesIn(stock)).toEqual([...names, 'db'])
    expect(stock.ok && stock.value.gaps).toEqual([])
  })
})
