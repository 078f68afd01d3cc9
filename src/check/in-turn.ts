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

/** Each once, at its first place: two secrets may hold the same password, and every wrong one counts towards a lock. */
const distinct = (credentials: readonly Credential[]): readonly Credential[] => [
  ...new Map(credentials.map(each => [JSON.stringify([each.username, each.password]), each])).values(),
]

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
