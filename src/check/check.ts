import type { CredentialNote } from '../credentials/note.ts'
import type { Digest } from '../image/digest.ts'
import { type ImageReference, parseReference } from '../image/reference.ts'
import { type Firing, firing } from '../lib/abort.ts'
import { fail, type Result } from '../lib/result.ts'
import { mapSideBySide } from '../lib/side-by-side.ts'
import type { ProbeFailure } from '../registry/failure.ts'
import type { Pull } from '../registry/pull.ts'
import type { Answer, Evidence, Program } from '../verdict/evidence.ts'
import { type Judgement, judge } from '../verdict/judge.ts'
import { outcomeOf, type Report, type Verdict } from '../verdict/verdict.ts'
import type { Landing } from '../workload/landing.ts'
import type { ImageUse, Workload } from '../workload/workload.ts'
import type { IsIgnored } from './ignored.ts'
import { nearTags } from './near-tags.ts'
import type { Freshness, Probe, Probed } from './probe.ts'
import type { FindProgram } from './program.ts'

/** Says of each image of a workload what the node will make of it. Ends by its signal, with a verdict for every image. */
export type Check = (workload: Workload, signal: AbortSignal) => Promise<Report>

/** Lists the tags of an image's repository. */
export type ListTags = (pull: Pull, signal: AbortSignal) => Promise<Result<readonly string[], ProbeFailure>>

/** Options of a check. */
export interface CheckOptions {
  readonly probe: Probe
  readonly tags: ListTags
  readonly program: FindProgram
  /** The platforms that a workload may land on. */
  readonly landing: (workload: Workload) => Landing
  /** What nobody asks about. */
  readonly isIgnored: IsIgnored
}

// A pod has a handful of images; one with thousands is made to hurt.
const mostSideBySide = 32

/** Makes the function that all faces share. */
export const createCheck =
  ({ probe, tags, program, landing: landingOf, isIgnored }: CheckOptions): Check =>
  async (workload, signal) => {
    const landing = landingOf(workload)
    const over = firing(signal)
    const ask = inTime(askOnce(probe, landing, false, signal), over, signal)
    const askAnew = inTime(askOnce(probe, landing, true, signal), over, signal)
    const near = inTime((reference: ImageReference) => tags({ reference, credential: undefined }, signal), over, signal)
    const look = (reference: ImageReference, digest: Digest): Promise<Program> =>
      Promise.race([program({ reference, credentials: [], digest }, signal), over.fired.then(() => notSeen)])
    const known = { landing, notes: notesOf(workload), held: 'no-node-known', nearTags: undefined } as const
    const judgedOn = (use: ImageUse, { reference, answer }: Answered): Judged =>
      judged({ ...known, use, answer, program: undefined }, reference)

    const verdictOn = async (use: ImageUse): Promise<Verdict> => {
      if (isIgnored(use.image.text)) return { kind: 'skipped', use, reason: 'ignored-image' }
      const answered = await answerOn(use, ask)
      const first = judgedOn(use, answered)
      // Before something remembered denies, the registry is asked again: the image may have been mended since.
      const deniesFromMemory = answered.freshness !== 'fresh' && fails(first)
      const second = deniesFromMemory ? judgedOn(use, await answerOn(use, askAnew)) : first
      return verdictFrom(await furthered(second, { near, look }), second === first ? answered.freshness : 'fresh')
    }
    const verdicts = await mapSideBySide(workload.images, mostSideBySide, verdictOn)
    over.release()
    return { object: workload.object, onEveryNode: landing.kind === 'platforms' && landing.every, verdicts }
  }

/** What is known of a use of an image, and what follows from it. */
interface Judged {
  readonly reference: ImageReference | undefined
  readonly evidence: Evidence
  readonly judgement: Judgement
}

const judged = (evidence: Evidence, reference: ImageReference | undefined): Judged => ({
  reference,
  evidence,
  judgement: judge(evidence),
})

const fails = ({ judgement }: Judged): boolean => judgement.findings.some(({ code }) => outcomeOf(code) === 'fail')

type Ask<T> = (reference: ImageReference) => Promise<Result<T, ProbeFailure>>

/** Two uses of one image in a workload are one question. */
const askOnce = (probe: Probe, landing: Landing, anew: boolean, signal: AbortSignal): Ask<Probed> => {
  const platforms = landing.kind === 'platforms' ? landing.platforms : []
  const asked = new Map<string, ReturnType<Probe>>()
  return reference => {
    const name = reference.written
    const answer = asked.get(name) ?? probe({ reference, credentials: [], platforms, anew }, signal)
    asked.set(name, answer)
    return answer
  }
}

/** Answers by the deadline, whatever the question is doing, and asks nothing after it. */
const inTime =
  <T>(ask: Ask<T>, over: Firing, signal: AbortSignal): Ask<T> =>
  async reference => {
    const timedOut = fail({ host: reference.registry, step: 'manifest', kind: 'timed-out' } as const)
    return signal.aborted ? timedOut : Promise.race([ask(reference), over.fired.then(() => timedOut)])
  }

interface Answered {
  readonly reference: ImageReference | undefined
  readonly answer: Answer
  readonly freshness: Freshness
}

const answerOn = async ({ image, pullPolicy }: ImageUse, ask: Ask<Probed>): Promise<Answered> => {
  const fresh = { reference: undefined, freshness: 'fresh' } as const
  if (image.kind === 'placeholder') return { ...fresh, answer: { kind: 'placeholder' } }
  const parsed = parseReference(image.text)
  if (!parsed.ok) return { ...fresh, answer: { kind: 'invalid', problem: parsed.error } }
  const reference = parsed.value
  if (pullPolicy === 'Never') return { ...fresh, reference, answer: { kind: 'unasked' } }
  const asked = await ask(reference)
  if (!asked.ok) return { ...fresh, reference, answer: { kind: 'failed', failure: asked.error } }
  const { facts, freshness, quotaUsedUpAt } = asked.value
  return { reference, freshness, answer: { kind: 'facts', facts, quotaUsedUpAt } }
}

const notSeen: Program = { kind: 'not-found' }

interface Further {
  readonly near: Ask<readonly string[]>
  readonly look: (reference: ImageReference, digest: Digest) => Promise<Program>
}

/** Asks the one further question that would better a judgement, and judges again. */
const furthered = async (before: Judged, { near, look }: Further): Promise<Judged> => {
  const { evidence, reference, judgement } = before
  switch (judgement.next) {
    case undefined:
      return before
    case 'near-tags':
      return withNearTags(before, near)
    case 'program':
      if (reference === undefined || evidence.answer.kind !== 'facts') return before
      return judged({ ...evidence, program: await look(reference, evidence.answer.facts.digest) }, reference)
  }
}

const withNearTags = async (before: Judged, tags: Ask<readonly string[]>): Promise<Judged> => {
  const { evidence, reference } = before
  if (reference === undefined) return before
  const listed = await tags(reference)
  const failedWith = (failure: ProbeFailure): Judged =>
    judged({ ...evidence, answer: { kind: 'failed', failure } }, reference)
  if (!listed.ok) return isRepositoryMissing(listed.error) ? failedWith(listed.error) : before
  const { target, registry: host } = reference
  // It says that there is no such tag, and lists it.
  if (target.kind === 'tag' && listed.value.includes(target.tag))
    return failedWith({ host, step: 'tags', kind: 'bad-answer', problem: 'contradiction', status: undefined })
  return judged({ ...evidence, nearTags: nearTags(reference, listed.value) }, reference)
}

// Some registries say that it is the repository which is missing only when they are asked for its tags.
const isRepositoryMissing = (failure: ProbeFailure): boolean =>
  failure.kind === 'absent' && failure.missing === 'repository'

const verdictFrom = ({ evidence, reference, judgement }: Judged, freshness: Freshness): Verdict => ({
  kind: 'judged',
  use: evidence.use,
  reference,
  facts: evidence.answer.kind === 'facts' ? evidence.answer.facts : undefined,
  freshness: freshness === 'stale' ? 'stale' : 'fresh',
  findings: judgement.findings,
})

/**
 * Pull secrets are not read yet, so a refusal that they might lift is none. One note says it: a pod may name thousands.
 * To a pod the ServiceAccount's secrets were added before it came here, and so an empty list is really empty.
 */
const notesOf = ({ pullAs, isTemplate }: Workload): readonly CredentialNote[] => {
  const { imagePullSecrets: secrets, serviceAccount } = pullAs
  if (secrets === undefined || serviceAccount === undefined)
    return [{ kind: 'unreadable', source: 'controller', name: '' }]
  const [secret] = secrets
  if (secret !== undefined) return [{ kind: 'unreadable', source: 'secret', name: secret }]
  return isTemplate
    ? [{ kind: 'unreadable', source: 'service-account', name: serviceAccount }]
    : [{ kind: 'nodes-may-hold' }]
}
