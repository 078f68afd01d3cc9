import type { FindRuntimeClass } from '../workload/runtime-class.ts'
import type { Followed } from './standing.ts'

/** The cluster's RuntimeClasses. */
export interface RuntimeClasses extends Followed {
  /** As it was heard of last. */
  readonly find: FindRuntimeClass
}
