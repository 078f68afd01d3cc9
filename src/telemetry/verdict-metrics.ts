import type { Asked } from '../check/observe.ts'
import { allCodes, type Code } from '../verdict/codes.ts'
import { outcomeOf, type Verdict } from '../verdict/verdict.ts'
import { createDurations } from './durations.ts'
import type { Exposed } from './exposed.ts'
import { type Reviewed, reviewOutcome, reviewOutcomes } from './reviewed.ts'
import { createTally } from './tally.ts'

/** Counts what is found out about images, and what is said of them. */
export interface VerdictMetrics {
  readonly probed: (asked: Asked) => void
  readonly judged: (verdict: Verdict) => void
  readonly reviewed: (reviewed: Reviewed) => void
  /** Told of a review that was let through unread, because there were too many. */
  readonly overloaded: () => void
  readonly metrics: readonly Exposed[]
}

const answerKinds = ['fresh', 'remembered', 'stale', 'failed'] as const satisfies readonly Asked['answer'][]
const fates = ['denied', 'warned', 'withheld'] as const

// Findings stand worst first.
const kindOf = (verdict: Verdict): Code | 'none' | 'skipped' =>
  verdict.kind === 'skipped' ? 'skipped' : (verdict.findings[0]?.code ?? 'none')

const labelsOf = (kind: ReturnType<typeof kindOf>): Readonly<Record<string, string>> => {
  if (kind === 'skipped') return { code: 'none', outcome: kind }
  return { code: kind, outcome: kind === 'none' ? 'pass' : outcomeOf(kind) }
}

/** Makes the metrics of verdicts and reviews. */
export const createVerdictMetrics = (): VerdictMetrics => {
  const answers = createTally({
    name: 'pullgate_answers_total',
    help: 'Answers about images: of the registry just now, remembered, stale because it gave none, or none at all.',
    kinds: answerKinds,
    labelsOf: answer => ({ answer }),
  })
  const probeDurations = createDurations({
    name: 'pullgate_answer_duration_seconds',
    help: 'How long it took to find out about an image.',
    kinds: answerKinds,
    labelsOf: answer => ({ answer }),
  })
  const verdicts = createTally<Code | 'none' | 'skipped'>({
    name: 'pullgate_verdicts_total',
    help: 'Verdicts on uses of images, by the worst code; "none" where nothing is to be said.',
    kinds: ['none', 'skipped', ...allCodes],
    labelsOf,
  })
  const remarks = createTally<`${(typeof fates)[number]} ${Code}`>({
    name: 'pullgate_remarks_total',
    help: 'What reviews said about images, or kept back because of the mode, by code.',
    kinds: fates.flatMap(fate => allCodes.map(code => `${fate} ${code}` as const)),
    labelsOf: kind => ({ fate: kind.split(' ')[0] ?? '', code: kind.split(' ')[1] ?? '' }),
  })
  const reviews = createTally({
    name: 'pullgate_reviews_total',
    help: 'Reviews, by how they ended.',
    kinds: reviewOutcomes,
    labelsOf: outcome => ({ outcome }),
  })
  const reviewDurations = createDurations({
    name: 'pullgate_review_duration_seconds',
    help: 'How long reviews took.',
    kinds: ['review'],
    labelsOf: () => ({}),
  })
  const sheds = createTally({
    name: 'pullgate_reviews_shed_total',
    help: 'Reviews that were let through unread, because there were too many.',
    kinds: ['overload'],
    labelsOf: () => ({}),
  })

  return {
    probed: ({ answer, tookMs }) => {
      answers.count(answer)
      probeDurations.note(answer, tookMs)
    },
    judged: verdict => verdicts.count(kindOf(verdict)),
    reviewed: ({ decision, tookMs }) => {
      reviews.count(reviewOutcome(decision))
      reviewDurations.note('review', tookMs)
      if (decision === undefined) return
      for (const { code } of decision.denials) remarks.count(`denied ${code}`)
      for (const { code } of decision.warnings) remarks.count(`warned ${code}`)
      for (const { code } of decision.withheld) remarks.count(`withheld ${code}`)
    },
    overloaded: () => sheds.count('overload'),
    metrics: [answers, probeDurations, verdicts, remarks, reviews, reviewDurations, sheds].map(({ metric }) => metric),
  }
}
