import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ClusterAccess } from '../../src/cluster/identity.ts'
import { fromKubeConfig } from '../../src/cluster/kube-config.ts'
import { deadlineIn } from '../../src/lib/deadline.ts'
import { openSockets } from '../../src/lib/open-sockets.ts'
import { apiServerFor, clientOf } from '../support/api-server/connect.ts'
import { closedAfterTest } from '../support/lifetime.ts'

/** A proxy that opens tunnels, or takes the question and is silent. */
const proxyFor = async (isSilent: boolean) => {
  const tunnels: string[] = []
  const far = new Set<Socket>()
  const server = createServer().on('connect', ({ url = '' }, socket) => {
    tunnels.push(url)
    if (isSilent) return
    const [host = '', port] = url.split(':')
    const upstream = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      upstream.pipe(socket).pipe(upstream)
    })
    far.add(upstream)
    for (const end of [upstream, socket]) end.on('error', () => {})
  })
  const sockets = openSockets(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async (): Promise<void> => {
    for (const socket of [...sockets, ...far]) socket.destroy()
    server.close()
  }
  return closedAfterTest({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, tunnels, close })
}

const accessThrough = async (proxyUrl: string): Promise<{ readonly access: ClusterAccess; readonly host: string }> => {
  const server = await apiServerFor()
  const folder = await mkdtemp(join(tmpdir(), 'pullgate-kubeconfig-'))
  closedAfterTest({ close: () => rm(folder, { recursive: true }) })
  const authority = Buffer.from(server.caPem).toString('base64')
  const cluster = { server: server.url, 'certificate-authority-data': authority, 'proxy-url': proxyUrl }
  const config = {
    'current-context': 'here',
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user: { token: 'T' } }],
    contexts: [{ name: 'here', context: { cluster: 'c', user: 'u' } }],
  }
  await writeFile(join(folder, 'config'), JSON.stringify(config))
  const found = await fromKubeConfig({ files: [join(folder, 'config')], context: undefined, nowMs: () => 0 })
  if (!found.ok) throw new Error(found.error.kind)
  return { access: found.value, host: new URL(server.url).host }
}

test("the kubeconfig's proxy-url is gone through", async () => {
  const proxy = await proxyFor(false)
  const { access, host } = await accessThrough(proxy.url)
  expect(await clientOf(access).get('/api/v1/nodes', deadlineIn(20_000))).toMatchObject({ ok: true })
  expect(proxy.tunnels).toEqual([host])
})

test('a proxy that is silent hangs no question', async () => {
  const proxy = await proxyFor(true)
  const { access } = await accessThrough(proxy.url)
  const api = clientOf(access)
  expect(await api.get('/api/v1/nodes', deadlineIn(100))).toEqual({ ok: false, error: { kind: 'timed-out' } })
})
