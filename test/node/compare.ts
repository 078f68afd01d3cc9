import { causesOf } from './causes.ts'
import type { Ours } from './ours.ts'
import type { Case, Expectation } from './row.ts'
import type { Ended } from './settle.ts'

/** What is wrong with a case. */
export type Fault =
  /** Denied, and it runs: the worst. */
  | 'false denial'
  /** Nothing said, and it does not run. */
  | 'miss'
  /** A warning where the row does not say why it cannot be known. */
  | 'unexplained doubt'
  /** Another cause than the node's. */
  | 'other cause'
  /** We say something else than the row. */
  | 'not as the row says of us'
  | 'not as the row says of the node'

/** A case that was judged and run. */
export interface Outcome {
  readonly row: Case
  readonly expect: Expectation
  readonly ours: Ours
  readonly node: Ended
  readonly events: readonly string[]
  readonly faults: readonly Fault[]
}

const sameCodes = (a: readonly string[], b: readonly string[]): boolean => a.toSorted().join() === b.toSorted().join()

const isOtherCause = (ours: Ours, node: Ended): boolean => {
  if (node.end === 'runs' || ours.codes.length === 0) return false
  const causes: readonly string[] = causesOf(node)
  return !ours.codes.some(code => causes.includes(code))
}

/** Holds our verdict against what the node did, and both against the row. */
export const faultsOf = (expect: Expectation, ours: Ours, node: Ended): readonly Fault[] => {
  const runs = node.end === 'runs'
  const faults: readonly (readonly [Fault, boolean])[] = [
    ['false denial', ours.action === 'deny' && runs],
    ['miss', ours.action === 'pass' && !runs && expect.limit === undefined],
    ['unexplained doubt', ours.action === 'warn' && expect.doubt === undefined],
    ['other cause', isOtherCause(ours, node)],
    ['not as the row says of us', !sameCodes(ours.codes, expect.codes)],
    ['not as the row says of the node', node.end !== expect.end],
  ]
  return faults.flatMap(([fault, is]) => (is ? [fault] : []))
}
