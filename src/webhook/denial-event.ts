import type { EventNote } from '../cluster/events.ts'
import { asText, ownProperty, propertyAt } from '../lib/untrusted.ts'
import { lineOf } from '../verdict/line.ts'
import type { Review } from './review.ts'
import type { Ruling } from './ruling.ts'

/** The Event on a denial that the mode kept from being one; undefined where there is none, or the object will not be. */
export const denialEvent = (review: Review, { allowed, warnings, withheld }: Ruling): EventNote | undefined => {
  if (!allowed || review.dryRun) return undefined
  const denials = [...warnings, ...withheld].filter(({ action }) => action === 'deny')
  const [first] = denials
  const { object, namespace, kind } = review
  const name = asText(propertyAt(object, 'metadata', 'name')) ?? ''
  if (first === undefined || name === '') return undefined
  const more = denials.length > 1 ? ` (and ${denials.length - 1} more)` : ''
  return {
    object: {
      apiVersion: asText(ownProperty(object, 'apiVersion')) ?? 'v1',
      ...{ kind, namespace, name },
      uid: asText(propertyAt(object, 'metadata', 'uid')) ?? '',
    },
    reason: 'ImageNotPullable',
    message: `${lineOf(first.subject)}${more}`,
  }
}
