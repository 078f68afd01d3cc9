import { createGuard } from '../../src/registry/dial/guard.ts'
import type { RegistryOptions } from '../../src/registry/registry.ts'
import { noProxies, plainPlaces } from '../support/plain-network.ts'

/** A registry floor as a cluster has it that was told nothing, but for what is given. */
export const floorOptions = (given: Partial<RegistryOptions>): RegistryOptions => ({
  userAgent: 'pullgate/test',
  connectionsPerHost: 8,
  guard: createGuard({ refuse: [], allow: [], strictness: 'cluster' }),
  fingerprintKey: new Uint8Array(32),
  nowMs: () => performance.now(),
  random: Math.random,
  mostTokens: 10_000,
  fetchMs: 5000,
  findPlaces: plainPlaces,
  proxies: noProxies,
  trust: () => [],
  observe: () => {},
  ...given,
})
