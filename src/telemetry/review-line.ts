import { asText, propertyAt } from '../lib/untrusted.ts'
import type { Remark } from '../verdict/decide.ts'
import { lineOf } from '../verdict/line.ts'
import { clip } from '../verdict/text.ts'
import type { Line } from './log.ts'
import type { Reviewed } from './reviewed.ts'

// A DNS subdomain, which is the longest that Kubernetes takes for a name.
const mostName = 253

const nameOf = (object: unknown): string => {
  const name = asText(propertyAt(object, 'metadata', 'name'))
  if (name) return name
  const generated = asText(propertyAt(object, 'metadata', 'generateName'))
  return generated ? `${generated}*` : ''
}

type Fate = 'denied' | 'warned' | 'withheld'

const wordsFor: Readonly<Record<Fate, string>> = {
  denied: 'denied',
  warned: 'would be denied but for the mode (warned)',
  withheld: 'would be denied but for the mode (nothing said)',
}

const deniable = (remarks: readonly Remark[]): readonly Remark[] => remarks.filter(({ action }) => action === 'deny')

/** What was denied, or would have been in another mode; undefined where nothing was. */
const denialsOf = ({ decision }: Reviewed): readonly [Fate, readonly Remark[]] | undefined => {
  if (decision === undefined) return undefined
  if (decision.denials.length > 0) return ['denied', decision.denials]
  const warned = deniable(decision.warnings)
  if (warned.length > 0) return ['warned', warned]
  const withheld = deniable(decision.withheld)
  return withheld.length > 0 ? ['withheld', withheld] : undefined
}

/** The line on a review that denied something, or would have in another mode; undefined for any other. */
export const reviewLine = (reviewed: Reviewed): Line | undefined => {
  const [fate, denials = []] = denialsOf(reviewed) ?? []
  const [first] = denials
  if (fate === undefined || first === undefined) return undefined
  const { review, tookMs } = reviewed
  const [kind, namespace] = [clip(review.kind, mostName), clip(review.namespace, mostName)]
  const name = clip(nameOf(review.object), mostName)
  const codes = [...new Set(denials.map(({ code }) => code))]
  const more = denials.length > 1 ? ` and ${denials.length - 1} more` : ''
  return {
    key: [fate, kind, namespace, name, ...codes].join(' '),
    level: 'info',
    told: () => ({
      words: `${kind} ${namespace}/${name} ${wordsFor[fate]}: ${lineOf(first.subject)}${more}`,
      fields: {
        ...{ event: 'review', outcome: fate, operation: clip(review.operation, 20), kind, namespace, name },
        ...{ codes, tookMs: Math.round(tookMs) },
      },
    }),
  }
}
