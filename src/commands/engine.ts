import { randomBytes } from 'node:crypto'
import { type Check, createCheck } from '../check/check.ts'
import { createProbe } from '../check/probe.ts'
import { createFindProgram } from '../check/program.ts'
import type { Platform } from '../image/platform.ts'
import type { Cidr } from '../registry/dial/cidr.ts'
import { createGuard, type Strictness } from '../registry/dial/guard.ts'
import { createCertsDir } from '../registry/hosts/certs-dir.ts'
import { placesFromCertsDir } from '../registry/hosts/place.ts'
import type { Observe } from '../registry/observe.ts'
import { createRegistry } from '../registry/registry.ts'
import { createTrust } from '../registry/trust.ts'
import { landingAnywhere, landingOn } from '../workload/landing.ts'
import { complaintSentence, type NetworkOptions, trustSentence } from './network.ts'
import { version } from './version.ts'

/** Options of an engine. */
export interface EngineOptions {
  /** The platforms of the nodes; none: platforms are not judged. */
  readonly platforms: readonly Platform[]
  readonly addresses: AddressOptions
  readonly strictness: Strictness
  readonly network: NetworkOptions
  readonly observe: Observe
  /** Where what is wrong with files is written to. */
  readonly log: (text: string) => void
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

/** Puts the core together. */
export const createEngine = async (options: EngineOptions): Promise<Engine> => {
  const { platforms, addresses, strictness, network, observe, log } = options
  const nowMs = () => performance.now()
  const fingerprintKey = randomBytes(32)
  const certsDir = createCertsDir({
    roots: network.certsDirs,
    nowMs,
    complain: complaint => log(complaintSentence(complaint)),
  })
  const trust = await createTrust({ ...network.trust, nowMs, complain: problem => log(trustSentence(problem)) })
  const { dialogue, close } = createRegistry({
    userAgent: `pullgate/${version}`,
    connectionsPerHost: 8,
    guard: createGuard({ ...addresses, strictness }),
    proxies: network.proxies,
    trust,
    findPlaces: placesFromCertsDir(certsDir),
    fingerprintKey,
    nowMs,
    random: Math.random,
    mostTokens: 10_000,
    fetchMs: 5000,
    observe,
  })
  const probe = createProbe({
    dialogue,
    foundSeconds: 60,
    absentSeconds: 5,
    entries: 100_000,
    now: nowMs,
    fingerprintKey,
    flightMs: 5000,
  })
  const check = createCheck({
    probe,
    tags: dialogue.tags,
    program: createFindProgram(dialogue),
    landing: ({ placement }) => (platforms.length === 0 ? landingAnywhere : landingOn(placement, platforms, undefined)),
  })
  return { check, close }
}
