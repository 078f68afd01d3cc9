import { afterAll, afterEach, beforeAll } from 'vitest'
import { createProbe } from '../../src/check/probe.ts'
import type { ImageFacts } from '../../src/image/facts.ts'
import { parsePlatform } from '../../src/image/platform.ts'
import { ok, type Result } from '../../src/lib/result.ts'
import type { Credential } from '../../src/registry/auth/credential.ts'
import type { Dialogue } from '../../src/registry/dialogue.ts'
import type { ProbeFailure } from '../../src/registry/failure.ts'
import type { RegistryOptions } from '../../src/registry/registry.ts'
import { dialogueForTest } from '../support/lifetime.ts'
import { referenceOf } from '../support/reference-of.ts'
import type { RealRegistry } from './kinds.ts'

/** Who asks, and for which nodes. */
export interface Asker {
  readonly credentials?: readonly Credential[]
  /** `linux/arm64`; none: platforms are not judged. */
  readonly platforms?: readonly string[]
}

/** A dialogue that remembers nothing yet, and a probe on top of it. */
export interface Questions {
  readonly dialogue: Dialogue
  readonly ask: (image: string, asker?: Asker) => Promise<Result<ImageFacts, ProbeFailure>>
}

/** A registry that stands for all tests of a suite. */
export interface Standing {
  readonly registry: () => RealRegistry
  readonly questions: (overrides?: Partial<RegistryOptions>) => Questions
}

const nodeOf = (text: string) => {
  const parsed = parsePlatform(text)
  if (!parsed.ok) throw new Error(parsed.error)
  return { platform: parsed.value, runtime: 'containerd://2.4.2' }
}

/** The time that a question may take. */
export const inTime = (): AbortSignal => AbortSignal.timeout(10_000)

/** Has a registry stand for a suite, shows its log where a test fails, and says in the end what was asked. */
export const standing = (name: string, start: () => Promise<RealRegistry>): Standing => {
  let registry: RealRegistry | undefined
  let asked = 0
  let requests = 0
  beforeAll(async () => {
    registry = await start()
  })
  afterEach(({ task }) => {
    if (task.result?.state === 'fail' && task.fails !== true)
      console.log(`${name} wrote:\n${registry?.log().slice(-4000)}`)
  })
  afterAll(async () => {
    await registry?.close()
    console.log(`${name}: questions ${asked}, requests ${requests}`)
  })
  return {
    registry: () => {
      if (registry === undefined) throw new Error(`${name} does not stand`)
      return registry
    },
    questions: overrides => {
      const observe = (): void => {
        requests += 1
      }
      const dialogue = dialogueForTest({ ...overrides, observe })
      const fingerprintKey = new Uint8Array(32)
      const probe = createProbe({
        dialogue,
        foundSeconds: 60,
        absentSeconds: 5,
        flightMs: 5000,
        entries: 100,
        now: () => 1000,
        fingerprintKey,
      })
      const ask: Questions['ask'] = async (image, { credentials = [], platforms = [] } = {}) => {
        asked += 1
        const question = { reference: referenceOf(image), credentials, platforms: platforms.map(nodeOf), anew: false }
        const probed = await probe(question, inTime())
        return probed.ok ? ok(probed.value.facts) : probed
      }
      return { dialogue, ask }
    },
  }
}
