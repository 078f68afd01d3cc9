import { createFlights } from '../lib/flights.ts'
import { fail, type Result } from '../lib/result.ts'
import type { ProbeFailure } from '../registry/failure.ts'
import type { Pull } from '../registry/pull.ts'
import { whereaboutsOf } from '../registry/whereabouts.ts'

/** What comes of asking a registry. */
export type Asked<T> = Promise<Result<T, ProbeFailure>>

/** Asks together with whoever asks the same. */
export type Together<T> = (
  key: string,
  work: (flight: AbortSignal) => Asked<T>,
  pull: Pull,
  signal: AbortSignal,
) => Asked<T>

/** Whether the registry was heard, and said no. */
export const isNo = ({ kind }: ProbeFailure): boolean =>
  kind === 'absent' || kind === 'refused' || kind === 'wrong-content'

/** Whether it could not be found out, so that what was good a while ago may stand in. */
export const isSilence = ({ kind }: ProbeFailure): boolean =>
  kind === 'unreachable' || kind === 'timed-out' || kind === 'rate-limited' || kind === 'bad-answer'

/** Whether an answer counts against the image. */
const isAgainst = (told: Result<unknown, ProbeFailure>): boolean => (told.ok ? told.value === false : isNo(told.error))

/** Who stops waiting says for whom it waited. */
const late =
  ({ reference }: Pull) =>
  (flight: AbortSignal) =>
    fail({ host: reference.registry, step: 'manifest', ...whereaboutsOf(flight), kind: 'timed-out' } as const)

/**
 * Makes the function that asks equal questions once. A "no" on its way since before is older than the question: the image
 * may have come since, and so it is asked for once more.
 */
export const askingTogether = <T>(flightMs: number, doubts = true): Together<T> => {
  const flights = createFlights<Result<T, ProbeFailure>>(flightMs)
  return async (key, work, pull, signal) => {
    let isOurs = false
    const begun = (flight: AbortSignal): Asked<T> => {
      isOurs = true
      return work(flight)
    }
    const told = await flights.share(key, begun, late(pull), signal)
    return isOurs || !doubts || !isAgainst(told) ? told : flights.share(key, work, late(pull), signal)
  }
}
