import type { CredentialNote } from '../credentials/note.ts'
import type { Answer, Evidence } from './evidence.ts'
import type { Finding } from './finding.ts'
import { judgeContent } from './judge-content.ts'
import { judgeFailure } from './judge-failure.ts'
import { type FurtherQuestion, outcomeOf, worstFirst } from './verdict.ts'

/** Findings, worst first, and the question whose answer would better them. */
export interface Judgement {
  readonly findings: readonly Finding[]
  readonly next: FurtherQuestion | undefined
}

const nothingFound: Judgement = { findings: [], next: undefined }

/** Judges one use of an image: a prediction of what the kubelet and its container runtime will do with it. */
export const judge = (evidence: Evidence): Judgement => {
  const found = findingsOf(evidence)
  if (found.length === 0) return nothingFound
  const findings = found.map(finding => softened(finding, evidence))
  return { findings: worstFirst(findings), next: questionFor(findings, evidence) }
}

const findingsOf = (evidence: Evidence): readonly Finding[] => {
  const { answer } = evidence
  switch (answer.kind) {
    case 'placeholder':
      return [{ code: 'placeholder' }]
    case 'invalid':
      return [{ code: 'invalid-reference', problem: answer.problem }]
    case 'unasked':
      return unaskedFindings(evidence)
    case 'facts':
      return [...secretFindings(evidence), ...judgeContent(answer.facts, evidence), ...quotaFindings(answer)]
    case 'failed':
      return [...secretFindings(evidence), ...judgeFailure(answer.failure, evidence)]
  }
}

/** The kubelet asks no registry: because it must not, or because it cannot decode a secret of the pod. */
const unaskedFindings = (evidence: Evidence): readonly Finding[] => {
  const secrets = secretFindings(evidence)
  if (secrets.length > 0) return secrets
  return evidence.held === 'every-node' ? [] : [{ code: 'never-pulled', somewhere: evidence.held === 'some-nodes' }]
}

/** A registry that counts pulls answers HEAD as ever; it is the node that will hear the 429. */
const quotaFindings = ({ quotaUsedUpAt }: Extract<Answer, { kind: 'facts' }>): readonly Finding[] =>
  quotaUsedUpAt === undefined ? [] : [{ code: 'rate-limited', host: quotaUsedUpAt, retryAfterMs: undefined }]

const secretFindings = ({ notes }: Evidence): readonly Finding[] => notes.flatMap(secretFinding)

const secretFinding = (note: CredentialNote): readonly Finding[] => {
  switch (note.kind) {
    case 'malformed-secret':
      return [{ code: 'bad-pull-secret', secret: note.secret, problem: note.problem }]
    case 'missing-secret':
      return [{ code: 'missing-pull-secret', secret: note.secret, exists: false }]
    case 'unusable-secret':
      return [{ code: 'missing-pull-secret', secret: note.secret, exists: true }]
    case 'unreadable':
    case 'nodes-may-hold':
      return []
  }
}

/** Failures to pull, which a node that holds the image under IfNotPresent never meets. */
const pullFailures: ReadonlySet<Finding['code']> = new Set([
  'bad-pull-secret',
  'not-found',
  'denied',
  'broken-image',
  'no-platform',
])

const softened = (finding: Finding, { held, use }: Evidence): Finding => {
  const needsNoPull = held !== 'no-node-known' && use.pullPolicy !== 'Always'
  if (!needsNoPull || !pullFailures.has(finding.code)) return finding
  return { code: 'cached-only', instead: finding, listed: held !== 'untold' }
}

const questionFor = (findings: readonly Finding[], evidence: Evidence): FurtherQuestion | undefined => {
  const definite = findings.filter(({ code }) => outcomeOf(code) === 'fail')
  for (const finding of definite) {
    if (finding.code === 'not-found' && finding.missing !== 'digest' && evidence.nearTags === undefined)
      return 'near-tags'
    if (finding.code === 'other-platform' && evidence.program === undefined) return 'program'
  }
  return isDoubtedAbsence(findings, evidence) && evidence.tagsShown === undefined ? 'shown-tags' : undefined
}

/** The registry has no such tag or digest for who asked, and may have it for others. */
const isDoubtedAbsence = (findings: readonly Finding[], { answer }: Evidence): boolean =>
  answer.kind === 'failed' &&
  answer.failure.kind === 'absent' &&
  (answer.failure.missing === 'tag' || answer.failure.missing === 'digest') &&
  findings.some(({ code }) => code === 'unknown-credentials' || code === 'node-credentials')
