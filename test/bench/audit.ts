import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { audit } from '../../src/audit/audit.ts'
import type { Owned } from '../../src/audit/inventory.ts'
import { createCheck } from '../../src/check/check.ts'
import { createProbe } from '../../src/check/probe.ts'
import { createFindProgram } from '../../src/check/program.ts'
import { askedImages } from '../../src/cli/asked-images.ts'
import { singleImage } from '../../src/demo/images.ts'
import { type EmbeddedRegistry, startRegistry } from '../../src/demo/registry.ts'
import { deadlineIn } from '../../src/lib/deadline.ts'
import { createRegistry } from '../../src/registry/registry.ts'
import { landingAnywhere } from '../../src/workload/landing.ts'
import { startAudit } from '../audit/process.ts'
import { kubeConfig, settle } from '../audit/town.ts'
import { type FakeApiServer, startApiServer } from '../support/api-server/server.ts'
import { registryOptions } from '../support/registry-options.ts'
import type { Row } from './table.ts'

const delayMs = 20
const connectionsPerHost = 8
const images = 5000

// A hundred tags each: a repository more costs the registry a copy of the list of them all.
const repositoryOf = (index: number): string => `team/app-${index % 50}`
const imageAt = (host: string, index: number): string => `${host}/${repositoryOf(index)}:${index}`

const registryWith = async (delay: number): Promise<EmbeddedRegistry> => {
  const registry = await startRegistry({
    intercept: async () => {
      if (delay > 0) await new Promise(resolve => setTimeout(resolve, delay))
      return false
    },
  })
  for (let index = 0; index < images; index++)
    registry.put(repositoryOf(index), String(index), singleImage('linux/amd64', { version: String(index) }))
  return registry
}

const ownerOf = (image: string, index: number): Owned => ({
  object: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: `app-${index}` },
  ...{ uid: String(index), pods: 1, workloads: [askedImages([image])], running: new Map() },
})

/** A cluster's images over a registry that is not near, and once more when nothing has changed. */
const speedRows = async (): Promise<readonly Row[]> => {
  const registry = await registryWith(delayMs)
  const { dialogue, close } = createRegistry(registryOptions({ connectionsPerHost }))
  let laterMs = 0
  const probe = createProbe({
    ...{ dialogue, foundSeconds: 3600, absentSeconds: 3600, entries: 100_000, flightMs: 60_000, doubts: false },
    now: () => performance.now() + laterMs,
    fingerprintKey: new Uint8Array(32),
  })
  const check = createCheck({
    mostListed: 50,
    ...{ probe, doubts: false, tags: dialogue.tags, program: createFindProgram(dialogue) },
    keychain: async () => async () => ({ credentials: [], notes: [] }),
    addsAccountSecrets: () => false,
    landing: () => landingAnywhere,
    nodes: () => [],
    isIgnored: () => false,
  })
  const owners = Array.from({ length: images }, (_, index) => ownerOf(imageAt(registry.host, index), index))
  const guest = { isSpent: () => false }
  const once = async () => {
    const [before, began] = [registry.requests.length, performance.now()]
    const manners = { check, guest, pace: async () => {}, isForecast: false, sideBySide: 16, done: () => {} }
    await audit(owners, { ...manners, within: () => deadlineIn(60_000) }, new AbortController().signal)
    const requests = registry.requests.slice(before)
    return { requests, tookMs: performance.now() - began, idealMs: (requests.length * delayMs) / connectionsPerHost }
  }
  const first = await once()
  laterMs = 2 * 3600 * 1000
  const second = await once()
  await close()
  await registry.close()
  const heads = second.requests.filter(({ method }) => method === 'HEAD').length
  return [
    {
      what: `audit: ${images} images, ${connectionsPerHost} connections, ${delayMs} ms a request`,
      figure: `${(first.tookMs / 1000).toFixed(1)} s`,
      against: `its ${first.requests.length} requests side by side: ${(first.idealMs / 1000).toFixed(1)} s`,
      ratio: `${(first.tookMs / first.idealMs).toFixed(2)} ×`,
    },
    {
      what: 'audit: the same again, when nothing has changed',
      figure: `${heads} HEAD and ${second.requests.length - heads} others, ${(second.tookMs / 1000).toFixed(1)} s`,
      against: `one HEAD an image: ${images}, ${(second.idealMs / 1000).toFixed(1)} s`,
      ratio: `${(second.requests.length / images).toFixed(2)} ×`,
    },
  ]
}

const [workloads, podsEach, nodes, pageSize] = [5000, 10, 5000, 500]

const uidAt = (kind: string, index: number): string => `${kind}-0000-4000-8000-${String(index).padStart(12, '0')}`

const specAt = (image: string) => ({
  containers: [{ name: 'app', image, imagePullPolicy: 'Always', env: filler(20), resources: { limits: { cpu: '1' } } }],
  tolerations: [
    { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
  ],
})
// What pods have beside what counts here: some 3 KiB.
const filler = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `NAME_${index}`, value: 'x'.repeat(60) }))

const deploymentAt = (index: number, host: string) => ({
  metadata: { name: `app-${index}`, namespace: `team-${index % 200}`, uid: uidAt('d', index) },
  spec: { template: { spec: specAt(imageAt(host, index)) } },
})
const podAt = (index: number, host: string) => {
  const owner = Math.floor(index / podsEach)
  const [name, uid] = [`app-${owner}`, uidAt('d', owner)]
  return {
    metadata: {
      ...{ name: `${name}-${index % podsEach}`, namespace: `team-${owner % 200}`, uid: uidAt('p', index) },
      managedFields: filler(10),
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name, uid, controller: true }],
    },
    spec: { ...specAt(imageAt(host, owner)), nodeName: `node-${index % nodes}` },
    status: { phase: 'Running', containerStatuses: [{ name: 'app', imageID: `x@sha256:${'a'.repeat(64)}` }] },
  }
}
const nodeAt = (index: number) => ({
  ...{ apiVersion: 'v1', kind: 'Node', spec: {} },
  metadata: { name: `node-${index}`, labels: { 'kubernetes.io/arch': 'amd64', 'kubernetes.io/os': 'linux' } },
  status: {
    nodeInfo: { architecture: 'amd64', operatingSystem: 'linux', containerRuntimeVersion: 'containerd://2.1.4' },
  },
})

/** An API server with a large cluster, made page by page. */
const largeCluster = async (host: string): Promise<FakeApiServer> => {
  const api = await startApiServer()
  settle(api, {})
  for (let index = 0; index < nodes; index++) api.nodes.put(nodeAt(index))
  const lists = {
    '/api/v1/pods': { count: workloads * podsEach, at: podAt },
    '/apis/apps/v1/deployments': { count: workloads, at: deploymentAt },
  }
  api.willMeet(({ path, query }, response) => {
    const list = Object.hasOwn(lists, path) ? lists[path as keyof typeof lists] : undefined
    if (list === undefined) return false
    const from = Number(query.get('continue') ?? 0)
    const end = Math.min(from + Number(query.get('limit') ?? pageSize), list.count)
    const items = Array.from({ length: end - from }, (_, index) => list.at(from + index, host))
    const metadata = { resourceVersion: '7', continue: end < list.count ? String(end) : '' }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ metadata, items }))
    return true
  })
  return api
}

// As the chart gives them to the audit.
const nodeFlags = ['--max-old-space-size=256', '--max-semi-space-size=4']

/** The whole program over a large cluster. */
const memoryRow = async (): Promise<Row> => {
  const [registry, folder] = [await registryWith(0), await mkdtemp(join(tmpdir(), 'pullgate-bench-'))]
  const api = await largeCluster(registry.host)
  await writeFile(join(folder, 'kubeconfig'), kubeConfig(api))
  const began = performance.now()
  const args = ['-A', '-o', 'json=report.json']
  const end = await startAudit({ kubeconfig: join(folder, 'kubeconfig'), folder, args, nodeFlags }).end
  const tookMs = performance.now() - began
  await api.close()
  await registry.close()
  await rm(folder, { recursive: true })
  return {
    what: `audit: ${workloads * podsEach} pods, ${workloads} workloads, ${images} images, ${nodes} nodes, ${nodeFlags.join(' ')}`,
    figure: `${end.peakMiB} MiB at the most, ${(tookMs / 1000).toFixed(1)} s, exit ${end.code}`,
    against: 'at the most 300 MiB',
    ratio: `${(end.peakMiB / 300).toFixed(2)} ×`,
  }
}

/** The audit of a cluster. */
export const auditRows = async (): Promise<readonly Row[]> => [...(await speedRows()), await memoryRow()]
