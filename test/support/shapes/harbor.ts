import type { Answer } from '../../../src/demo/distribution.ts'
import type { As, Asked } from './asked.ts'
import { bearerRegistry } from './bearer-registry.ts'
import { absence, absent, type Cell, cells, denied, facts, limited, unsure } from './cell.ts'
import { problem } from './said.ts'
import type { Shape } from './shape.ts'
import { nothing, tokenEndpoint } from './token-endpoint.ts'

const registry = 'harbor.example.com'
const tokens = { host: registry, path: '/service/token' }
const fetched = 'HEAD 200, GET 200, GET 200'
const asAnybody = 'HEAD 401, token GET 200'
const asSomebody = 'HEAD 401, token POST 405, token GET 200'

const projectOf = (repository: string): string => repository.split('/')[0] ?? ''
const isThere = (repository: string): boolean => projectOf(repository) !== 'none'
const isOpen = (repository: string): boolean => projectOf(repository).startsWith('open')

/** Read in its source: src/server/middleware/v2auth/auth.go, where a second "no" asks for a password, or for nothing. */
const turnAway = (_: unknown, { repository }: Asked): Answer =>
  problem(401, 'UNAUTHORIZED', {
    'WWW-Authenticate': isThere(repository) ? 'Basic realm="harbor"' : '',
    'Docker-Distribution-Api-Version': 'registry/2.0',
  })

/** Harbor knows one word for everything that is missing (src/lib/errors/const.go). */
const inItsWords = (answer: Answer, { repository }: Asked): Answer => {
  if (repository === 'open-proxy/limited') return problem(429, 'TOO_MANY_REQUEST')
  if (repository === 'open-proxy/broken') return problem(500, 'UNKNOWN')
  return answer.status === 404 ? problem(404, 'NOT_FOUND') : answer
}

const shapeOf = (name: string, images: Shape['images'], cellsOf: readonly Cell[]): Shape => ({
  name,
  hosts: [registry],
  tokens,
  repositories: ['open/app', 'team/app', 'open-proxy/library/app'],
  images,
  speak: bearerRegistry({
    tokens,
    service: 'harbor-registry',
    giveToken: tokenEndpoint({
      // The framework's own answer (src/core/middlewares/middlewares.go); it was 403 before 2.0 (containerd#3913).
      post: nothing(405),
      members: ['token'],
      more: { access_token: '', expires_in: 1800, issued_at: '2026-11-21T12:00:00Z' },
      refuse: () => undefined,
      // Who shows a wrong password is nobody, and nobody gets a token (src/core/service/token/creator.go Create,
      // src/server/middleware/security/basic_auth.go): only `docker login`, which names no scope, is told.
      takenFor: (who: As) => (who === 'right' ? 'right' : 'anonymous'),
    }),
    mayRead: (who, repository) => isThere(repository) && (isOpen(repository) || who === 'right'),
    turnAway,
    asItAnswers: inItsWords,
  }),
  cells: cellsOf,
})

/** Harbor, a project of its own. */
export const harbor = shapeOf(
  'Harbor',
  {
    public: `${registry}/open/app:1`,
    'public tag': `${registry}/open/app:none`,
    private: `${registry}/team/app:1`,
    'private tag': `${registry}/team/app:none`,
    missing: `${registry}/team/none:1`,
    'no project': `${registry}/none/app:1`,
  },
  [
    ...cells('anonymous', 'public', facts, `${asAnybody}, ${fetched}`),
    ...cells('anonymous', 'public tag', absent('tag', 'anonymous'), `${asAnybody}, ${absence}`),
    ...cells(
      'anonymous',
      'private, private tag, missing, no project',
      denied('manifest', 401, 'anonymous'),
      `${asAnybody}, HEAD 401`,
    ),
    // Unlike elsewhere the node gets a public image with a wrong password.
    ...cells('wrong', 'public', facts, `${asSomebody}, ${fetched}`),
    ...cells('wrong', 'public tag', absent('tag', 'credentials'), `${asSomebody}, ${absence}`),
    ...cells(
      'wrong',
      'private, private tag, missing',
      denied('manifest', 401, 'credentials'),
      `${asSomebody}, HEAD 401, HEAD 401`,
    ),
    ...cells('wrong', 'no project', denied('manifest', 401, 'credentials'), `${asSomebody}, HEAD 401`),
    ...cells('right', 'public, private', facts, `${asSomebody}, ${fetched}`),
    ...cells('right', 'public tag, private tag, missing', absent('tag', 'credentials'), `${asSomebody}, ${absence}`),
    ...cells('right', 'no project', denied('manifest', 401, 'credentials'), `${asSomebody}, HEAD 401`),
  ],
)

/** Harbor, a project that stands for another registry: src/server/middleware/repoproxy/proxy.go. */
export const harborProxy = shapeOf(
  'Harbor as a proxy',
  {
    public: `${registry}/open-proxy/library/app:1`,
    'missing upstream': `${registry}/open-proxy/library/none:1`,
    limited: `${registry}/open-proxy/limited:1`,
    broken: `${registry}/open-proxy/broken:1`,
    'upstream down': `${registry}/open-proxy/library/new:1`,
  },
  [
    ...cells('anonymous', 'public', facts, `${asAnybody}, ${fetched}`),
    ...cells('anonymous', 'missing upstream', absent('tag', 'anonymous'), `${asAnybody}, ${absence}`),
    // goharbor/harbor#19257.
    ...cells('anonymous', 'limited', limited, `${asAnybody}, HEAD 429`),
    ...cells('anonymous', 'broken', unsure('server-error', 500), `${asAnybody}, HEAD 500`),
    ...cells('right', 'public', facts, `${asSomebody}, ${fetched}`),
    ...cells('right', 'missing upstream', absent('tag', 'credentials'), `${asSomebody}, ${absence}`),
    ...cells('right', 'limited', limited, `${asSomebody}, HEAD 429`),
    ...cells('right', 'broken', unsure('server-error', 500), `${asSomebody}, HEAD 500`),
    // While the upstream is down, what was not pulled before is "not found": goharbor/harbor#18270, #23190. Nothing tells it
    // from a tag that is not there, and the node hears the same.
    ...cells('right', 'upstream down', absent('tag', 'credentials'), `${asSomebody}, ${absence}`),
  ],
)
