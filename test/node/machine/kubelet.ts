import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ClusterAccess } from '../../cluster/real/access.ts'
import { pathOf } from '../../cluster/real/built.ts'
import type { Folder } from '../../cluster/real/folder.ts'
import { freePort } from '../../cluster/real/free-port.ts'
import { type Part, startPart } from '../../cluster/real/part.ts'

/** How a kubelet is set up. */
export interface KubeletOptions {
  readonly cluster: ClusterAccess
  readonly name: string
  readonly folder: Folder
  readonly containerdSocket: string
  /** An address of this node that is not a loopback one. */
  readonly address: string
  /** More of its configuration, over ours. */
  readonly configuration: Readonly<Record<string, unknown>>
  readonly flags: readonly string[]
}

/** A kubelet that runs, and has registered its node. */
export interface Kubelet {
  readonly part: Part
  readonly logFile: string
}

const configOf = (options: KubeletOptions, port: number, at: (name: string) => string): object => ({
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  kind: 'KubeletConfiguration',
  address: options.address,
  port,
  readOnlyPort: 0,
  healthzPort: 0,
  tlsCertFile: at('kubelet.crt'),
  tlsPrivateKeyFile: at('kubelet.key'),
  authentication: {
    x509: { clientCAFile: at('ca.crt') },
    anonymous: { enabled: false },
    webhook: { enabled: true },
  },
  authorization: { mode: 'Webhook' },
  containerRuntimeEndpoint: `unix://${options.containerdSocket}`,
  cgroupDriver: 'cgroupfs',
  cgroupsPerQOS: false,
  enforceNodeAllocatable: [],
  failCgroupV1: false,
  failSwapOn: false,
  localStorageCapacityIsolation: false,
  makeIPTablesUtilChains: false,
  resolvConf: '/etc/resolv.conf',
  clusterDNS: ['10.96.0.10'],
  podLogsDir: at('pods'),
  volumePluginDir: at('plugins'),
  // The disk of this machine is not the tests' business.
  evictionHard: { 'memory.available': '1Mi', 'nodefs.available': '1Mi', 'imagefs.available': '1Mi' },
  imageGCHighThresholdPercent: 100,
  nodeStatusUpdateFrequency: '4s',
  nodeStatusMaxImages: -1,
  syncFrequency: '10s',
  // Five pulls a second otherwise, one after the other.
  registryPullQPS: 0,
  serializeImagePulls: false,
  maxPods: 200,
  ...options.configuration,
})

const writePapers = async (
  { cluster, name, address }: KubeletOptions,
  at: (name: string) => string,
): Promise<string> => {
  const { cert, key } = await cluster.serverCertificate([name, 'localhost', address])
  await writeFile(at('ca.crt'), cluster.ca)
  await writeFile(at('kubelet.crt'), cert)
  await writeFile(at('kubelet.key'), key, { mode: 0o600 })
  return cluster.userKubeconfig(`system:node:${name}`, ['system:nodes'])
}

const isNodeReady = async ({ cluster, name }: KubeletOptions): Promise<boolean> => {
  const node = await cluster.client.get('v1', 'Node', name)
  const status = node?.['status'] as { readonly conditions?: readonly { type: string; status: string }[] } | undefined
  return status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false
}

/** Starts a kubelet, and waits until its node is ready. */
export const startKubelet = async (options: KubeletOptions, signal: AbortSignal): Promise<Kubelet> => {
  const at = (name: string): string => join(options.folder.path, 'kubelet', name)
  await mkdir(at('plugins'), { recursive: true })
  const kubeconfig = await writePapers(options, at)
  // YAML reads JSON.
  await writeFile(at('config.yaml'), JSON.stringify(configOf(options, await freePort(), at)))
  const logFile = join(options.folder.logs, 'kubelet.log')
  const part = await startPart(
    {
      name: 'kubelet',
      path: pathOf('kubelet'),
      args: [
        `--config=${at('config.yaml')}`,
        `--kubeconfig=${kubeconfig}`,
        `--hostname-override=${options.name}`,
        `--node-ip=${options.address}`,
        `--root-dir=${at('root')}`,
        ...options.flags,
      ],
      logFile,
      isReady: () => isNodeReady(options),
    },
    signal,
  )
  return { part, logFile }
}
