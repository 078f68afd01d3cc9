import type { ApiFailure } from '../cluster/api-failure.ts'
import type { Kind } from '../workload/kinds.ts'

/** What could not be listed. */
export interface Forbidden {
  readonly kind: Kind
  /** Undefined: in the whole cluster. */
  readonly namespace: string | undefined
  readonly failure: ApiFailure
}

const mostNamed = 5

const resourceOf = ({ group, resource }: Kind): string => (group === '' ? resource : `${resource}.${group}`)

const placesOf = (all: readonly Forbidden[]): string => {
  const names = all.flatMap(({ namespace }) => (namespace === undefined ? [] : [namespace]))
  if (names.length === 0) return 'in the cluster'
  const more = names.length > mostNamed ? `, and ${names.length - mostNamed} more` : ''
  return `in ${names.length === 1 ? 'namespace' : 'namespaces'} ${names.slice(0, mostNamed).join(', ')}${more}`
}

const badAnswerReason = (status = 0): string =>
  status >= 500
    ? `the API server failed (status ${status}); try again`
    : `the API server's answer made no sense${status > 0 ? ` (status ${status})` : ''}`

const reasonOf = (failure: ApiFailure, resource: string): string => {
  switch (failure.kind) {
    case 'forbidden':
      return failure.status === 403
        ? `the API server forbids it; give this account the verb list on ${resource}`
        : 'the API server does not know who asks (401); log in again'
    case 'missing':
      return 'the API server has no such thing'
    case 'expired':
    case 'busy':
      return 'the API server was too busy; try again'
    case 'unreachable':
    case 'timed-out':
      return 'the API server could not be reached'
    case 'bad-answer':
      return badAnswerReason(failure.status)
    case 'too-large':
      return "the API server's answer made no sense"
  }
}

/** What of one namespace was not looked at; other namespaces are not named. */
export const forbiddenIn = (all: readonly Forbidden[], namespace: string): readonly string[] =>
  forbiddenSentences(all.filter(each => each.namespace === undefined || each.namespace === namespace))

/** Says what was not looked at, one sentence a kind and reason. */
export const forbiddenSentences = (all: readonly Forbidden[]): readonly string[] =>
  [...Map.groupBy(all, ({ kind, failure }) => `${kind.group}/${kind.kind} ${failure.kind}`).values()].flatMap(
    ([first, ...others]) => {
      if (first === undefined) return []
      const resource = resourceOf(first.kind)
      return [`${resource} ${placesOf([first, ...others])} could not be listed: ${reasonOf(first.failure, resource)}.`]
    },
  )
