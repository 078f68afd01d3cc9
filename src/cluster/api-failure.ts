import type { NetworkProblem } from '../registry/failure.ts'

/** Everything that can come between the API server and what we wanted of it. */
export type ApiFailure =
  /** It says that there is no such thing, or that its namespace is being deleted. */
  | { readonly kind: 'missing' }
  /** It does not know us (401), or does not let us (403). */
  | { readonly kind: 'forbidden'; readonly status: 401 | 403 }
  /** What was to be continued is too far in the past (410). */
  | { readonly kind: 'expired' }
  /** It wants to be left alone for a while (429, or 5xx with `Retry-After`). */
  | { readonly kind: 'busy'; readonly retryAfterMs: number | undefined }
  | { readonly kind: 'unreachable'; readonly problem: ConnectProblem }
  /** An answer that is none which an API server gives; without a status where it broke off within. */
  | { readonly kind: 'bad-answer'; readonly status: number | undefined }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'timed-out' }

/** Why no conversation came about: the network's reasons, or that we have nothing to show who we are. */
export type ConnectProblem = NetworkProblem | 'no-credentials' | 'too-many-waiting'

/** Whether somebody else wrote meanwhile: AlreadyExists and Conflict are both told by this status. */
export const isConflict = (failure: ApiFailure): boolean => failure.kind === 'bad-answer' && failure.status === 409

/** Why one object could not be looked up. */
export type LookupFailure =
  /** The API server says that it does not exist. */
  | { readonly kind: 'missing' }
  /** We are not allowed to read it. */
  | { readonly kind: 'forbidden' }
  /** It may exist: the API server is not there, is too busy, or makes no sense. */
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'timed-out' }

/** What a failure of the API server means to whoever looks up one object. */
export const lookupFailure = (failure: ApiFailure): LookupFailure => {
  switch (failure.kind) {
    case 'missing':
    case 'forbidden':
    case 'timed-out':
      return { kind: failure.kind }
    case 'expired':
    case 'busy':
    case 'unreachable':
    case 'bad-answer':
    case 'too-large':
      return { kind: 'unreachable' }
  }
}
