import { bearerRegistry } from './bearer-registry.ts'
import { absence, absent, cells, denied, facts } from './cell.ts'
import { problem, saidJson, withHeaders } from './said.ts'
import type { Shape } from './shape.ts'
import { tokenEndpoint } from './token-endpoint.ts'

const tokens = { host: 'auth.docker.io', path: '/token' }
const network = 'production.cloudflare.docker.com'
const fetched = 'HEAD 200, GET 200, GET 307, network GET 200'
const denial = 'HEAD 401, token POST 401, token GET 401'
const asReader = 'HEAD 401, token POST 200'

/** Docker Hub with so many pulls left. */
export const dockerHubWith = (name: string, remaining: number): Shape => ({
  name,
  hosts: ['registry-1.docker.io', tokens.host, network],
  tokens,
  network,
  repositories: ['library/app', 'acme/app'],
  images: {
    public: 'app:1',
    'public tag': 'app:none',
    private: 'acme/app:1',
    'private tag': 'acme/app:none',
    missing: 'stranger/none:1',
    'own missing': 'reader/none:1',
  },
  speak: bearerRegistry({
    tokens,
    network,
    service: 'registry.docker.io',
    // POST is tried first and GET is what the node then reports: docker/hub-feedback#2413.
    giveToken: tokenEndpoint({
      post: 'served',
      members: ['token', 'access_token'],
      more: { expires_in: 300, issued_at: '2026-11-21T12:00:00.123456789Z' },
      refuse: who =>
        who === 'anonymous' || who === 'right'
          ? undefined
          : saidJson(401, { details: 'incorrect username or password' }),
    }),
    // Everybody gets a token; what it is good for turns out at the registry, and only who owns a namespace is told what
    // is not in it: distribution#1291.
    mayRead: (who, repository) =>
      repository.startsWith('library/') || (who === 'right' && !repository.startsWith('stranger/')),
    turnAway: challenge => challenge('insufficient_scope'),
    // With HEAD too, and at 0 as well, when GET is refused: docker/hub-feedback#2464, docker/docs#11707 and #13499.
    asItAnswers: (answer, { isBlob, method }) => {
      const limits = {
        'ratelimit-limit': '100;w=21600',
        'ratelimit-remaining': `${remaining};w=21600`,
        'docker-ratelimit-source': '203.0.113.7',
      }
      if (isBlob) return answer
      return withHeaders(remaining === 0 && method === 'GET' ? problem(429, 'TOOMANYREQUESTS') : answer, limits)
    },
  }),
  cells: [],
})

/** Docker Hub. */
export const dockerHub: Shape = {
  ...dockerHubWith('Docker Hub', 76),
  cells: [
    ...cells('anonymous', 'public', facts, `HEAD 401, token GET 200, ${fetched}`),
    ...cells('anonymous', 'public tag', absent('tag', 'anonymous'), `HEAD 401, token GET 200, ${absence}`),
    // Private or not there: nobody is told which.
    ...cells(
      'anonymous',
      'private, private tag, missing, own missing',
      denied('manifest', 401, 'anonymous'),
      'HEAD 401, token GET 200, HEAD 401',
    ),
    // For a public image too: the node does not fall back to asking as anybody (containerd/cri#668).
    ...cells(
      'wrong',
      'public, public tag, private, private tag, missing, own missing',
      denied('token', 401, 'credentials'),
      denial,
    ),
    ...cells('right', 'public, private', facts, `${asReader}, ${fetched}`),
    ...cells('right', 'public tag, private tag', absent('tag', 'credentials'), `${asReader}, ${absence}`),
    ...cells('right', 'missing', denied('manifest', 401, 'credentials'), `${asReader}, HEAD 401`),
    ...cells('right', 'own missing', absent('repository', 'credentials'), `${asReader}, ${absence}`),
  ],
}
