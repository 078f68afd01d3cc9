import { afterEach } from 'vitest'
import { type EmbeddedRegistry, type RegistryOptions, startRegistry } from '../../src/demo/registry.ts'
import { knownCidr } from '../../src/registry/dial/cidr.ts'
import { createGuard } from '../../src/registry/dial/guard.ts'
import type { Dialogue } from '../../src/registry/dialogue.ts'
import { createRegistry } from '../../src/registry/registry.ts'

const closers: (() => Promise<unknown>)[] = []

/** Closes what a test opened when it is over. */
export const closedAfterTest = <T extends { close(): Promise<unknown> }>(closable: T): T => {
  closers.push(() => closable.close())
  return closable
}

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

/** A registry that lives as long as the test. */
export const registryFor = async (options: RegistryOptions = {}): Promise<EmbeddedRegistry> =>
  closedAfterTest(await startRegistry(options))

/** A guard as a cluster has it, but that the tests' registries stand on the loopback. */
export const loopbackGuard = createGuard({ refuse: [], allow: [knownCidr('127.0.0.0/8')], strictness: 'cluster' })

/** A dialogue with registries that lives as long as the test. */
export const dialogueForTest = (): Dialogue =>
  closedAfterTest(
    createRegistry({
      userAgent: 'pullgate/test',
      connectionsPerHost: 4,
      guard: loopbackGuard,
      fingerprintKey: new Uint8Array(32),
      nowMs: () => performance.now(),
      mostTokens: 100,
      fetchMs: 5000,
    }),
  ).dialogue
