import { afterEach } from 'vitest'
import {
  type RegistryOptions as EmbeddedOptions,
  type EmbeddedRegistry,
  startRegistry,
} from '../../src/demo/registry.ts'
import type { Dialogue } from '../../src/registry/dialogue.ts'
import { createRegistry, type RegistryOptions } from '../../src/registry/registry.ts'
import { registryOptions } from './registry-options.ts'

export { loopbackGuard, plainTerms, registryOptions } from './registry-options.ts'

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
export const registryFor = async (options: EmbeddedOptions = {}): Promise<EmbeddedRegistry> =>
  closedAfterTest(await startRegistry(options))

/** A dialogue with registries that lives as long as the test. */
export const dialogueForTest = (overrides: Partial<RegistryOptions> = {}): Dialogue =>
  closedAfterTest(createRegistry(registryOptions(overrides))).dialogue
