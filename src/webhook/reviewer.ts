import type { Check } from '../check/check.ts'
import { mapSideBySide } from '../lib/side-by-side.ts'
import { decide } from '../verdict/decide.ts'
import type { Mode, Policy } from '../verdict/policy.ts'
import { modeUnder, type Treatment } from '../verdict/treatment.ts'
import { mergeReports } from '../verdict/verdict.ts'
import { changedImages } from '../workload/change.ts'
import { findKind, type Kind } from '../workload/kinds.ts'
import { workloadsOf } from '../workload/read.ts'
import { isBeingDeleted, isMirror, isOwned } from '../workload/standing.ts'
import type { Workload } from '../workload/workload.ts'
import type { Review } from './review.ts'
import { nothingToSay } from './ruling.ts'
import type { Reviewer } from './server.ts'

/** Options of a reviewer. */
export interface ReviewerOptions {
  readonly check: Check
  readonly kinds: readonly Kind[]
  readonly policy: Policy
  readonly mode: Mode
  /** What is done with objects that a controller made: their owner was judged, and their return must not be stopped. */
  readonly owned: Treatment
  /** What is done with objects that hold templates of pods. */
  readonly templates: Treatment
  /** The mode that holds in a namespace. */
  readonly modeIn: (namespace: string, mode: Mode, signal: AbortSignal) => Promise<Mode>
}

// Each asks for several images at a time itself.
const mostSideBySide = 2

/** The workloads of a review whose pulling is new; none where nothing is to be asked. */
const workloadsToCheck = (review: Review, kinds: readonly Kind[]): readonly Workload[] => {
  const { object, operation, subResource } = review
  const kind = findKind(kinds, review.group, review.kind)
  if (kind === undefined || isBeingDeleted(object) || isMirror(object)) return []
  if (subResource !== '' && subResource !== 'ephemeralcontainers') return []
  const after = workloadsOf(object, kind, review.namespace)
  switch (operation) {
    case 'CREATE':
      return after
    case 'UPDATE':
      return changedImages(workloadsOf(review.oldObject, kind, review.namespace), after)
    default:
      return []
  }
}

/** Makes the function that decides a review: review → workloads → reports → decision. */
export const createReviewer = (options: ReviewerOptions): Reviewer => {
  const { check, kinds, policy } = options

  const modeFor = (mode: Mode, { object }: Review, workloads: readonly Workload[]): Mode => {
    const owned = isOwned(object, kinds) ? [options.owned] : []
    const template = workloads.some(({ isTemplate }) => isTemplate) ? [options.templates] : []
    return modeUnder(mode, [...owned, ...template])
  }

  return async (review, signal) => {
    const workloads = workloadsToCheck(review, kinds)
    if (workloads.length === 0) return nothingToSay
    const reach = modeFor(await options.modeIn(review.namespace, options.mode, signal), review, workloads)
    if (reach === 'off') return nothingToSay
    const reports = await mapSideBySide(workloads, mostSideBySide, workload => check(workload, signal))
    const report = mergeReports(reports)
    if (report === undefined) return nothingToSay
    return { ...decide(report, policy, reach), mode: reach, verdicts: report.verdicts }
  }
}
