import { fail, ok, type Result } from '../lib/result.ts'
import { asRecord } from '../lib/untrusted.ts'
import type { Origin, ProbeFailure } from './failure.ts'
import type { Place } from './hosts/place.ts'
import { parseJson } from './json.ts'
import { nextPage } from './link.ts'
import type { Reply } from './send.ts'

const tagsPerPage = 1000
const mostPages = 10

/** Where a repository's list of tags begins, below the repository. */
export const firstTagPage = `tags/list?n=${tagsPerPage}`

/** The tags of a repository, or as many as its first pages have, and who told them. */
export interface TagList {
  readonly names: readonly string[]
  /** As failures name it. */
  readonly host: string
  /** Whether nobody sees more of the repository than who sees the list. */
  readonly showsAll: boolean
}

interface TagPage extends Omit<TagList, 'host'> {
  /** The path of the page behind it. */
  readonly next: string | undefined
}

/** Reads the pages of a list of tags, up to a bound; what was listed before a page failed is worth more than the failure. */
export const readTagPages = async (
  get: (path: string) => Promise<Result<Reply, ProbeFailure>>,
  place: Place,
  at: Origin,
): Promise<Result<TagList, ProbeFailure>> => {
  const names: string[] = []
  let showsAll = true
  let path: string | undefined = firstTagPage
  for (let page = 0; page < mostPages && path !== undefined; page++) {
    const answer: Result<Reply, ProbeFailure> = await get(path)
    const listed: Result<TagPage, ProbeFailure> = answer.ok ? readPage(answer.value, place, at) : answer
    if (!listed.ok && page === 0) return listed
    if (!listed.ok) break
    names.push(...listed.value.names)
    showsAll &&= listed.value.showsAll
    path = listed.value.next
  }
  return ok({ names, host: at.host, showsAll })
}

/** The path of the next page, if it is one of this very list. */
const nextTagPage = (answer: Reply, { host, repository }: Place): string | undefined => {
  for (const base of host.bases) {
    const list = new URL(`${base}/${repository}/tags/list`)
    const next = nextPage(answer.header('link'), list)
    if (next?.pathname === list.pathname) return `tags/list${next.search}`
  }
  return undefined
}

/**
 * Registries give access by repository. Two may hide single tags, and say who they are: Artifactory's virtual repositories
 * put several together, some of them open and some not, and Nexus gives access by paths, in which tags stand.
 */
const hidesTags = ({ header }: Reply): boolean =>
  header('x-jfrog-version') !== undefined ||
  header('x-artifactory-id') !== undefined ||
  /^(?:artifactory|nexus)\b/i.test(header('server') ?? '')

const readPage = (answer: Reply, place: Place, at: Origin): Result<TagPage, ProbeFailure> => {
  const names = asRecord(parseJson(answer.body))?.['tags']
  const page = { showsAll: !hidesTags(answer), next: nextTagPage(answer, place) }
  // Where no tag is left, some registries list null.
  if (names === null) return ok({ ...page, names: [] })
  if (!Array.isArray(names)) return fail({ ...at, kind: 'bad-answer', problem: 'wrong-shape', status: undefined })
  return ok({ ...page, names: names.filter(name => typeof name === 'string') })
}
