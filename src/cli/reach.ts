import { allCodes, type Code, codeRow } from '../verdict/codes.ts'
import type { Mode, Policy } from '../verdict/policy.ts'
import { modeUnder, type Treatment } from '../verdict/treatment.ts'

/** What a pipeline is to be told: what admission would deny, only warnings, or nothing. */
export type Reach = 'enforce' | 'warn' | 'off'

/** How far findings on an object reach: the most lenient word counts. What admission would only record is warned about here, where the report is the record. */
export const reachOf = (mode: Mode, treatments: readonly Treatment[]): Reach => {
  const reach = modeUnder(mode, treatments)
  return reach === 'audit' ? 'warn' : reach
}

const lenient = (code: Code, { actions }: Policy): 'warn' | 'ignore' => {
  const action = actions[code] ?? codeRow(code).action
  return action === 'ignore' ? 'ignore' : 'warn'
}

/** The policy with every denial made a warning. */
export const warningPolicy = (policy: Policy): Policy => ({
  actions: Object.fromEntries(allCodes.map(code => [code, lenient(code, policy)])),
})
