import type { Place } from '../../report/sheet.ts'
import type { ImageUse, Workload } from '../../workload/workload.ts'

/** An object in which images are named. */
export interface FoundObject {
  readonly workloads: readonly Workload[]
  /** Whether a controller made it. */
  readonly isOwned: boolean
  /** Whether it holds templates of pods, and is no pod. */
  readonly isTemplate: boolean
  readonly placeOf: (use: ImageUse) => Place | undefined
  /** Codes that a comment beside the image waives. */
  readonly waived: (use: ImageUse, code: string) => boolean
}
