import type { EventNote } from '../cluster/events.ts'
import type { Reviewed } from '../telemetry/reviewed.ts'
import { denialEvent } from './denial-event.ts'
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

/** A reviewer that leaves a note on objects that were let in only because of the mode. */
export const notingReviewer =
  (review: Reviewer, tell: (note: EventNote) => void): Reviewer =>
  async (asked, signal) => {
    const ruling = await review(asked, signal)
    const note = denialEvent(asked, ruling)
    if (note !== undefined) tell(note)
    return ruling
  }
