import type { ImageReference } from '../image/reference.ts'
import type { Credential } from '../registry/auth/credential.ts'
import type { Evidence } from '../verdict/evidence.ts'
import { type Judgement, judge } from '../verdict/judge.ts'
import { outcomeOf, type Verdict } from '../verdict/verdict.ts'
import type { Freshness } from './probe.ts'

/** What is known of a use of an image, and what follows from it. */
export interface Judged {
  readonly reference: ImageReference | undefined
  readonly credentials: readonly Credential[]
  readonly evidence: Evidence
  readonly judgement: Judgement
}

/** Judges what is known. */
export const judgedOn = (
  evidence: Evidence,
  { reference, credentials }: Pick<Judged, 'reference' | 'credentials'>,
): Judged => ({ reference, credentials, evidence, judgement: judge(evidence) })

/** Whether the image is thought to fail. */
export const fails = ({ judgement }: Judged): boolean =>
  judgement.findings.some(({ code }) => outcomeOf(code) === 'fail')

/** The verdict that a judgement comes to. */
export const verdictFrom = ({ evidence, reference, judgement }: Judged, freshness: Freshness): Verdict => ({
  kind: 'judged',
  use: evidence.use,
  reference,
  facts: evidence.answer.kind === 'facts' ? evidence.answer.facts : undefined,
  freshness: freshness === 'stale' ? 'stale' : 'fresh',
  findings: judgement.findings,
})
