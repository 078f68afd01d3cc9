import type { Decision } from '../verdict/decide.ts'
import type { Mode } from '../verdict/policy.ts'
import type { Verdict } from '../verdict/verdict.ts'

/** What is decided on a review, and on what that rests. */
export interface Ruling extends Decision {
  /** The mode that held for the object. */
  readonly mode: Mode
  /** What is thought of each image; none where nothing was asked. */
  readonly verdicts: readonly Verdict[]
}

/** What is decided on an object that nobody looks into. */
export const nothingToSay: Ruling = {
  allowed: true,
  denials: [],
  warnings: [],
  withheld: [],
  mode: 'off',
  verdicts: [],
}
