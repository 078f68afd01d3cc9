import type { KubeClient, KubeObject } from '../../cluster/real/client.ts'

const mergePatch = 'application/merge-patch+json'

const must = async (asked: ReturnType<KubeClient['request']>): Promise<KubeObject> => {
  const { status, body } = await asked
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`)
  return body as KubeObject
}

/** Makes a namespace, and waits until pods can be made there. */
export const makeNamespace = async (client: KubeClient, name: string): Promise<void> => {
  await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  await client.until('v1', 'ServiceAccount', 'default', name, () => true, 30_000)
}

/** Makes a node that says what it is, though nothing runs it. */
export const makeNode = async (client: KubeClient, name: string, architecture: string): Promise<void> => {
  const labels = { 'kubernetes.io/arch': architecture, 'kubernetes.io/os': 'linux', 'kubernetes.io/hostname': name }
  await client.apply({ apiVersion: 'v1', kind: 'Node', metadata: { name, labels } })
  const nodeInfo = {
    ...{ architecture, operatingSystem: 'linux', containerRuntimeVersion: 'containerd://2.1.4' },
    ...{
      bootID: '',
      kernelVersion: '',
      kubeProxyVersion: '',
      kubeletVersion: '',
      machineID: '',
      osImage: '',
      systemUUID: '',
    },
  }
  const path = `/api/v1/nodes/${name}`
  await must(client.request('PATCH', `${path}/status`, { status: { nodeInfo } }, mergePatch))
  // Of a node that has not said yet that it is ready.
  await must(client.request('PATCH', path, { spec: { taints: null } }, mergePatch))
}

/** A Deployment of which no controller makes pods here. */
export const deployment = (namespace: string, name: string, image: string, more: object = {}): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace },
  spec: {
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'app', image }], ...more } },
  },
})

/** A pod of an owner. */
export const podOf = (owner: KubeObject, number: number, image: string): KubeObject => {
  const { apiVersion, kind, metadata } = owner
  const { name, namespace = '', uid } = metadata
  const ownerReferences = [{ apiVersion, kind, name, uid, controller: true }]
  return {
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: `${name}-${number}`, namespace, ownerReferences } },
    spec: { containers: [{ name: 'app', image }] },
  }
}

/** Has a pod say which image it runs, as its node would. */
export const runningImage = async (client: KubeClient, { metadata }: KubeObject, imageID: string): Promise<void> => {
  const container = { name: 'app', image: 'x', imageID, ready: true, restartCount: 0 }
  const status = { phase: 'Running', containerStatuses: [container] }
  const path = `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}/status`
  await must(client.request('PATCH', path, { status }, mergePatch))
}

/** Does work for each of many, some at a time, until the signal fires; says how many were done. */
export const eachOf = async <T>(
  all: Iterable<T>,
  atOnce: number,
  work: (one: T) => Promise<unknown>,
  signal: AbortSignal,
): Promise<number> => {
  const left = all[Symbol.iterator]()
  let done = 0
  const worker = async (): Promise<void> => {
    for (let next = left.next(); next.done !== true && !signal.aborted; next = left.next()) {
      await work(next.value)
      done += 1
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return done
}
