import type { CredentialNote } from '../credentials/note.ts'
import type { ImageFacts } from '../image/facts.ts'
import { formatReference, type ImageReference, parseReference } from '../image/reference.ts'
import { firing } from '../lib/abort.ts'
import { fail, type Result } from '../lib/result.ts'
import { mapSideBySide } from '../lib/side-by-side.ts'
import type { ProbeFailure } from '../registry/failure.ts'
import type { Answer, Evidence } from '../verdict/evidence.ts'
import { judge } from '../verdict/judge.ts'
import type { Report, Verdict } from '../verdict/verdict.ts'
import type { Landing } from '../workload/landing.ts'
import type { ImageUse, Workload } from '../workload/workload.ts'
import { nearTags } from './near-tags.ts'
import type { Probe } from './probe.ts'

/** Says of each image of a workload what the node will make of it. Ends by its signal, with a verdict for every image. */
export type Check = (workload: Workload, signal: AbortSignal) => Promise<Report>

/** Lists the tags of a reference's repository. */
export type ListTags = (
  reference: ImageReference,
  signal: AbortSignal,
) => Promise<Result<readonly string[], ProbeFailure>>

/** Options of a check. */
export interface CheckOptions {
  readonly probe: Probe
  readonly tags: ListTags
  /** The platforms that a workload may land on. */
  readonly landing: (workload: Workload) => Landing
}

// A pod has a handful of images; one with thousands is made to hurt.
const mostSideBySide = 32

/** Makes the function that all faces share. */
export const createCheck =
  ({ probe, tags, landing: landingOf }: CheckOptions): Check =>
  async (workload, signal) => {
    const landing = landingOf(workload)
    const over = firing(signal)
    const ask = inTime(askOnce(probe, landing, signal), over, signal)
    const near = inTime((reference: ImageReference) => tags(reference, signal), over, signal)
    const notes = notesOf(workload)
    const verdictOn = async (use: ImageUse): Promise<Verdict> => {
      const { reference, answer } = await answerOn(use, ask)
      const evidence: Evidence = {
        use,
        answer,
        landing,
        notes,
        held: 'no-node-known',
        nearTags: undefined,
        program: undefined,
      }
      return verdictFrom(await withNearTags(evidence, reference, near), reference)
    }
    const verdicts = await mapSideBySide(workload.images, mostSideBySide, verdictOn)
    return { object: workload.object, onEveryNode: landing.kind === 'platforms' && landing.every, verdicts }
  }

type Ask<T> = (reference: ImageReference) => Promise<Result<T, ProbeFailure>>

/** Two uses of one image in a workload are one question. */
const askOnce = (probe: Probe, landing: Landing, signal: AbortSignal): Ask<ImageFacts> => {
  const platforms = landing.kind === 'platforms' ? landing.platforms : []
  const asked = new Map<string, ReturnType<Probe>>()
  return reference => {
    const name = formatReference(reference)
    const answer = asked.get(name) ?? probe({ reference, platforms }, signal)
    asked.set(name, answer)
    return answer
  }
}

/** Answers by the deadline, whatever the question is doing, and asks nothing after it. */
const inTime =
  <T>(ask: Ask<T>, over: Promise<void>, signal: AbortSignal): Ask<T> =>
  async reference => {
    const timedOut = fail({ host: reference.registry, step: 'manifest', kind: 'timed-out' } as const)
    return signal.aborted ? timedOut : Promise.race([ask(reference), over.then(() => timedOut)])
  }

interface Answered {
  readonly reference: ImageReference | undefined
  readonly answer: Answer
}

const answerOn = async ({ image, pullPolicy }: ImageUse, ask: Ask<ImageFacts>): Promise<Answered> => {
  if (image.kind === 'placeholder') return { reference: undefined, answer: { kind: 'placeholder' } }
  const parsed = parseReference(image.text)
  if (!parsed.ok) return { reference: undefined, answer: { kind: 'invalid', problem: parsed.error } }
  const reference = parsed.value
  if (pullPolicy === 'Never') return { reference, answer: { kind: 'unasked' } }
  const asked = await ask(reference)
  return {
    reference,
    answer: asked.ok ? { kind: 'facts', facts: asked.value } : { kind: 'failed', failure: asked.error },
  }
}

const withNearTags = async (
  evidence: Evidence,
  reference: ImageReference | undefined,
  tags: Ask<readonly string[]>,
): Promise<Evidence> => {
  if (reference === undefined || judge(evidence).next !== 'near-tags') return evidence
  const listed = await tags(reference)
  if (listed.ok) return { ...evidence, nearTags: nearTags(reference, listed.value) }
  // Some registries say that it is the repository which is missing only when they are asked for its tags.
  const { error } = listed
  const isRepository = error.kind === 'absent' && error.missing === 'repository'
  return isRepository ? { ...evidence, answer: { kind: 'failed', failure: error } } : evidence
}

const verdictFrom = (evidence: Evidence, reference: ImageReference | undefined): Verdict => ({
  kind: 'judged',
  use: evidence.use,
  reference,
  digest: evidence.answer.kind === 'facts' ? evidence.answer.facts.digest : undefined,
  freshness: 'fresh',
  findings: judge(evidence).findings,
})

/** Pull secrets are not read yet, so a refusal that they might lift is none. */
const notesOf = ({ pullAs }: Workload): readonly CredentialNote[] => {
  const { imagePullSecrets: secrets, serviceAccount } = pullAs
  if (secrets === undefined || serviceAccount === undefined)
    return [{ kind: 'unreadable', source: 'controller', name: '' }]
  if (secrets.length === 0) return [{ kind: 'unreadable', source: 'service-account', name: serviceAccount }]
  return secrets.map(name => ({ kind: 'unreadable', source: 'secret', name }))
}
