import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { accessTo, type ClusterAccess } from './access.ts'
import { pathOf } from './built.ts'
import type { KubeClient } from './client.ts'
import { argumentsOf, type ControlPart, controlParts, type FlagSources } from './flags.ts'
import { makeFolder } from './folder.ts'
import { freePort } from './free-port.ts'
import { writePapers } from './papers.ts'
import { type Part, startPart } from './part.ts'
import { statusOf } from './status-of.ts'

/** How a cluster is set up. */
export interface ClusterOptions {
  /** All four, where none are named. Without the controllers nobody makes default ServiceAccounts. */
  readonly parts?: readonly ControlPart[]
  /** More flags for a part, behind ours; the last one of a name holds. */
  readonly flags?: Readonly<Partial<Record<ControlPart, readonly string[]>>>
  /** The port of the API server; a free one where none is named. */
  readonly port?: number
}

/** A control plane that runs, with an etcd of its own. */
export interface Cluster extends ClusterAccess {
  /** Ends a part, nicely or rudely. */
  readonly stopPart: (part: ControlPart, signal?: 'SIGTERM' | 'SIGKILL') => Promise<void>
  /** Starts it again, on the same port with the same data, and waits until it is ready. */
  readonly startPart: (part: ControlPart, signal: AbortSignal) => Promise<void>
  readonly log: (part: ControlPart) => string
  /** Ends everything; an error says which part had ended before. */
  readonly close: (keepLogs?: boolean) => Promise<void>
}

const portsFor = async (apiServer: number | undefined): Promise<FlagSources['ports']> => ({
  etcd: await freePort(),
  'etcd peers': await freePort(),
  'kube-apiserver': apiServer ?? (await freePort()),
  'kube-controller-manager': await freePort(),
  'kube-scheduler': await freePort(),
})

const healthOf = (part: ControlPart, ports: FlagSources['ports']): string =>
  ({
    etcd: `http://127.0.0.1:${ports.etcd}/health`,
    'kube-apiserver': `https://127.0.0.1:${ports['kube-apiserver']}/readyz`,
    'kube-controller-manager': `https://127.0.0.1:${ports['kube-controller-manager']}/healthz`,
    'kube-scheduler': `https://127.0.0.1:${ports['kube-scheduler']}/healthz`,
  })[part]

const firstParts = ['etcd', 'kube-apiserver'] as const
const followers = ['kube-controller-manager', 'kube-scheduler'] as const

// What has started by the time that another one has failed is known, and can be ended.
const allOf = async (starting: readonly Promise<void>[]): Promise<void> => {
  await Promise.allSettled(starting)
  await Promise.all(starting)
}

// A pod cannot be made before its ServiceAccount is.
const awaitAccount = (client: KubeClient): Promise<unknown> =>
  client.until('v1', 'ServiceAccount', 'default', 'default', () => true, 30_000)

const endAll = async (running: ReadonlyMap<ControlPart, Part>): Promise<readonly string[]> => {
  const early = [...running.values()].flatMap(part => {
    const how = part.endedBy()
    return how === undefined ? [] : [`${part.name} ${how}`]
  })
  for (const part of controlParts.toReversed()) await running.get(part)?.end()
  return early
}

/** Starts the parts that are asked for, on free ports of loopback, and waits until they are ready. */
export const startCluster = async (
  { parts = controlParts, flags = {}, port }: ClusterOptions,
  signal: AbortSignal,
): Promise<Cluster> => {
  const folder = await makeFolder('cluster')
  const ports = await portsFor(port)
  const url = `https://127.0.0.1:${ports['kube-apiserver']}`
  const authority = await writePapers(folder.path, url)
  const access = await accessTo({ url, folder: folder.path, authority })
  await mkdir(join(folder.path, 'etcd'), { mode: 0o700 })
  const at = (name: string): string => join(folder.path, name)
  const logFile = (part: ControlPart): string => join(folder.logs, `${part}.log`)
  const running = new Map<ControlPart, Part>()

  const start: Cluster['startPart'] = async (part, inTime) => {
    const args = [...argumentsOf(part, { at, ports }), ...(flags[part] ?? [])]
    const isReady = async (): Promise<boolean> => (await statusOf(healthOf(part, ports))) === 200
    running.set(
      part,
      await startPart({ name: part, path: pathOf(part), args, logFile: logFile(part), isReady }, inTime),
    )
  }
  const startAll = async (): Promise<void> => {
    for (const part of firstParts.filter(each => parts.includes(each))) await start(part, signal)
    await allOf(followers.filter(each => parts.includes(each)).map(part => start(part, signal)))
    if (parts.includes('kube-controller-manager')) await awaitAccount(access.client)
  }
  const close: Cluster['close'] = async (keepLogs = false) => {
    await access.client.close()
    const early = await endAll(running)
    await folder.clear(keepLogs || early.length > 0)
    if (early.length > 0) throw new Error(`the cluster lost parts: ${early.join(', ')}; the logs are in ${folder.logs}`)
  }
  await startAll().catch(async error => {
    await close(true).catch((lost: Error) => {
      // What was lost is why the next one did not start.
      throw new Error(lost.message, { cause: error })
    })
    throw error
  })
  return {
    ...access,
    startPart: start,
    stopPart: async (part, kind) => running.get(part)?.end(kind),
    log: part => readFileSync(logFile(part), 'utf8'),
    close,
  }
}
