import type { Check } from '../check/check.ts'
import type { FoundObject } from '../cli/manifest/found-object.ts'
import type { Holding } from '../cli/manifest/holdings.ts'
import { manifestRuntimeClasses } from '../cli/manifest-runtime-classes.ts'
import { manifestSources } from '../cli/manifest-sources.ts'
import type { Observe } from '../registry/observe.ts'
import type { CheckedCluster } from './check-cluster.ts'
import { sourcesOf } from './cluster.ts'
import type { Settings } from './configuration.ts'
import { createEngine, engineMemory } from './engine.ts'
import { gateKeychain } from './keychain.ts'
import { runtimesOf } from './places.ts'
import type { Environment } from './surroundings.ts'

/** What a gate is made of. */
export interface GateParts {
  /** Undefined: no cluster is known. */
  readonly connected: CheckedCluster | undefined
  readonly settings: Settings
  readonly objects: readonly FoundObject[]
  readonly holdings: readonly Holding[]
  readonly configs: readonly string[]
  readonly environment: Environment
  readonly observe: Observe
  readonly log: (text: string) => void
}

/** The core, for one run. */
export interface Gate {
  readonly check: Check
  readonly close: () => Promise<void>
}

const nowMs = (): number => performance.now()

// For as long as a run lasts, a name means what it meant.
const runSeconds = 60 * 60
// Room is taken at once for all that may be remembered, and one image has several names and parts.
const leastEntries = 1000
const entriesAnImage = 10

/** What nodes there are: none whose platform could be judged, where there is no cluster, so that only what a pod says itself counts. */
const noNodes = { current: () => [] } as const

/** Opens the core for one run. */
export const openGate = async (parts: GateParts): Promise<Gate> => {
  const { connected, settings, objects, holdings, configs, environment, observe, log } = parts
  const cluster = connected?.cluster
  const sources = connected?.inNamespace(sourcesOf(connected.cluster))
  const runtimes = runtimesOf({ nodes: cluster?.nodes })
  const nobody = { findAccount: async () => undefined, requestToken: async () => undefined }
  const keychain = await gateKeychain({
    ...settings,
    sources: { ...nobody, ...sources, ...manifestSources(holdings, sources) },
    configs,
    hasCrio: () => runtimes().crio,
    environment,
    nowMs,
    log,
  })
  const uses = objects.flatMap(({ workloads }) => workloads.flatMap(({ images }) => images)).length
  const entries = Math.min(settings.cache.entries, leastEntries + entriesAnImage * uses)
  const cache = { ...settings.cache, foundSeconds: runSeconds, entries }
  const engine = await createEngine({
    ...settings,
    cache,
    strictness: 'workstation',
    settles: true,
    memory: engineMemory(cache),
    keychain,
    nodes: cluster === undefined ? noNodes : cluster.nodes,
    findRuntimeClass: manifestRuntimeClasses(holdings, cluster?.runtimeClasses.find),
    observe,
    log,
  })
  return { check: engine.check, close: engine.close }
}
