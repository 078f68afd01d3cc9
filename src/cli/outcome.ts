import type { Sheet } from '../report/sheet.ts'
import { type Outcome, outcomeOf } from '../verdict/verdict.ts'

/** What somebody makes of outcomes. */
export interface Verdicts {
  /** From what on a run fails. */
  readonly failOn: 'deny' | 'warn'
  /** What it counts as that something could not be determined; undefined: as a code of its own. */
  readonly unknown: 'pass' | 'fail' | undefined
}

/** What came of a run. */
export interface Ended {
  readonly outcome: Outcome
  /** Whether something sure was only warned about. */
  readonly warned: boolean
  /** Whether some of the input could not be read. */
  readonly isUnreadable: boolean
}

/** What came of a run that ends with this sheet. */
export const endedBy = ({ outcome, findings }: Pick<Sheet, 'outcome' | 'findings'>, isUnreadable: boolean): Ended => ({
  outcome,
  warned: findings.some(({ code, action }) => action === 'warn' && outcomeOf(code) !== 'unknown'),
  isUnreadable,
})

const unknownCode = { pass: 0, fail: 1 } as const

/** The code that a run ends with: 2 before 1 before 3 before 0. */
export const exitCodeOf = ({ outcome, warned, isUnreadable }: Ended, { failOn, unknown }: Verdicts): number => {
  if (isUnreadable) return 2
  if (outcome === 'fail' || (failOn === 'warn' && warned)) return 1
  if (outcome === 'pass') return 0
  return unknown === undefined ? 3 : unknownCode[unknown]
}
