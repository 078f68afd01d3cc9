import type { CredentialNote } from '../credentials/note.ts'
import { type ImageReference, parseReference } from '../image/reference.ts'
import type { Result } from '../lib/result.ts'
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

/** Options of a check. */
export interface CheckOptions {
  readonly probe: Probe
  /** The tags of the reference's repository. */
  readonly tags: (reference: ImageReference, signal: AbortSignal) => Promise<Result<readonly string[], ProbeFailure>>
  /** The platforms that a workload may land on. */
  readonly landing: (workload: Workload) => Landing
}

/** Makes the function that all faces share. */
export const createCheck =
  ({ probe, tags, landing }: CheckOptions): Check =>
  async (workload, signal) => {
    const nodes = landing(workload)
    const platforms = nodes.kind === 'platforms' ? nodes.platforms : []
    // Two uses of one image in a workload are one question.
    const asked = new Map<string, ReturnType<Probe>>()
    const ask = (text: string, reference: ImageReference): ReturnType<Probe> => {
      const known = asked.get(text) ?? probe({ reference, platforms }, signal)
      asked.set(text, known)
      return known
    }

    const answerOf = async ({ image, pullPolicy }: ImageUse, reference: ImageReference): Promise<Answer> => {
      if (pullPolicy === 'Never') return { kind: 'unasked' }
      const facts = await ask(image.text, reference)
      return facts.ok ? { kind: 'facts', facts: facts.value } : { kind: 'failed', failure: facts.error }
    }

    const verdictOf = async (use: ImageUse): Promise<Verdict> => {
      const known = { use, landing: nodes, held: 'no-node-known', notes: notesOf(workload) } as const
      const open = { nearTags: undefined, program: undefined }
      const done = (evidence: Evidence, reference: ImageReference | undefined): Verdict => ({
        kind: 'judged',
        use,
        reference,
        digest: evidence.answer.kind === 'facts' ? evidence.answer.facts.digest : undefined,
        freshness: 'fresh',
        findings: judge(evidence).findings,
      })
      if (use.image.kind === 'placeholder')
        return done({ ...known, ...open, answer: { kind: 'placeholder' } }, undefined)
      const parsed = parseReference(use.image.text)
      if (!parsed.ok) return done({ ...known, ...open, answer: { kind: 'invalid', problem: parsed.error } }, undefined)
      const evidence: Evidence = { ...known, ...open, answer: await answerOf(use, parsed.value) }
      if (judge(evidence).next !== 'near-tags') return done(evidence, parsed.value)
      return done(await withTags(evidence, parsed.value), parsed.value)
    }

    const withTags = async (evidence: Evidence, reference: ImageReference): Promise<Evidence> => {
      const listed = await tags(reference, signal)
      if (listed.ok) return { ...evidence, nearTags: nearTags(reference, listed.value) }
      const { error } = listed
      // Some registries name a missing repository only when asked for its tags.
      const repositoryMissing = error.kind === 'absent' && error.missing === 'repository'
      return repositoryMissing ? { ...evidence, answer: { kind: 'failed', failure: error } } : evidence
    }

    const verdicts = await Promise.all(workload.images.map(verdictOf))
    return { object: workload.object, onEveryNode: nodes.kind === 'platforms' && nodes.every, verdicts }
  }

/** Pull secrets are not read yet, so a refusal that they might lift is none. */
const notesOf = ({ pullAs }: Workload): readonly CredentialNote[] => {
  const { imagePullSecrets: secrets, serviceAccount } = pullAs
  if (secrets === undefined || serviceAccount === undefined)
    return [{ kind: 'unreadable', source: 'controller', name: '' }]
  if (secrets.length === 0) return [{ kind: 'unreadable', source: 'service-account', name: serviceAccount }]
  return secrets.map(name => ({ kind: 'unreadable', source: 'secret', name }))
}
