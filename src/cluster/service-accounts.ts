import type { Result } from '../lib/result.ts'
import type { LookupFailure } from './api-failure.ts'

/** A ServiceAccount as far as it decides what is pulled in its name. */
export interface ServiceAccount {
  readonly uid: string
  /** In their order; an entry without a name is kept as ''. */
  readonly imagePullSecrets: readonly string[]
  /** What credential providers are told. */
  readonly annotations: ReadonlyMap<string, string>
}

/** The cluster's ServiceAccounts. */
export interface ServiceAccounts {
  /** As it was seconds ago at the most. */
  readonly get: (namespace: string, name: string, signal: AbortSignal) => Promise<Result<ServiceAccount, LookupFailure>>
  /** As it is no earlier than now. */
  readonly getAnew: (
    namespace: string,
    name: string,
    signal: AbortSignal,
  ) => Promise<Result<ServiceAccount, LookupFailure>>
}
