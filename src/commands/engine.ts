import { randomBytes } from 'node:crypto'
import { type Check, createCheck } from '../check/check.ts'
import { createProbe } from '../check/probe.ts'
import type { Platform } from '../image/platform.ts'
import type { Cidr } from '../registry/dial/cidr.ts'
import { createGuard } from '../registry/dial/guard.ts'
import { noProxies } from '../registry/dial/proxy.ts'
import { plainPlaces } from '../registry/hosts/place.ts'
import { createRegistry } from '../registry/registry.ts'
import { landingAnywhere, landingOn } from '../workload/landing.ts'
import { version } from './version.ts'

/** Options of an engine. */
export interface EngineOptions {
  /** The platforms of the nodes; none: platforms are not judged. */
  readonly platforms: readonly Platform[]
  readonly addresses: AddressOptions
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

const noTrust: readonly string[] = []

/** Puts the core together. */
export const createEngine = ({ platforms, addresses }: EngineOptions): Engine => {
  const now = () => performance.now()
  const fingerprintKey = randomBytes(32)
  const { dialogue, close } = createRegistry({
    userAgent: `pullgate/${version}`,
    connectionsPerHost: 8,
    guard: createGuard({ ...addresses, strictness: 'cluster' }),
    proxies: noProxies,
    trust: () => noTrust,
    findPlaces: plainPlaces,
    fingerprintKey,
    nowMs: now,
    random: Math.random,
    mostTokens: 10_000,
    fetchMs: 5000,
    observe: () => {},
  })
  const probe = createProbe({ dialogue, foundSeconds: 60, entries: 100_000, now, fingerprintKey })
  const check = createCheck({
    probe,
    tags: dialogue.tags,
    landing: ({ placement }) => (platforms.length === 0 ? landingAnywhere : landingOn(placement, platforms, undefined)),
  })
  return { check, close }
}
