import { fail, type Result } from '../lib/result.ts'
import type { Authorized } from './auth/authorize.ts'
import { fingerprintOf } from './auth/credential.ts'
import type { ProbeFailure } from './failure.ts'
import { type Inquire, labelOf } from './inquiry-request.ts'
import { createPauses } from './pause.ts'
import { retryAfterMs } from './retry-after.ts'

/** How long we are asked to keep away, where that is the answer; undefined: it is another, or does not say. */
const askedPatienceMs = (answer: Result<Authorized, ProbeFailure>): number | undefined => {
  if (!answer.ok) return answer.error.kind === 'rate-limited' ? answer.error.retryAfterMs : undefined
  const { reply } = answer.value
  return reply.status === 429 ? retryAfterMs(reply.header('retry-after')) : undefined
}

/** What it takes to keep away. */
export interface PausingOptions {
  readonly nowMs: () => number
  /** Random, and this process's own: it tells credentials apart. */
  readonly fingerprintKey: Uint8Array
}

/** Asks nothing of a host that asked for patience until it is over. */
export const pausing = (inquire: Inquire, { nowMs, fingerprintKey }: PausingOptions): Inquire => {
  const pauses = createPauses(nowMs)
  return async (inquiry, signal) => {
    const { pull, place, step } = inquiry
    const key = JSON.stringify([place.host.name, fingerprintOf(pull.credential, fingerprintKey)])
    const leftMs = pauses.leftMs(key)
    if (leftMs !== undefined)
      return fail({ host: labelOf(pull, place), step, kind: 'rate-limited', retryAfterMs: leftMs })
    const answer = await inquire(inquiry, signal)
    pauses.note(key, askedPatienceMs(answer))
    return answer
  }
}
