import { endingIn } from '../lib/deadline.ts'
import { fail, ok, type Result } from '../lib/result.ts'
import { asText, ownProperty, propertyAt } from '../lib/untrusted.ts'
import type { ApiFailure } from './api-failure.ts'
import type { ApiServer } from './api-server.ts'

/** What is listed, and how. */
export interface ListOptions {
  readonly api: Pick<ApiServer, 'get'>
  /** `/api/v1/nodes` */
  readonly path: string
  /** Of labels, as kubectl's `--selector` takes it; undefined: all objects. */
  readonly selector?: string | undefined
  readonly pageSize: number
  /** For one page. */
  readonly pageMs: number
}

interface Page {
  readonly items: readonly unknown[]
  readonly version: string
  /** Where the next page begins; empty at the end. */
  readonly next: string
}

// Three times the pods of the largest clusters (kubernetes.io, Considerations for large clusters).
const mostObjects = 500_000

const pageOf = (body: unknown): Page | undefined => {
  const [items, version] = [ownProperty(body, 'items'), asText(propertyAt(body, 'metadata', 'resourceVersion'))]
  // Go writes an empty list as null.
  if (!version || !(Array.isArray(items) || items === null)) return undefined
  return { items: items ?? [], version, next: asText(propertyAt(body, 'metadata', 'continue')) ?? '' }
}

/** Without a resourceVersion: with one the API server takes the list from its cache, and pays no heed to the limit. */
const pathOf = ({ path, selector }: ListOptions, limit: number, next: string): string => {
  const chosen = { ...(selector && { labelSelector: selector }), ...(next && { continue: next }) }
  return `${path}?${new URLSearchParams({ limit: String(limit), ...chosen })}`
}

/** Lists objects page by page, and gives the version of the list. A page that is too large is asked for in smaller ones. */
export const listObjects = async (
  options: ListOptions,
  take: (object: unknown) => void,
  signal: AbortSignal,
): Promise<Result<string, ApiFailure>> => {
  const { api, pageSize, pageMs } = options
  let [limit, next, count] = [pageSize, '', 0]
  for (;;) {
    const answer = await api.get(pathOf(options, limit, next), endingIn(pageMs, signal))
    if (!answer.ok && answer.error.kind === 'too-large' && limit > 1) {
      limit = Math.ceil(limit / 4)
      continue
    }
    if (!answer.ok) return answer
    const page = pageOf(answer.value)
    if (page === undefined) return fail({ kind: 'bad-answer', status: 200 })
    page.items.forEach(take)
    count += page.items.length
    if (page.next === '') return ok(page.version)
    if (page.items.length === 0 || count > mostObjects) return fail({ kind: 'too-large' })
    next = page.next
  }
}
