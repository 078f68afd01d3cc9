import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { ClusterAccess } from '../../cluster/real/access.ts'
import { type Folder, makeFolder } from '../../cluster/real/folder.ts'
import type { ContainerdLine } from './built.ts'
import { type Containerd, startContainerd } from './containerd.ts'
import { type Kubelet, startKubelet } from './kubelet.ts'
import { isInNamespace } from './names.ts'
import type { Registries } from './registries.ts'

const run = promisify(execFile)

/** How a node is set up. */
export interface MachineOptions {
  readonly cluster: ClusterAccess
  readonly registries: Registries
  /** `node-a`, where there is none. */
  readonly name?: string
  /** `2`, where there is none. */
  readonly containerd?: ContainerdLine
  /** containerd's older way of pulling, where it has two. */
  readonly localPull?: boolean
  /** More of the kubelet's configuration, over ours. */
  readonly kubelet?: Readonly<Record<string, unknown>>
  readonly kubeletFlags?: readonly string[]
  /** Tells its network from that of other nodes: 0, where there is none. */
  readonly number?: number
}

/** What a test is told of a node. */
export interface MachineAccess {
  readonly name: string
  /** The folder of hosts.toml files; containerd reads them at every pull. */
  readonly certsD: string
  readonly registries: { readonly open: string; readonly private: string }
  readonly containerdSocket: string
  readonly logs: { readonly containerd: string; readonly kubelet: string }
}

/** A node that runs: containerd and a kubelet. */
export interface Machine extends MachineAccess {
  readonly ctr: Containerd['ctr']
  readonly close: (keepLogs?: boolean) => Promise<void>
}

const writeHosts = async (certsD: string, host: string): Promise<void> => {
  await mkdir(join(certsD, host), { recursive: true })
  await writeFile(join(certsD, host, 'hosts.toml'), `server = "http://${host}"\n`)
}

const unmountBelow = async (path: string): Promise<void> => {
  const mounts = (await readFile('/proc/mounts', 'utf8')).split('\n').map(line => line.split(' ')[1] ?? '')
  const ours = mounts.filter(mount => mount.startsWith(`${path}/`))
  for (const mount of ours.toReversed()) await run('umount', ['--lazy', mount])
}

const endedEarly = (parts: readonly (Containerd | Kubelet | undefined)[]): readonly string[] =>
  parts.flatMap(each => {
    const how = each?.part.endedBy()
    return how === undefined ? [] : [`${each?.part.name} ${how}`]
  })

interface Running {
  readonly folder: Folder
  readonly cluster: ClusterAccess
  readonly name: string
  readonly number: number
  containerd?: Containerd
  kubelet?: Kubelet
}

// The Node goes too: one that is left behind is Ready to whoever starts a kubelet of its name.
const endAll = async (
  { folder, cluster, name, number, containerd, kubelet }: Running,
  keepLogs: boolean,
): Promise<void> => {
  const early = endedEarly([containerd, kubelet])
  await kubelet?.part.end()
  await cluster.client.remove({ apiVersion: 'v1', kind: 'Node', metadata: { name } }).catch(() => undefined)
  await containerd?.close()
  await unmountBelow(folder.path)
  await run('ip', ['link', 'delete', `machine${number}`]).catch(() => undefined)
  await folder.clear(keepLogs || early.length > 0)
  if (early.length > 0) throw new Error(`${name} lost parts: ${early.join(', ')}; the logs are in ${folder.logs}`)
}

/** Starts a node, and waits until the cluster calls it ready. */
export const startMachine = async (options: MachineOptions, signal: AbortSignal): Promise<Machine> => {
  if (!isInNamespace()) throw new Error('a node changes mounts and networks: start by test/cluster/real/in-namespace')
  const { cluster, registries, name = 'node-a', containerd: line = '2', localPull = false, number = 0 } = options
  const folder = await makeFolder(name)
  const certsD = join(folder.path, 'certs.d')
  for (const host of [registries.open, registries.private]) await writeHosts(certsD, host)
  const running: Running = { folder, cluster, name, number }
  const start = async (): Promise<{ containerd: Containerd; kubelet: Kubelet }> => {
    const { pauseImage } = registries
    const containerd = await startContainerd({ line, folder, pauseImage, certsD, localPull, number }, signal)
    running.containerd = containerd
    const kubelet = await startKubelet(
      {
        cluster,
        name,
        folder,
        containerdSocket: containerd.socket,
        address: '192.0.2.10',
        configuration: options.kubelet ?? {},
        flags: options.kubeletFlags ?? [],
      },
      signal,
    )
    running.kubelet = kubelet
    return { containerd, kubelet }
  }
  const { containerd, kubelet } = await start().catch(async error => {
    await endAll(running, true)
    throw error
  })
  return {
    name,
    certsD,
    registries: { open: registries.open, private: registries.private },
    containerdSocket: containerd.socket,
    logs: { containerd: containerd.logFile, kubelet: kubelet.logFile },
    ctr: containerd.ctr,
    close: (keepLogs = false) => endAll(running, keepLogs),
  }
}
