import type { ImageFacts } from '../image/facts.ts'
import type { ImageReference } from '../image/reference.ts'
import type { ImageUse, ObjectName } from '../workload/workload.ts'
import { type Code, codes, compareCodes, type Group } from './codes.ts'
import type { Finding } from './finding.ts'

/** The three outcomes. "Could not find out" is not "no". */
export type Outcome = 'pass' | 'fail' | 'unknown'

/** Why an image was not asked for at all. */
export type SkipReason = 'ignored-image' | 'unchanged' | 'being-deleted' | 'owned' | 'template' | 'mode-off'

/** A question whose answer would make the verdict better, if there is time to ask it. */
export type FurtherQuestion = 'near-tags' | 'shown-tags' | 'program'

/** What is thought of one use of an image. */
export type Verdict =
  | {
      readonly kind: 'judged'
      readonly use: ImageUse
      readonly reference: ImageReference | undefined
      /** What the registry's answer tells; undefined where there was none. */
      readonly facts: ImageFacts | undefined
      /** Stale: the registry was down, and an earlier answer was good. */
      readonly freshness: 'fresh' | 'stale'
      /** Worst first; empty where nothing is to be said. */
      readonly findings: readonly Finding[]
    }
  | { readonly kind: 'skipped'; readonly use: ImageUse; readonly reason: SkipReason }

/** What is thought of the images of one object. */
export interface Report {
  readonly object: ObjectName
  /** The object runs on every node that it may land on. */
  readonly onEveryNode: boolean
  readonly verdicts: readonly Verdict[]
}

const outcomes = { definite: 'fail', indefinite: 'unknown', advisory: 'pass' } as const satisfies Record<Group, Outcome>

/** What a code predicts. */
export const outcomeOf = (code: Code): Outcome => outcomes[codes[code].group]

/** The outcome of several: one failure decides, and what is unknown is no pass. */
export const worstOutcome = (all: readonly Outcome[]): Outcome => {
  if (all.includes('fail')) return 'fail'
  return all.includes('unknown') ? 'unknown' : 'pass'
}

/** What a verdict predicts. */
export const verdictOutcome = (verdict: Verdict): Outcome =>
  verdict.kind === 'skipped' ? 'pass' : worstOutcome(verdict.findings.map(({ code }) => outcomeOf(code)))

/** Findings, worst first. */
export const worstFirst = (findings: readonly Finding[]): readonly Finding[] =>
  findings.toSorted((a, b) => compareCodes(a.code, b.code))

/** One report on an object with several pod templates; undefined where there is none. */
export const mergeReports = (reports: readonly Report[]): Report | undefined =>
  reports[0] && {
    object: reports[0].object,
    onEveryNode: reports.some(({ onEveryNode }) => onEveryNode),
    verdicts: reports.flatMap(({ verdicts }) => verdicts),
  }
