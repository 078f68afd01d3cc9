import type { Node } from '../workload/node.ts'
import type { Followed } from './standing.ts'

/** The cluster's nodes. */
export interface Nodes extends Followed {
  /** As they were heard of last: the same array until one of them changed. Undefined until there was a whole list. */
  readonly current: () => readonly Node[] | undefined
}
