import { isDeepStrictEqual } from 'node:util'
import type { Result } from '../lib/result.ts'
import type { Authorized } from './auth/authorize.ts'
import type { AuthorizerAsCrio } from './auth/authorize-as-crio.ts'
import type { Greet, Greeting } from './auth/greeting.ts'
import type { ProbeFailure } from './failure.ts'
import { pausing } from './inquiry-pauses.ts'
import { type Inquire, type Inquiry, labelOf, requestTo, shownTo } from './inquiry-request.ts'

/** Options of inquiries. */
export interface InquireAsCrioOptions {
  readonly greet: Greet
  readonly authorize: AuthorizerAsCrio
  readonly nowMs: () => number
  /** Random, and this process's own: it tells credentials apart. */
  readonly fingerprintKey: Uint8Array
}

/** Whether the answer would be another if the registry wanted something else of us by now. */
const mayBeForTheGreeting = (answer: Result<Authorized, ProbeFailure>): boolean =>
  answer.ok ? [400, 403, 404].includes(answer.value.reply.status) : answer.error.kind === 'refused'

const sayTheSame = (one: Greeting, other: Greeting): boolean =>
  one.base === other.base && isDeepStrictEqual(one.challenge, other.challenge)

/** Makes the function that asks a place as CRI-O does: it hears first how the registry wants to be asked. */
export const createInquireAsCrio = (options: InquireAsCrioOptions): Inquire => {
  const { greet, authorize } = options

  const ask = async (inquiry: Inquiry, { base, challenge }: Greeting, signal: AbortSignal) => {
    const shown = shownTo(inquiry)
    if (!shown.ok) return shown
    const { repository } = inquiry.place
    return authorize(requestTo(base, inquiry), { repository, credential: shown.value, challenge }, signal)
  }

  const inquire: Inquire = async (inquiry, signal) => {
    const { host } = inquiry.place
    const at = { host: labelOf(inquiry.pull, inquiry.place), step: inquiry.step }
    const greeting = await greet(host, at, false, signal)
    if (!greeting.ok) return greeting
    const answer = await ask(inquiry, greeting.value, signal)
    if (greeting.value.isFresh || !mayBeForTheGreeting(answer)) return answer
    const anew = await greet(host, at, true, signal)
    if (!anew.ok) return anew
    return sayTheSame(greeting.value, anew.value) ? answer : ask(inquiry, anew.value, signal)
  }
  return pausing(inquire, options)
}
