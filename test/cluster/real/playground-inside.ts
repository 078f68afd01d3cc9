import { chown, copyFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { boxImage } from '../../node/machine/box-image.ts'
import { member } from '../../node/machine/registries.ts'
import { startWhole } from '../../node/machine/whole.ts'
import { push } from '../../registries/push.ts'
import { openTunnel } from './tunnel.ts'

const [sockets = '', outward = '', inward = ''] = process.argv.slice(2)
const portsOf = (text: string): readonly number[] => text.split(',').filter(Boolean).map(Number)
const [apiPort = 0, openPort = 0, closedPort = 0] = portsOf(outward)
const open = `127.0.0.1:${openPort}`
const closed = `127.0.0.1:${closedPort}`

const startingMs = 180_000
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort())

const began = performance.now()
const whole = await startWhole(
  {
    apiPort,
    addresses: {
      open: { address: '127.0.0.1', port: openPort },
      private: { address: '127.0.0.1', port: closedPort },
    },
    names: { open, private: closed },
  },
  AbortSignal.any([stop.signal, AbortSignal.timeout(startingMs)]),
).catch((error: Error) => {
  console.error(error.message)
  process.exit(1)
})
const { uid, gid } = await stat(sockets)
// Whoever started this need not be root, which we are by now.
const give = (name: string): Promise<void> => chown(join(sockets, name), uid, gid)
for (const port of portsOf(outward)) {
  await openTunnel(join(sockets, String(port)), port)
  await give(String(port))
}
for (const port of portsOf(inward)) await openTunnel(port, join(sockets, String(port)))
await push({ url: `http://${open}`, repository: 'playground/good', tag: '1' }, boxImage('playground'))

const { kubectl, folder } = whole.cluster
await copyFile(whole.cluster.kubeconfig, join(sockets, 'kubeconfig'))
await give('kubeconfig')
console.log(`
A cluster with one node runs, ready in ${((performance.now() - began) / 1000).toFixed(0)} s. In another terminal:

  export KUBECONFIG=${join(sockets, 'kubeconfig')}
  export PATH=${dirname(kubectl)}:$PATH
  kubectl get nodes
  kubectl run good --image=${open}/playground/good:1
  kubectl run bad --image=${open}/playground/bad:1
  kubectl get pods

Registries, by plain HTTP: ${open} for everybody, ${closed} for ${member.username} with the password ${member.password}.
hosts.toml files: ${whole.machine.certsD}
Other files: ${folder}. Logs: ${dirname(whole.machine.logs.kubelet)} and beside it.
${inward === '' ? '' : `The API server reaches 127.0.0.1:${inward} of this machine.\n`}Ctrl-C ends all of it.
`)
// A timer, for nothing else keeps a process that waits for a signal.
const awake = setInterval(() => undefined, 60_000)
if (!stop.signal.aborted) await new Promise(resolve => stop.signal.addEventListener('abort', resolve))
clearInterval(awake)
console.log('ending the cluster')
await whole.close()
process.exit(0)
