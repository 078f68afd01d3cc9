import type { Check } from '../check/check.ts'
import type { Holding } from '../cli/manifest/holdings.ts'
import { manifestSources } from '../cli/manifest-sources.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { deadlineIn } from '../lib/deadline.ts'
import { ok, type Result } from '../lib/result.ts'
import type { Observe } from '../registry/observe.ts'
import type { Mode } from '../verdict/policy.ts'
import type { CheckOptions } from './check.ts'
import { connectForCheck } from './check-cluster.ts'
import { namespaceModes, sourcesOf } from './cluster.ts'
import type { Settings } from './configuration.ts'
import { createEngine, engineMemory } from './engine.ts'
import { gateKeychain } from './keychain.ts'
import { runtimesOf } from './places.ts'
import type { Environment } from './surroundings.ts'

/** What a gate is made of. */
export interface GateParts {
  readonly options: Pick<CheckOptions, 'cluster' | 'context' | 'namespace'>
  readonly settings: Settings
  readonly holdings: readonly Holding[]
  readonly configs: readonly string[]
  readonly environment: Environment
  readonly observe: Observe
  readonly log: (text: string) => void
}

/** The core, for one run. */
export interface Gate {
  readonly check: Check
  readonly modeIn: (namespace: string, mode: Mode) => Promise<Mode>
  readonly close: () => Promise<void>
}

const nowMs = (): number => performance.now()

// For as long as a run lasts, a name means what it meant.
const runSeconds = 60 * 60
const modeMs = 5000

/** The modes that the manifests' own Namespaces set, for those that will be made of them. */
const modesIn = (holdings: readonly Holding[]): ReadonlyMap<string, string> =>
  new Map(holdings.flatMap(holding => (holding.kind === 'namespace' ? [[holding.name, holding.mode] as const] : [])))

const createModeIn = ({ holdings, options }: GateParts, cluster: Cluster | undefined): Gate['modeIn'] => {
  const written = modesIn(holdings)
  const label = async (namespace: string) => {
    const value = written.get(namespace)
    return value === undefined ? ({ kind: 'none' } as const) : ({ kind: 'label', value } as const)
  }
  const modeOf: Cluster['namespaces']['modeOf'] = async (namespace, signal) =>
    cluster === undefined || written.has(namespace) ? label(namespace) : cluster.namespaces.modeOf(namespace, signal)
  const find = namespaceModes({ namespaces: { modeOf } })
  return (namespace, mode) => find(namespace || (options.namespace ?? ''), mode, deadlineIn(modeMs))
}

/** What nodes there are: none whose platform could be judged, where there is no cluster, so that only what a pod says itself counts. */
const noNodes = { current: () => [] } as const

/** Opens the core for one run; fails with a sentence where a cluster was wanted and cannot be had. */
export const openGate = async (parts: GateParts): Promise<Result<Gate, string>> => {
  const { options, settings, holdings, configs, environment, observe, log } = parts
  const connected = options.cluster ? await connectForCheck({ ...options, environment, log }) : ok(undefined)
  if (!connected.ok) return connected
  const cluster = connected.value?.cluster
  const sources = connected.value?.inNamespace(sourcesOf(connected.value.cluster))
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
  const cache = { ...settings.cache, foundSeconds: runSeconds }
  const engine = await createEngine({
    ...settings,
    cache,
    strictness: 'workstation',
    settles: true,
    memory: engineMemory(cache),
    keychain,
    nodes: cluster === undefined ? noNodes : cluster.nodes,
    findRuntimeClass: cluster?.runtimeClasses.find,
    observe,
    log,
  })
  const close = async (): Promise<void> => {
    await engine.close()
    await cluster?.close()
  }
  return ok({ check: engine.check, modeIn: createModeIn(parts, cluster), close })
}
