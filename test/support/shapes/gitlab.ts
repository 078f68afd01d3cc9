import { bearerRegistry } from './bearer-registry.ts'
import { absence, absent, cells, denied, facts } from './cell.ts'
import { problem } from './said.ts'
import type { Shape } from './shape.ts'
import { nothing, tokenEndpoint } from './token-endpoint.ts'

const registry = 'registry.gitlab.com'
const tokens = { host: 'gitlab.com', path: '/jwt/auth' }
const network = 'cdn.registry.gitlab-static.net'
const fetched = 'HEAD 200, GET 200, GET 307, network GET 200'
const posted = 'HEAD 401, token POST 404'

/** GitLab's registry, whose token server stands on another host. */
export const gitlab: Shape = {
  name: 'GitLab',
  hosts: [registry, tokens.host, network],
  tokens,
  network,
  repositories: ['acme/public', 'acme/private'],
  images: {
    public: `${registry}/acme/public:1`,
    'public tag': `${registry}/acme/public:none`,
    private: `${registry}/acme/private:1`,
    'private tag': `${registry}/acme/private:none`,
    // The project is there, and nobody pushed to it.
    empty: `${registry}/acme/private/none:1`,
    missing: `${registry}/acme/none:1`,
  },
  speak: bearerRegistry({
    tokens,
    network,
    service: 'container_registry',
    giveToken: tokenEndpoint({
      // gitlab-org/gitlab config/routes.rb.
      post: nothing(404),
      members: ['token'],
      refuse: (who, repository) => {
        // Before it looks at any project: gitlab-org/gitlab app/controllers/jwt_controller.rb.
        if (who === 'wrong') return problem(401, 'UNAUTHORIZED')
        if (repository === 'acme/public') return undefined
        // canonical/microk8s#4754, siderolabs/talos#10274.
        return who === 'right' && repository !== 'acme/none' ? undefined : problem(403, 'DENIED')
      },
    }),
    mayRead: () => true,
    turnAway: challenge => challenge('invalid_token'),
  }),
  cells: [
    ...cells('anonymous', 'public', facts, `HEAD 401, token GET 200, ${fetched}`),
    ...cells('anonymous', 'public tag', absent('tag', 'anonymous'), `HEAD 401, token GET 200, ${absence}`),
    ...cells(
      'anonymous',
      'private, private tag, empty, missing',
      denied('token', 403, 'anonymous'),
      'HEAD 401, token GET 403',
    ),
    ...cells(
      'wrong',
      'public, public tag, private, private tag, empty, missing',
      denied('token', 401, 'credentials'),
      `${posted}, token GET 401`,
    ),
    ...cells('right', 'public, private', facts, `${posted}, token GET 200, ${fetched}`),
    ...cells('right', 'public tag, private tag', absent('tag', 'credentials'), `${posted}, token GET 200, ${absence}`),
    ...cells('right', 'empty', absent('repository', 'credentials'), `${posted}, token GET 200, ${absence}`),
    ...cells('right', 'missing', denied('token', 403, 'credentials'), `${posted}, token GET 403`),
  ],
}
