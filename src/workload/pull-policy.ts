import { defaultsToAlways } from '../image/known-reference.ts'

/** When the kubelet asks the registry. */
export type PullPolicy = 'Always' | 'IfNotPresent' | 'Never'

/**
 * The policy that counts: what is written, else what the API server fills in by the tag
 * (kubernetes pkg/apis/core/v1/defaults.go). A word that is none of the three would be refused, and is passed over here.
 */
export const pullPolicyOf = (written: unknown, image: string): PullPolicy => {
  if (written === 'Always' || written === 'IfNotPresent' || written === 'Never') return written
  return defaultsToAlways(image) ? 'Always' : 'IfNotPresent'
}
