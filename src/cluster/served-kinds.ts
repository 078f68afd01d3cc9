import { ok, type Result } from '../lib/result.ts'
import { asList, asText, ownProperty, propertyAt } from '../lib/untrusted.ts'
import type { Kind } from '../workload/kinds.ts'
import type { ApiFailure } from './api-failure.ts'
import type { ApiServer } from './api-server.ts'

/** A kind that the API server has, and below which path. */
export interface ServedKind {
  readonly kind: Kind
  /** `/apis/apps/v1` */
  readonly base: string
}

const versionsIn = (group: unknown): readonly string[] => {
  const preferred = asText(propertyAt(group, 'preferredVersion', 'version')) ?? ''
  const all = asList(ownProperty(group, 'versions')).map(each => asText(ownProperty(each, 'version')) ?? '')
  return [...new Set([preferred, ...all])].filter(version => version !== '')
}

/** The version in which a kind is read: the preferred one of those whose fields are known. */
const versionOf = (rows: readonly Kind[], served: readonly string[]): string | undefined => {
  const known = rows.flatMap(({ versions }) => versions)
  return served.find(version => known.length === 0 || known.includes(version))
}

const isListed = (resource: unknown): boolean => asList(ownProperty(resource, 'verbs')).includes('list')

const rowsServed = (answer: unknown, rows: readonly Kind[], base: string): readonly ServedKind[] => {
  const resources = asList(ownProperty(answer, 'resources')).filter(isListed)
  return rows.flatMap(row => {
    const resource = resources.find(each => ownProperty(each, 'kind') === row.kind)
    const name = asText(ownProperty(resource, 'name')) ?? ''
    return /^[a-z0-9.-]+$/.test(name) ? [{ kind: { ...row, resource: name }, base }] : []
  })
}

/** A kind that the API server may have: it could not say. */
export interface UntoldKind {
  readonly kind: Kind
  readonly failure: ApiFailure
}

/** What the API server says of kinds. */
export interface ServedKinds {
  readonly served: readonly ServedKind[]
  readonly untold: readonly UntoldKind[]
}

/** Which of the kinds the API server has: its own, and those of operators that are installed. */
export const servedKinds = async (
  api: Pick<ApiServer, 'get'>,
  kinds: readonly Kind[],
  signal: AbortSignal,
): Promise<Result<ServedKinds, ApiFailure>> => {
  const groups = await api.get('/apis', signal)
  if (!groups.ok) return groups
  const offered = new Map(
    asList(ownProperty(groups.value, 'groups')).map(group => [asText(ownProperty(group, 'name')), versionsIn(group)]),
  )
  const found: ServedKind[] = []
  const untold: UntoldKind[] = []
  for (const [group, rows] of Map.groupBy(kinds, row => row.group)) {
    const version = group === '' ? 'v1' : versionOf(rows, offered.get(group) ?? [])
    if (version === undefined) continue
    const base = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
    const answer = await api.get(base, signal)
    // An operator's API that is broken keeps nobody from the others.
    if (answer.ok) found.push(...rowsServed(answer.value, rows, base))
    else if (answer.error.kind !== 'missing') untold.push(...rows.map(kind => ({ kind, failure: answer.error })))
  }
  return ok({ served: found, untold })
}
