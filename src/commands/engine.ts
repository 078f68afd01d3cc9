import { randomBytes } from 'node:crypto'
import { type Check, createCheck } from '../check/check.ts'
import { ignoring } from '../check/ignored.ts'
import { keepingTags } from '../check/listed-tags.ts'
import { createMemory, type Memory } from '../check/memory.ts'
import { observedCheck, observedProbe } from '../check/observe.ts'
import { createProbe } from '../check/probe.ts'
import type { Keychain } from '../credentials/keychain.ts'
import { loadedLate } from '../lib/loaded-late.ts'
import type { Cidr } from '../registry/dial/cidr.ts'
import { createGuard, type Strictness } from '../registry/dial/guard.ts'
import type { Observe } from '../registry/observe.ts'
import { createRegistry } from '../registry/registry.ts'
import { createTrust } from '../registry/trust.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { CredentialOptions } from './keychain.ts'
import { complaintSentence, type NetworkOptions, trustSentence } from './network.ts'
import { createFindPlaces, runtimesOf } from './places.ts'
import { landingFor, nodesFor, type PlacingOptions } from './placing.ts'
import { version } from './version.ts'

/** What the configuration decides about an engine. */
export interface EngineSettings extends Pick<PlacingOptions, 'platforms'> {
  readonly addresses: AddressOptions
  readonly network: NetworkOptions
  readonly nodeFiles: NodeFiles
  readonly connections: ConnectionOptions
  readonly credentials: CredentialOptions
  readonly cache: CacheOptions
  /** Patterns of images that nobody asks about. */
  readonly ignoreImages: readonly string[]
  /** How many images a kubelet lists of what its node holds; -1: all. */
  readonly nodeStatusMaxImages: number
}

/** Options of an engine. */
export interface EngineOptions extends EngineSettings, PlacingOptions {
  readonly strictness: Strictness
  readonly memory: EngineMemory
  readonly keychain: Keychain
  /** For an audit, which asks for everything there is: what it heard a moment ago it believes; and where a host is spared it fetches nothing. */
  readonly audit?: { readonly isSpared: (host: string) => boolean } | undefined
  /** Whether a list of tags settles what credentials that nobody knows would be told; for who knows no cluster. */
  readonly settles?: boolean
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

/** Puts the core together. */
export const createEngine = async (options: EngineOptions): Promise<Engine> => {
  const { addresses, strictness, network, nodeFiles, keychain, connections, cache, ignoreImages, observe, log } =
    options
  const { telemetry, audit, settles = false } = options
  const doubts = audit === undefined
  const { fingerprintKey, memory } = options.memory
  const trust = await createTrust({ ...network.trust, nowMs, complain: problem => log(trustSentence(problem)) })
  const { dialogue, close } = createRegistry({
    userAgent: `pullgate/${version}`,
    connectionsPerHost: connections.perHost,
    connectionsByHost: connections.hosts,
    guard: createGuard({ ...addresses, strictness }),
    proxies: network.proxies,
    trust,
    ...createFindPlaces({ ...network, ...nodeFiles, runtimes: runtimesOf(options) }, nowMs, complaint =>
      log(complaintSentence(complaint)),
    ),
    fingerprintKey,
    nowMs,
    random: Math.random,
    mostTokens: 10_000,
    fetchMs: 5000,
    observe,
    ...audit,
    ...(telemetry && { notify: telemetry.noticed }),
  })
  const plainProbe = createProbe({ ...cache, dialogue, now: nowMs, fingerprintKey, flightMs: 5000, memory, doubts })
  const probe = telemetry === undefined ? plainProbe : observedProbe(plainProbe, telemetry.probed, nowMs)
  const check = createCheck({
    probe,
    keychain,
    // Admission adds them to pods before they come here.
    addsAccountSecrets: ({ isTemplate }) => isTemplate,
    doubts,
    settles,
    tags: doubts ? dialogue.tags : keepingTags(dialogue.tags, { keptSeconds: cache.foundSeconds, now: nowMs }),
    // Few images have a label that speaks against them.
    program: loadedLate(async () => (await import('../check/program.ts')).createFindProgram(dialogue)),
    landing: landingFor(options),
    nodes: nodesFor(options),
    mostListed: options.nodeStatusMaxImages,
    isIgnored: ignoring(ignoreImages),
  })
  return { check: telemetry === undefined ? check : observedCheck(check, telemetry.judged), close }
}
