import { randomBytes } from 'node:crypto'
import { type Check, createCheck } from '../check/check.ts'
import { ignoring } from '../check/ignored.ts'
import { createMemory, type Memory } from '../check/memory.ts'
import { observedCheck, observedProbe } from '../check/observe.ts'
import { createProbe } from '../check/probe.ts'
import { createFindProgram } from '../check/program.ts'
import type { Nodes } from '../cluster/nodes.ts'
import type { Keychain } from '../credentials/keychain.ts'
import type { Platform } from '../image/platform.ts'
import type { Cidr } from '../registry/dial/cidr.ts'
import { createGuard, type Strictness } from '../registry/dial/guard.ts'
import type { Observe } from '../registry/observe.ts'
import { createRegistry } from '../registry/registry.ts'
import { createTrust } from '../registry/trust.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { type Landing, landing, landingAnywhere, landingOn } from '../workload/landing.ts'
import type { Node } from '../workload/node.ts'
import { possibleNodes } from '../workload/possible-nodes.ts'
import type { Workload } from '../workload/workload.ts'
import type { CredentialOptions } from './keychain.ts'
import { complaintSentence, type NetworkOptions, trustSentence } from './network.ts'
import { placesFor } from './places.ts'
import { version } from './version.ts'

/** What the configuration decides about an engine. */
export interface EngineSettings {
  /** The platforms of the cluster's nodes, or these; `any`: platforms are not judged. */
  readonly platforms: 'nodes' | 'any' | readonly Platform[]
  readonly addresses: AddressOptions
  readonly network: NetworkOptions
  readonly nodeFiles: NodeFiles
  readonly connections: ConnectionOptions
  readonly credentials: CredentialOptions
  readonly cache: CacheOptions
  /** Patterns of images that nobody asks about. */
  readonly ignoreImages: readonly string[]
}

/** Options of an engine. */
export interface EngineOptions extends EngineSettings {
  readonly strictness: Strictness
  readonly memory: EngineMemory
  readonly keychain: Keychain
  /** Whether some node runs CRI-O, which completes names without a registry in a way of its own. */
  readonly hasCrio: () => boolean
  /** The nodes of the cluster, where there is one. */
  readonly nodes: Pick<Nodes, 'current'> | undefined
  readonly observe: Observe
  /** What counts and logs; undefined: nobody does. */
  readonly telemetry?: Telemetry | undefined
  /** Where what is wrong with files is written to. */
  readonly log: (text: string) => void
}

/** The files in which nodes of other kinds are told of mirrors, in the place of certs.d. */
export interface NodeFiles {
  readonly registriesConf: string | undefined
  readonly registriesYaml: string | undefined
}

/** Connections to one host at the most, and to some hosts of their own. */
export interface ConnectionOptions {
  readonly perHost: number
  readonly hosts: ReadonlyMap<string, number>
}

/** For how long, and how much, is remembered. */
export interface CacheOptions {
  readonly foundSeconds: number
  readonly absentSeconds: number
  readonly entries: number
}

/** Addresses that are treated otherwise than their kind: no packet goes to a refused one, unless it is allowed. */
export interface AddressOptions {
  readonly refuse: readonly Cidr[]
  readonly allow: readonly Cidr[]
}

/** The core that the faces share, put together. */
export interface Engine {
  readonly check: Check
  readonly close: () => Promise<void>
}

/** What engines that follow one another hand on: what was learnt, and the key that tells credentials apart. */
export interface EngineMemory {
  readonly cache: CacheOptions
  readonly fingerprintKey: Uint8Array
  readonly memory: Memory
}

const nowMs = (): number => performance.now()

/** A memory for an engine: that of the one before, unless more or less is to be remembered now. */
export const engineMemory = (cache: CacheOptions, before?: EngineMemory): EngineMemory => {
  const isSame =
    before?.cache.foundSeconds === cache.foundSeconds &&
    before.cache.absentSeconds === cache.absentSeconds &&
    before.cache.entries === cache.entries
  if (isSame) return before
  return { cache, fingerprintKey: randomBytes(32), memory: createMemory({ ...cache, now: nowMs }) }
}

const landingAmong =
  ({ platforms, nodes }: Pick<EngineOptions, 'platforms' | 'nodes'>) =>
  ({ placement }: Workload): Landing => {
    if (platforms === 'any') return landingAnywhere
    if (platforms !== 'nodes') return landingOn(placement, platforms, undefined)
    const known = nodes?.current()
    return known === undefined ? landingAnywhere : landing(placement, known, undefined)
  }

const nodesFor =
  ({ nodes }: Pick<EngineOptions, 'nodes'>) =>
  ({ placement }: Workload): readonly Node[] | 'unknown' => {
    if (nodes === undefined) return []
    const known = nodes.current()
    return known === undefined ? 'unknown' : possibleNodes(placement, known, undefined)
  }

/** Puts the core together. */
export const createEngine = async (options: EngineOptions): Promise<Engine> => {
  const { addresses, strictness, network, nodeFiles, keychain, connections, cache, ignoreImages, observe, log } =
    options
  const { telemetry } = options
  const { fingerprintKey, memory } = options.memory
  const trust = await createTrust({ ...network.trust, nowMs, complain: problem => log(trustSentence(problem)) })
  const { dialogue, close } = createRegistry({
    userAgent: `pullgate/${version}`,
    connectionsPerHost: connections.perHost,
    connectionsByHost: connections.hosts,
    guard: createGuard({ ...addresses, strictness }),
    proxies: network.proxies,
    trust,
    findPlaces: placesFor({ ...network, ...nodeFiles, hasCrio: options.hasCrio }, nowMs, complaint =>
      log(complaintSentence(complaint)),
    ),
    fingerprintKey,
    nowMs,
    random: Math.random,
    mostTokens: 10_000,
    fetchMs: 5000,
    observe,
    ...(telemetry && { notify: telemetry.noticed }),
  })
  const plainProbe = createProbe({ ...cache, dialogue, now: nowMs, fingerprintKey, flightMs: 5000, memory })
  const probe = telemetry === undefined ? plainProbe : observedProbe(plainProbe, telemetry.probed, nowMs)
  const check = createCheck({
    probe,
    keychain,
    // Admission adds them to pods before they come here.
    addsAccountSecrets: ({ isTemplate }) => isTemplate,
    tags: dialogue.tags,
    program: createFindProgram(dialogue),
    landing: landingAmong(options),
    nodes: nodesFor(options),
    isIgnored: ignoring(ignoreImages),
  })
  return { check: telemetry === undefined ? check : observedCheck(check, telemetry.judged), close }
}
