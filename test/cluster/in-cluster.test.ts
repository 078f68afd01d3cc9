import { globSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findCluster } from '../../src/cluster/find-cluster.ts'
import type { ClusterAccess } from '../../src/cluster/identity.ts'
import { deadlineIn } from '../../src/lib/deadline.ts'
import { apiServerFor, clientOf } from '../support/api-server/connect.ts'
import type { FakeApiServer } from '../support/api-server/server.ts'
import { closedAfterTest } from '../support/lifetime.ts'

const signal = (): AbortSignal => deadlineIn(5000)

/** A folder as the kubelet mounts it: what is renewed comes by another link. */
const mounted = async (token: string, ca: string) => {
  const directory = await mkdtemp(join(tmpdir(), 'pullgate-account-'))
  closedAfterTest({ close: () => rm(directory, { recursive: true }) })
  let turn = 0
  const write = async (content: Readonly<Record<string, string>>): Promise<void> => {
    turn += 1
    await mkdir(join(directory, `..${turn}`))
    for (const [name, text] of Object.entries(content)) await writeFile(join(directory, `..${turn}`, name), text)
    await symlink(`..${turn}`, join(directory, '..new'))
    await rename(join(directory, '..new'), join(directory, '..data'))
  }
  await write({ token, 'ca.crt': ca, namespace: 'pullgate' })
  for (const name of ['token', 'ca.crt', 'namespace']) await symlink(join('..data', name), join(directory, name))
  return { directory, write }
}

const inPod = async (server: FakeApiServer, directory: string, clock = { ms: 0 }): Promise<ClusterAccess> => {
  const { hostname, port } = new URL(server.url)
  const found = await findCluster({
    environment: { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port },
    homeDirectory: '/nonexistent',
    context: undefined,
    serviceAccountDirectory: directory,
    nowMs: () => clock.ms,
  })
  if (!found.ok) throw new Error(found.error.kind)
  return found.value
}

const shown = (server: FakeApiServer): readonly (string | undefined)[] =>
  server.requests.map(({ authorization }) => authorization)

test('a pod comes with its ServiceAccount, and with the token as it was renewed', async () => {
  const server = await apiServerFor()
  const { directory, write } = await mounted('one\n', server.caPem)
  const clock = { ms: 0 }
  const access = await inPod(server, directory, clock)
  const api = clientOf(access)
  await api.get('/api/v1/nodes', signal())
  await write({ token: 'two', 'ca.crt': server.caPem, namespace: 'pullgate' })
  clock.ms = 9_999
  await api.get('/api/v1/nodes', signal())
  clock.ms = 10_000
  await api.get('/api/v1/nodes', signal())
  expect(shown(server)).toEqual(['Bearer one', 'Bearer one', 'Bearer two'])
  expect([access.namespace, server.connections()]).toEqual(['pullgate', 1])
})

test('a pod whose token is refused looks for a renewed one at once', async () => {
  const server = await apiServerFor()
  const { directory, write } = await mounted('one', server.caPem)
  const api = clientOf(await inPod(server, directory))
  await api.get('/api/v1/nodes', signal())
  await write({ token: 'two', 'ca.crt': server.caPem, namespace: 'pullgate' })
  server.willMeet(({ authorization }, response) => {
    if (authorization === 'Bearer one') response.writeHead(401).end()
    return authorization === 'Bearer one'
  })
  expect(await api.get('/api/v1/nodes', signal())).toMatchObject({ ok: true })
})

test('a pod that lost its token is nobody', async () => {
  const server = await apiServerFor()
  const { directory } = await mounted('one', server.caPem)
  const access = await inPod(server, directory)
  await rm(join(directory, 'token'))
  const error = { kind: 'unreachable', problem: 'no-credentials' }
  expect(await clientOf(access).get('/api/v1/nodes', signal())).toEqual({ ok: false, error })
})

test('an API server with an IPv6 address stands in brackets', async () => {
  const { directory } = await mounted('one', '')
  const environment = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' }
  const found = await findCluster({
    environment,
    homeDirectory: '/nonexistent',
    context: undefined,
    serviceAccountDirectory: directory,
    nowMs: () => 0,
  })
  expect(found.ok && found.value.server).toBe('https://[fd00::1]:443')
})

test('neither a pod nor a kubeconfig is no cluster', async () => {
  const found = await findCluster({
    environment: {},
    homeDirectory: '/nonexistent',
    context: undefined,
    nowMs: () => 0,
  })
  expect(found).toEqual({ ok: false, error: { kind: 'none' } })
})

test('the client library, of 80 MB, is loaded in one place, and only when a kubeconfig is read', () => {
  const src = join(import.meta.dirname, '../../src')
  const loads = globSync('**/*.ts', { cwd: src }).flatMap(path =>
    readFileSync(join(src, path), 'utf8')
      .split('\n')
      .filter(line => /\bimport\b.*@kubernetes\/client-node/.test(line) && !line.startsWith('import type '))
      .map(line => `${path}: ${line}`),
  )
  expect(loads).toEqual(["cluster/kube-config-files.ts: const client = () => import('@kubernetes/client-node')"])
})
