import { asText, ownProperty } from '../lib/untrusted.ts'
import { parseCanonicalInt64 } from './int64.ts'

/** What keeps pods off a node. */
export interface Taint {
  readonly key: string
  readonly value: string
  readonly effect: string
}

/** What lets a pod on a node in spite of a taint, as written: it may be malformed. */
export interface Toleration {
  readonly key: string
  readonly operator: string
  readonly value: string
  readonly effect: string
}

/** Reads a taint. */
export const taintOf = (taint: unknown): Taint => ({
  key: asText(ownProperty(taint, 'key')) ?? '',
  value: asText(ownProperty(taint, 'value')) ?? '',
  effect: asText(ownProperty(taint, 'effect')) ?? '',
})

/** Reads a toleration. */
export const tolerationOf = (toleration: unknown): Toleration => ({
  ...taintOf(toleration),
  operator: asText(ownProperty(toleration, 'operator')) ?? '',
})

/** Whether a toleration covers a taint: k8s.io/api v0.36 core/v1 toleration.go ToleratesTaint, comparison operators included. */
export const tolerates = (toleration: Toleration, taint: Taint): boolean => {
  if (toleration.effect !== '' && toleration.effect !== taint.effect) return false
  if (toleration.key !== '' && toleration.key !== taint.key) return false
  switch (toleration.operator) {
    case '':
    case 'Equal':
      return toleration.value === taint.value
    case 'Exists':
      return true
    // Behind a gate since Kubernetes 1.35. While it is shut the API server accepts no pod that has them, so whoever has them may use them.
    case 'Lt':
      return compare(taint.value, toleration.value, (actual, limit) => actual < limit)
    case 'Gt':
      return compare(taint.value, toleration.value, (actual, limit) => actual > limit)
    default:
      return false
  }
}

const compare = (actual: string, limit: string, holds: (actual: bigint, limit: bigint) => boolean): boolean => {
  const numbers = [parseCanonicalInt64(actual), parseCanonicalInt64(limit)] as const
  return numbers[0] !== undefined && numbers[1] !== undefined && holds(numbers[0], numbers[1])
}

/** The first of the taints that no toleration covers. */
export const findUntolerated = (taints: readonly Taint[], tolerations: readonly Toleration[]): Taint | undefined =>
  taints.find(taint => !tolerations.some(toleration => tolerates(toleration, taint)))
