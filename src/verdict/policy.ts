import type { ImageUse } from '../workload/workload.ts'
import { type Action, type Code, codeRow } from './codes.ts'

/** How far decisions reach: enforce as configured, only warn, only record, or nothing at all. */
export type Mode = 'enforce' | 'warn' | 'audit' | 'off'

/** What an operator decided: an action for some codes; the others have their defaults. */
export interface Policy {
  readonly actions: Readonly<Partial<Record<Code, Action>>>
}

/** Where a finding stands, as far as default actions depend on it. */
export interface Standing {
  readonly onEveryNode: boolean
  readonly use: Pick<ImageUse, 'role' | 'blocks'>
}

/** What is done about a code: as configured, else the default where it stands. */
export const actionOf = (code: Code, policy: Policy, standing: Standing): Action => {
  const configured = policy.actions[code]
  if (configured !== undefined) return configured
  const row = codeRow(code)
  if (standing.use.role === 'volume' && row.asVolume !== undefined) return row.asVolume
  if (standing.onEveryNode && row.onEveryNode !== undefined) return row.onEveryNode
  // An image volume that nothing mounts keeps no container from starting.
  return row.action === 'deny' && !standing.use.blocks ? 'warn' : row.action
}
