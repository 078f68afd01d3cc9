import { setImmediate } from 'node:timers/promises'
import type { Keychain } from '../credentials/keychain.ts'
import { type Keys, noKeys } from '../credentials/keys.ts'
import { type ImageReference, parseReference } from '../image/reference.ts'
import type { Firing } from '../lib/abort.ts'
import { fail, type Result } from '../lib/result.ts'
import type { ProbeFailure } from '../registry/failure.ts'
import type { Answer } from '../verdict/evidence.ts'
import type { Landing } from '../workload/landing.ts'
import type { ImageUse, Workload } from '../workload/workload.ts'
import { createRefusals, type Refusals } from './in-turn.ts'
import type { Freshness, Probe, Probed } from './probe.ts'

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
 * Gives up waiting by the deadline, whatever the question is doing, and asks nothing after it. Who minds the deadline
 * itself may still say what was good a while ago, for which nobody waits longer than one turn of the event loop.
 */
const inTime = async <T>(ask: () => Promise<T>, late: T, { over, signal }: Asking): Promise<T> =>
  signal.aborted ? late : Promise.race([ask(), over.fired.then(() => setImmediate(late))])

const unasked = () => ({ freshness: 'fresh', keys: noKeys, refusals: createRefusals() }) as const

/** Makes the function that answers for the images of one workload; anew: whatever is remembered of registries and secrets. */
export const createAnswers = (options: AnswerOptions, asking: Asking, anew: boolean): AnswerUse => {
  const { probe, keychain, addsAccountSecrets } = options
  const { workload, landing, signal } = asking
  const platforms = landing.kind === 'platforms' ? landing.platforms : []
  const pod = { pullAs: workload.pullAs, addsAccountSecrets: addsAccountSecrets(workload) }
  let podKeys: ReturnType<Keychain> | undefined

  const ask = async (reference: ImageReference, before?: Answered): Promise<Omit<Answered, 'reference'>> => {
    const late: ProbeFailure = { host: reference.registry, step: 'manifest', kind: 'timed-out' }
    const findKeys = async (): Promise<Keys> => {
      podKeys ??= keychain(pod, anew, signal)
      return (await podKeys)(reference, signal)
    }
    const refusals = before?.refusals ?? createRefusals()
    const keys = await inTime(findKeys, undefined, asking)
    if (keys === undefined) return { ...unasked(), answer: { kind: 'failed', failure: late } }
    if (before?.freshness === 'fresh' && sameKeys(keys, before.keys)) return before
    if (pullsNothing(keys)) return { freshness: 'fresh', keys, refusals, answer: { kind: 'unasked' } }
    const question = { reference, credentials: keys.credentials, platforms, anew, refusals }
    const asked: Result<Probed, ProbeFailure> = await inTime(() => probe(question, signal), fail(late), asking)
    if (!asked.ok) return { freshness: 'fresh', keys, refusals, answer: { kind: 'failed', failure: asked.error } }
    const { facts, freshness, quotaUsedUpAt } = asked.value
    return { freshness, keys, refusals, answer: { kind: 'facts', facts, quotaUsedUpAt } }
  }

  // Two uses of one image in a workload are one question.
  const asked = new Map<string, ReturnType<typeof ask>>()
  const askOnce = (reference: ImageReference, before?: Answered): ReturnType<typeof ask> => {
    const known = asked.get(reference.written) ?? ask(reference, before)
    asked.set(reference.written, known)
    return known
  }

  return async ({ image, pullPolicy }, before) => {
    const nothing = { ...unasked(), reference: undefined }
    if (image.kind === 'placeholder') return { ...nothing, answer: { kind: 'placeholder' } }
    const parsed = parseReference(image.text)
    if (!parsed.ok) return { ...nothing, answer: { kind: 'invalid', problem: parsed.error } }
    const reference = parsed.value
    if (pullPolicy === 'Never') return { ...unasked(), reference, answer: { kind: 'unasked' } }
    return { ...(await askOnce(reference, before)), reference }
  }
}
