import { setImmediate } from 'node:timers/promises'
import type { Keychain } from '../credentials/keychain.ts'
import { type Keys, noKeys } from '../credentials/keys.ts'
import { knownReference } from '../image/known-reference.ts'
import type { ImageReference } from '../image/reference.ts'
import type { Firing } from '../lib/abort.ts'
import type { ProbeFailure } from '../registry/failure.ts'
import type { Answer } from '../verdict/evidence.ts'
import type { Landing } from '../workload/landing.ts'
import type { ImageUse, Workload } from '../workload/workload.ts'
import { createRefusals, type Refusals } from './in-turn.ts'
import type { Freshness, Probe } from './probe.ts'

/** What came of asking for one use of an image. */
export interface Answered {
  readonly reference: ImageReference | undefined
  readonly answer: Answer
  readonly freshness: Freshness
  readonly keys: Keys
  readonly refusals: Refusals
}

/** Answers for one use of an image; what was answered just now with the same keys need not be asked again. */
export type AnswerUse = (use: ImageUse, before?: Answered) => Promise<Answered>

/** What answers are made of. */
export interface AnswerOptions {
  readonly probe: Probe
  readonly keychain: Keychain
  readonly addsAccountSecrets: (workload: Workload) => boolean
}

/** The workload in question, and until when there has to be an answer. */
export interface Asking {
  readonly workload: Workload
  readonly landing: Landing
  readonly over: Firing
  readonly signal: AbortSignal
}

/** A kubelet that cannot decode one of a pod's secrets pulls nothing for it, from whatever registry. */
const pullsNothing = ({ notes }: Keys): boolean => notes.some(({ kind }) => kind === 'malformed-secret')

const sameKeys = (a: Keys, b: Keys): boolean =>
  JSON.stringify([a.credentials, a.notes]) === JSON.stringify([b.credentials, b.notes])

/**
 * Gives up waiting by the deadline, whatever the question is doing. Who minds the deadline itself may still say what was good a while
 * ago, for which nobody waits longer than one turn of the event loop.
 */
const inTime = <T>(answer: Promise<T>, late: () => T, { over }: Asking): Promise<T> =>
  Promise.race([answer, over.fired.then(() => setImmediate()).then(late)])

/** Makes the function that answers for the images of one workload; anew: whatever is remembered of registries and secrets. */
export const createAnswers = (options: AnswerOptions, asking: Asking, anew: boolean): AnswerUse => {
  const { probe, keychain, addsAccountSecrets } = options
  const { workload, landing, signal } = asking
  const platforms = landing.kind === 'platforms' ? landing.platforms : []
  const pod = { pullAs: workload.pullAs, addsAccountSecrets: addsAccountSecrets(workload) }
  let podKeys: ReturnType<Keychain> | undefined

  const ask = (reference: ImageReference, before?: Answered): Promise<Answered> => {
    const refusals = before?.refusals ?? createRefusals()
    let keys = noKeys
    const told = (answer: Answer, freshness: Freshness = 'fresh'): Answered => {
      return { reference, answer, freshness, keys, refusals }
    }
    const failure: ProbeFailure = { host: reference.registry, step: 'manifest', kind: 'timed-out' }
    const late = (): Answered => told({ kind: 'failed', failure })

    const answer = async (): Promise<Answered> => {
      podKeys ??= keychain(pod, anew, signal)
      keys = await (await podKeys)(reference, signal)
      if (before?.freshness === 'fresh' && sameKeys(keys, before.keys)) return before
      if (pullsNothing(keys)) return told({ kind: 'unasked' })
      // Nothing is asked after the deadline.
      if (signal.aborted) return late()
      const probed = await probe({ reference, credentials: keys.credentials, platforms, anew, refusals }, signal)
      if (!probed.ok) return told({ kind: 'failed', failure: probed.error })
      const { facts, freshness, quotaUsedUpAt } = probed.value
      return told({ kind: 'facts', facts, quotaUsedUpAt }, freshness)
    }
    return signal.aborted ? Promise.resolve(late()) : inTime(answer(), late, asking)
  }

  // Two uses of one image in a workload are one question.
  const asked = new Map<string, Promise<Answered>>()
  const askOnce = (reference: ImageReference, before?: Answered): Promise<Answered> => {
    const known = asked.get(reference.written) ?? ask(reference, before)
    asked.set(reference.written, known)
    return known
  }

  return ({ image, pullPolicy }, before) => {
    if (image.kind === 'placeholder') return Promise.resolve(unasked(undefined, { kind: 'placeholder' }))
    const parsed = knownReference(image.text)
    if (!parsed.ok) return Promise.resolve(unasked(undefined, { kind: 'invalid', problem: parsed.error }))
    if (pullPolicy === 'Never') return Promise.resolve(unasked(parsed.value, { kind: 'unasked' }))
    return askOnce(parsed.value, before)
  }
}

const unasked = (reference: ImageReference | undefined, answer: Answer): Answered => {
  return { reference, answer, freshness: 'fresh', keys: noKeys, refusals: createRefusals() }
}
