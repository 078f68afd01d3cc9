import type { Content } from './content.ts'
import type { Repository, Shelf } from './shelf.ts'

/** What a registry answers. To HEAD the body is left off, and the headers stay. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

// The codes of the OCI distribution specification that a registry without pushes needs, with their statuses.
const problems = {
  BLOB_UNKNOWN: { status: 404, message: 'blob unknown to registry' },
  MANIFEST_UNKNOWN: { status: 404, message: 'manifest unknown' },
  NAME_INVALID: { status: 400, message: 'invalid repository name' },
  NAME_UNKNOWN: { status: 404, message: 'repository name not known to registry' },
  PAGINATION_NUMBER_INVALID: { status: 400, message: 'invalid number of results requested' },
  UNSUPPORTED: { status: 405, message: 'the operation is unsupported' },
} as const

const answer = (status: number, mediaType: string, body: Uint8Array, more: Record<string, string> = {}): Answer => ({
  status,
  headers: {
    'Docker-Distribution-Api-Version': 'registry/2.0',
    'Content-Type': mediaType,
    'Content-Length': `${body.length}`,
    ...more,
  },
  body,
})

const jsonAnswer = (status: number, document: object, more: Record<string, string> = {}): Answer =>
  answer(status, 'application/json', Buffer.from(JSON.stringify(document)), more)

const problem = (code: keyof typeof problems, detail: object = {}): Answer => {
  const { status, message } = problems[code]
  const more: Record<string, string> = status === 405 ? { Allow: 'GET, HEAD' } : {}
  return jsonAnswer(status, { errors: [{ code, message, detail }] }, more)
}

const contentAnswer = ({ mediaType, digest, bytes }: Content): Answer =>
  answer(200, mediaType, bytes, { 'Docker-Content-Digest': digest })

const manifest = ({ tags, manifests }: Repository, tagOrDigest: string): Answer => {
  const content = manifests.get(tags.get(tagOrDigest) ?? tagOrDigest)
  return content === undefined ? problem('MANIFEST_UNKNOWN', { reference: tagOrDigest }) : contentAnswer(content)
}

const blob = ({ blobs }: Repository, digest: string): Answer => {
  const content = blobs.get(digest)
  if (content === undefined) return problem('BLOB_UNKNOWN', { digest })
  return contentAnswer({ ...content, mediaType: 'application/octet-stream' })
}

const tagList = ({ tags }: Repository, name: string, query: URLSearchParams): Answer => {
  const asked = query.get('n')
  if (asked !== null && !/^\d{1,9}$/.test(asked)) return problem('PAGINATION_NUMBER_INVALID', { n: asked })
  const last = query.get('last') ?? ''
  const rest = [...tags.keys()].filter(tag => tag > last).toSorted((a, b) => (a < b ? -1 : 1))
  const page = asked === null ? rest : rest.slice(0, Number(asked))
  const end = page.at(-1)
  const next = end !== undefined && page.length < rest.length ? new URLSearchParams({ n: `${asked}`, last: end }) : ''
  const more: Record<string, string> = next ? { Link: `</v2/${name}/tags/list?${next}>; rel="next"` } : {}
  return jsonAnswer(200, { name, tags: page }, more)
}

const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'
const repositoryName = new RegExp(`^${component}(?:/${component})*$`)
// Greedy: a repository may have a component that is called "manifests".
const route = /^\/v2\/(?<name>.+)\/(?:(?<kind>manifests|blobs)\/(?<what>[^/]+)|tags\/list)$/

const read = (shelf: Shelf, url: URL, found: Readonly<Record<string, string | undefined>>): Answer => {
  const { name = '', kind, what = '' } = found
  if (!repositoryName.test(name)) return problem('NAME_INVALID', { name })
  const repository = shelf.get(name)
  if (repository === undefined) return problem('NAME_UNKNOWN', { name })
  if (kind === 'manifests') return manifest(repository, what)
  return kind === 'blobs' ? blob(repository, what) : tagList(repository, name, url.searchParams)
}

const notFound = answer(404, 'text/plain; charset=utf-8', Buffer.from('404 page not found\n'))

/** What a registry with this shelf answers, by the OCI distribution specification; it takes no pushes. */
export const answerTo = (shelf: Shelf, method: string, target: string): Answer => {
  const url = URL.parse(`http://registry${target}`)
  const found = url === null ? null : route.exec(url.pathname)
  const isRoot = url?.pathname === '/v2/'
  if (url === null || (found === null && !isRoot)) return notFound
  if (method !== 'GET' && method !== 'HEAD') return problem('UNSUPPORTED', { method })
  return found === null ? jsonAnswer(200, {}) : read(shelf, url, found.groups ?? {})
}
