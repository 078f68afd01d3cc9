import type { Cluster } from '../cluster/cluster.ts'
import type { Strictness } from '../registry/dial/guard.ts'
import type { Observe } from '../registry/observe.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { sourcesOf } from './cluster.ts'
import type { Settings } from './configuration.ts'
import { createEngine, type Engine, type EngineMemory, type EngineOptions } from './engine.ts'
import { clusterKeychain } from './keychain.ts'
import { runtimesOf } from './places.ts'

/** What an engine for the pods of a cluster is made of. */
export interface ClusterEngineOptions {
  readonly settings: Settings
  /** Undefined: no cluster is known. */
  readonly cluster: Cluster | undefined
  readonly memory: EngineMemory
  readonly strictness: Strictness
  readonly audit?: EngineOptions['audit']
  readonly observe: Observe
  readonly telemetry: Telemetry | undefined
  readonly log: (text: string) => void
}

/** Makes an engine that asks with what the cluster's pods and nodes have, about the nodes that it has. */
export const createClusterEngine = async (options: ClusterEngineOptions): Promise<Engine> => {
  const { settings, cluster, ...others } = options
  const sources = cluster && sourcesOf(cluster)
  const runtimes = runtimesOf({ nodes: cluster?.nodes })
  const keychain = await clusterKeychain({
    ...{ ...settings, sources, log: options.log },
    hasCrio: () => runtimes().crio,
    nowMs: () => performance.now(),
  })
  const known = { nodes: cluster?.nodes, findRuntimeClass: cluster?.runtimeClasses.find }
  return createEngine({ ...settings, ...others, ...known, keychain })
}
