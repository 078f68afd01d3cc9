import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { closedAfterTest } from '../../support/lifetime.ts'
import { freePort } from './free-port.ts'
import { openTunnel } from './tunnel.ts'

const heardAt = async (port: number): Promise<string> => {
  const socket = connect(port, '127.0.0.1')
  socket.end('question')
  return text(socket)
}

test('two tunnels lead from a port by a Unix socket to another port, and back', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tunnel-'))
  closedAfterTest({ close: () => rm(folder, { recursive: true }) })
  const server = createServer({ allowHalfOpen: true }, async socket => socket.end(`answer to ${await text(socket)}`))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const [near, middle] = [await freePort(), join(folder, 'socket')]
  const first = await openTunnel(near, middle)
  expect(await heardAt(near).catch(() => 'nobody')).toMatch(/^(nobody)?$/)
  const second = await openTunnel(middle, (server.address() as AddressInfo).port)
  expect(await heardAt(near)).toBe('answer to question')
  for (const each of [first, second, server]) each.close()
})
