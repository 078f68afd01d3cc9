import type { PullSecret } from '../credentials/pull-secret.ts'
import type { Result } from '../lib/result.ts'
import type { LookupFailure } from './api-failure.ts'

/** The cluster's pull secrets. They are read one by one, never listed, never watched. */
export interface Secrets {
  /** As it was seconds ago at the most; of its data only what may be pull credentials. */
  readonly get: (namespace: string, name: string, signal: AbortSignal) => Promise<Result<PullSecret, LookupFailure>>
  /** As it is no earlier than now: before a denial that rests on it. */
  readonly getAnew: (namespace: string, name: string, signal: AbortSignal) => Promise<Result<PullSecret, LookupFailure>>
}
