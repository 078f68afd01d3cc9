import type { Reviewed } from '../telemetry/reviewed.ts'
import type { Reviewer } from './server.ts'

/** A reviewer that somebody looks on at. */
export const observedReviewer =
  (review: Reviewer, observe: (reviewed: Reviewed) => void, nowMs: () => number): Reviewer =>
  async (asked, signal) => {
    const beganMs = nowMs()
    const seen = (decision: Reviewed['decision']): void =>
      observe({ review: asked, decision, tookMs: nowMs() - beganMs })
    try {
      const decision = await review(asked, signal)
      seen(decision)
      return decision
    } catch (error) {
      seen(undefined)
      throw error
    }
  }
