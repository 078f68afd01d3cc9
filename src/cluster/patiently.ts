import type { Result } from '../lib/result.ts'
import type { ApiFailure } from './api-failure.ts'
import { createBackOff } from './back-off.ts'
import type { Wait } from './wait.ts'

/** How patiently something is asked for. */
export interface Patience {
  readonly wait: Wait
  readonly random: () => number
  /** Left out: six. */
  readonly mostTries?: number | undefined
}

/** Whether the same question may be answered in a moment: the server is busy, failing or away, or forgot where a list had come to. */
export const isPassing = (failure: ApiFailure): boolean => {
  switch (failure.kind) {
    case 'busy':
    case 'expired':
    case 'unreachable':
    case 'timed-out':
      return true
    // An etcd that has no leader, or a conversion that fails, is told by 500 or 503; undefined: the answer broke off.
    case 'bad-answer':
      return failure.status === undefined || failure.status >= 500
    case 'missing':
    case 'forbidden':
    case 'too-large':
      return false
  }
}

/** Asks a few times, with growing waits between. What is forbidden or missing is told at once. */
export const patiently = async <T>(
  { wait, random, mostTries = 6 }: Patience,
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
