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

type Tags = Result<readonly string[], ProbeFailure>

/** Reads the pages of a list of tags, up to a bound; what was listed before a page failed is worth more than the failure. */
export const readTagPages = async (
  get: (path: string) => Promise<Result<Reply, ProbeFailure>>,
  place: Place,
  at: Origin,
): Promise<Tags> => {
  const tags: string[] = []
  let path: string | undefined = firstTagPage
  for (let page = 0; page < mostPages && path !== undefined; page++) {
    const answer: Result<Reply, ProbeFailure> = await get(path)
    const listed: Tags = answer.ok ? readTags(answer.value, at) : answer
    if (!listed.ok || !answer.ok) return page === 0 ? listed : ok(tags)
    tags.push(...listed.value)
    path = nextTagPage(answer.value, place)
  }
  return ok(tags)
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

const readTags = (answer: Reply, at: Origin): Tags => {
  const names = asRecord(parseJson(answer.body))?.['tags']
  // Where no tag is left, some registries list null.
  if (names === null) return ok([])
  if (!Array.isArray(names)) return fail({ ...at, kind: 'bad-answer', problem: 'wrong-shape', status: undefined })
  return ok(names.filter(name => typeof name === 'string'))
}
