import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { openTunnel } from './tunnel.ts'

// `npm run cluster`: the outside of a playground. The inside, in namespaces of its own, has the cluster; its ports are reached on
// 127.0.0.1 by tunnels of Unix sockets, so that nothing of this machine's network is changed. Ports of this machine that are given as
// arguments are reached from the inside in the same way: for a webhook that is being worked on.
const inward = process.argv.slice(2).map(Number)
if (inward.some(port => !Number.isInteger(port) || port < 1 || port > 65_535)) {
  console.error(
    'npm run cluster -- [PORT]...: ports of 127.0.0.1 that the API server may call, such as that of your webhook',
  )
  process.exit(2)
}

const outward = [await freePort(), await freePort(), await freePort()]
const sockets = await mkdtemp(join(tmpdir(), 'pullgate-playground-'))
const socketOf = (port: number): string => join(sockets, String(port))
for (const port of outward) await openTunnel(port, socketOf(port))
for (const port of inward) await openTunnel(socketOf(port), port)

const inside = ['node', join(import.meta.dirname, 'playground-inside.ts'), sockets, outward.join(), inward.join()]
// The inside ends with us, however we end.
const child = spawn('setpriv', ['--pdeathsig', 'TERM', '--', join(import.meta.dirname, 'in-namespace'), ...inside], {
  stdio: ['ignore', 'inherit', 'inherit'],
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill('SIGTERM'))
const [code] = await once(child, 'close')
await rm(sockets, { recursive: true, force: true })
process.exit(code ?? 1)
