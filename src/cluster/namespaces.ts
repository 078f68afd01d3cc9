import type { LookupFailure } from './api-failure.ts'
import type { Followed } from './standing.ts'

/** The label by which a namespace has a mode of its own. */
export const modeLabel = 'pullgate.dev/mode'

/** What is known of a namespace's mode. That it could not be read is not that it has none. */
export type NamespaceMode =
  | { readonly kind: 'label'; readonly value: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly failure: LookupFailure }

/** The cluster's namespaces, as far as they have modes. */
export interface Namespaces extends Followed {
  /** Asks where the namespace is not known, or changes do not reach us. */
  readonly modeOf: (namespace: string, signal: AbortSignal) => Promise<NamespaceMode>
}
