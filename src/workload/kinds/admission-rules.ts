import type { Kind } from './kind.ts'

/** What one rule of a webhook configuration matches. */
export interface AdmissionRule {
  readonly apiGroups: readonly string[]
  readonly apiVersions: readonly string[]
  readonly resources: readonly string[]
}

/** One rule for each group of the kinds, in alphabetical order. */
export const admissionRules = (kinds: readonly Kind[]): readonly AdmissionRule[] =>
  distinct(kinds.map(({ group }) => group)).map(group => {
    const rows = kinds.filter(row => row.group === group)
    return {
      apiGroups: [group],
      apiVersions: distinct(rows.flatMap(({ versions }) => versions)),
      resources: distinct(rows.flatMap(resourcesOf)),
    }
  })

// A rule for pods does not match their subresources, and this one adds images.
const resourcesOf = ({ group, resource }: Kind): readonly string[] =>
  group === '' && resource === 'pods' ? ['pods', 'pods/ephemeralcontainers'] : [resource]

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)].toSorted()
