import type { Decision } from '../verdict/decide.ts'

/** A review and what became of it, for people who look on. */
export interface Reviewed {
  readonly review: {
    readonly operation: string
    readonly kind: string
    readonly namespace: string
    /** Looked at for its name alone. */
    readonly object: unknown
  }
  /** Undefined: there was none, for a reason of our own. */
  readonly decision: Decision | undefined
  readonly tookMs: number
}

/** The ways in which a review ends. Withheld: the mode kept a denial or a warning back. */
export const reviewOutcomes = ['allowed', 'warned', 'denied', 'withheld', 'failed'] as const

/** How a review ended. */
export type ReviewOutcome = (typeof reviewOutcomes)[number]

/** How a review ended, by its decision. */
export const reviewOutcome = (decision: Decision | undefined): ReviewOutcome => {
  if (decision === undefined) return 'failed'
  if (!decision.allowed) return 'denied'
  if (decision.withheld.length > 0) return 'withheld'
  return decision.warnings.length > 0 ? 'warned' : 'allowed'
}
