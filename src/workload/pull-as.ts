import { asList, asText, ownProperty } from '../lib/untrusted.ts'
import type { Kind } from './kinds.ts'
import { hasExpansion } from './placeholder.ts'
import type { PodField } from './pod-fields.ts'

/** In whose name the kubelet pulls. */
export interface PullAs {
  readonly namespace: string
  /**
   * The pod's own secrets, in the order in which they are tried; undefined where only the controller knows.
   * While the list is empty the ServiceAccount's takes its place. An entry without a name is kept as '': it names nothing, but the list is not empty.
   */
  readonly imagePullSecrets: readonly string[] | undefined
  /** Undefined where only the controller knows. */
  readonly serviceAccount: string | undefined
}

/** Reads the names in the `imagePullSecrets` of a pod or of a ServiceAccount. */
export const secretNames = (imagePullSecrets: unknown): readonly string[] =>
  asList(imagePullSecrets).map(secret => asText(ownProperty(secret, 'name')) ?? '')

/** Reads in whose name a pod's images are pulled. */
export const pullAsOf = (field: PodField, namespace: string, { omitted, expands }: Kind): PullAs => {
  const isFilledIn = (text: string): boolean => hasExpansion(text, expands)
  const secrets = secretNames(field('imagePullSecrets'))
  const account = accountName(field) ?? (omitted === 'default' ? 'default' : undefined)
  const isKnown = omitted === 'default' || secrets.length > 0
  return {
    namespace,
    imagePullSecrets: isKnown && !secrets.some(isFilledIn) ? secrets : undefined,
    serviceAccount: account === undefined || isFilledIn(account) ? undefined : account,
  }
}

// The deprecated name counts only where the new one is empty: kubernetes pkg/apis/core/v1/conversion.go.
const accountName = (field: PodField): string | undefined =>
  asText(field('serviceAccountName')) ?? asText(field('serviceAccount'))
