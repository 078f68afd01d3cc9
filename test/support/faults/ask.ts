import { createProbe } from '../../../src/check/probe.ts'
import type { ProbeFailure } from '../../../src/registry/failure.ts'
import type { Answer } from '../../../src/verdict/evidence.ts'
import type { Finding } from '../../../src/verdict/finding.ts'
import { judge } from '../../../src/verdict/judge.ts'
import { evidence, nodes } from '../../verdict/evidence.ts'
import { dialogueForTest } from '../lifetime.ts'
import { referenceOf } from '../reference-of.ts'
import type { Scene } from './fault.ts'

/** What came of a question: what is thought of the image, and why there are no facts where there are none. */
export interface Asked {
  readonly findings: readonly Finding[]
  readonly failure: ProbeFailure | undefined
}

/** Asks the question of a scene, as often as one likes, with the memory of one process. */
export const askerOf = ({ image, credential, notes = [], runtime, settings = {} }: Scene) => {
  const probe = createProbe({
    dialogue: dialogueForTest(settings),
    foundSeconds: 60,
    absentSeconds: 5,
    flightMs: 5000,
    entries: 100,
    now: () => performance.now(),
    fingerprintKey: new Uint8Array(32),
  })
  const landing = nodes(['linux/amd64'], runtime)
  const platforms = landing.kind === 'platforms' ? landing.platforms : []
  const credentials = credential === undefined ? [] : [credential]
  const question = { reference: referenceOf(image), credentials, platforms, anew: false }

  return async (signal: AbortSignal): Promise<Asked> => {
    const probed = await probe(question, signal)
    const answer: Answer = probed.ok ? { kind: 'facts', ...probed.value } : { kind: 'failed', failure: probed.error }
    const { findings } = judge(evidence({ landing, notes, answer }))
    return { findings, failure: probed.ok ? undefined : probed.error }
  }
}
