import { knownCidr } from '../../src/registry/dial/cidr.ts'
import { createGuard } from '../../src/registry/dial/guard.ts'
import type { RegistryOptions } from '../../src/registry/registry.ts'
import type { ClientTerms } from '../../src/registry/send.ts'
import { noProxies, plainPlaces } from './plain-network.ts'

/** A guard as a cluster has it, but that the tests' registries stand on the loopback. */
export const loopbackGuard = createGuard({ refuse: [], allow: [knownCidr('127.0.0.0/8')], strictness: 'cluster' })

const noTrust: readonly string[] = []

/** What a registry floor is made of in tests; each may have it otherwise. */
export const registryOptions = (overrides: Partial<RegistryOptions> = {}): RegistryOptions => ({
  userAgent: 'pullgate/test',
  connectionsPerHost: 4,
  guard: loopbackGuard,
  proxies: noProxies,
  trust: () => noTrust,
  findPlaces: plainPlaces,
  fingerprintKey: new Uint8Array(32),
  nowMs: () => performance.now(),
  random: () => 0.5,
  mostTokens: 100,
  fetchMs: 5000,
  observe: () => {},
  ...overrides,
})

/** How a host is connected to of which nothing is said. */
export const plainTerms: ClientTerms = { tls: { verify: true, ca: [], client: [] }, dialTimeoutMs: undefined }
