import type { Result } from '../lib/result.ts'
import type { ApiFailure } from './api-failure.ts'
import { createBackOff } from './back-off.ts'
import type { Wait } from './wait.ts'

/** How patiently something is asked for. */
export interface Patience {
  readonly wait: Wait
  readonly random: () => number
}

const mostTries = 6

/** Whether the same question may be answered in a moment: the server is busy or away, or forgot where a list had come to. */
export const isPassing = ({ kind }: ApiFailure): boolean =>
  kind === 'busy' || kind === 'expired' || kind === 'unreachable' || kind === 'timed-out'

/** Asks a few times, with growing waits between. What is forbidden or missing is told at once. */
export const patiently = async <T>(
  { wait, random }: Patience,
  ask: () => Promise<Result<T, ApiFailure>>,
  signal: AbortSignal,
): Promise<Result<T, ApiFailure>> => {
  const backOff = createBackOff(random)
  for (let tries = 1; ; tries += 1) {
    const told = await ask()
    if (told.ok || signal.aborted || tries === mostTries || !isPassing(told.error)) return told
    const askedMs = told.error.kind === 'busy' ? (told.error.retryAfterMs ?? 0) : 0
    await wait(Math.max(backOff.nextMs(), askedMs), signal)
  }
}
