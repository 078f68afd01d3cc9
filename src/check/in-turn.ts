import type { Result } from '../lib/result.ts'
import type { Credential } from '../registry/auth/credential.ts'
import type { ProbeFailure } from '../registry/failure.ts'

/** How much a failure tells, the most first; what is no answer at all comes before any "no", which it puts in doubt. */
const rankOf = ({ kind }: ProbeFailure): number => {
  switch (kind) {
    case 'unreachable':
    case 'timed-out':
    case 'blocked':
    case 'rate-limited':
    case 'bad-answer':
      return 0
    case 'oversized':
    case 'wrong-content':
      return 1
    case 'absent':
      return 2
    case 'refused':
      return 3
  }
}

// As JSON no two pairs have the same text.
const textOf = ({ username, password }: Credential): string => JSON.stringify([username, password])

/** Each once, at its first place: two secrets may hold the same password, and every wrong one counts towards a lock. */
const distinct = (credentials: readonly Credential[]): readonly Credential[] => [
  ...new Map(credentials.map(each => [textOf(each), each])).values(),
]

/** The credentials that were refused for one image just now: whatever else is asked of it, none is shown once more. */
export interface Refusals {
  readonly of: (credential: Credential | undefined) => ProbeFailure | undefined
  /** Keeps the failure, if it is a refusal. */
  readonly note: (credential: Credential | undefined, failure: ProbeFailure) => void
}

/** Makes a place for the refusals of one image in one review. */
export const createRefusals = (): Refusals => {
  const refused = new Map<string, ProbeFailure>()
  return {
    of: credential => credential && refused.get(textOf(credential)),
    note: (credential, failure) => {
      if (credential !== undefined && failure.kind === 'refused') refused.set(textOf(credential), failure)
    },
  }
}

/**
 * Asks with one credential after the other until one serves, as the kubelet pulls (kuberuntime_image.go PullImage): as
 * anybody only where there is none. A credential that could not be tried might have served, so then nobody knows.
 */
export const inTurn = async <T>(
  credentials: readonly Credential[],
  ask: (credential: Credential | undefined) => Promise<Result<T, ProbeFailure>>,
): Promise<Result<T, ProbeFailure>> => {
  const [first, ...rest] = distinct(credentials)
  let told = await ask(first)
  for (const credential of rest) {
    if (told.ok) return told
    const next = await ask(credential)
    if (next.ok || rankOf(next.error) < rankOf(told.error)) told = next
  }
  return told
}
