import { bearerRegistry } from './bearer-registry.ts'
import { absence, absent, cells, denied, facts } from './cell.ts'
import { problem } from './said.ts'
import type { Shape } from './shape.ts'
import { nothing, tokenEndpoint } from './token-endpoint.ts'

const tokens = { host: 'ghcr.io', path: '/token' }
const network = 'pkg-containers.githubusercontent.com'
const fetched = 'HEAD 200, GET 200, GET 307, network GET 200'
const asReader = 'HEAD 401, token POST 405, token GET 200'

/** GitHub's registry, which decides at the token server. */
export const ghcr: Shape = {
  name: 'GHCR',
  hosts: ['ghcr.io', network],
  tokens,
  network,
  repositories: ['acme/public', 'acme/private'],
  images: {
    public: 'ghcr.io/acme/public:1',
    'public tag': 'ghcr.io/acme/public:none',
    private: 'ghcr.io/acme/private:1',
    'private tag': 'ghcr.io/acme/private:none',
    missing: 'ghcr.io/acme/none:1',
  },
  speak: bearerRegistry({
    tokens,
    network,
    service: 'ghcr.io',
    giveToken: tokenEndpoint({
      // open-component-model/ocm#400.
      post: nothing(405),
      members: ['token'],
      refuse: (who, repository) => {
        // Expired, revoked and wrong alike, whatever the package: akuity/kargo#778, coollabsio/coolify#5575.
        if (who === 'wrong' || who === 'expired') return problem(403, 'DENIED')
        // 401 for a package that is there, 403 for one that is not: openai/tunnel-client#75, sigstore/scaffolding#127.
        if (repository === 'acme/none') return problem(403, 'DENIED')
        return repository === 'acme/private' && who === 'anonymous' ? problem(401, 'UNAUTHORIZED') : undefined
      },
    }),
    mayRead: () => true,
    turnAway: challenge => challenge(),
  }),
  cells: [
    ...cells('anonymous', 'public', facts, `HEAD 401, token GET 200, ${fetched}`),
    ...cells('anonymous', 'public tag', absent('tag', 'anonymous'), `HEAD 401, token GET 200, ${absence}`),
    ...cells('anonymous', 'private, private tag', denied('token', 401, 'anonymous'), 'HEAD 401, token GET 401'),
    ...cells('anonymous', 'missing', denied('token', 403, 'anonymous'), 'HEAD 401, token GET 403'),
    ...cells(
      'wrong',
      'public, public tag, private, private tag, missing',
      denied('token', 403, 'credentials'),
      'HEAD 401, token POST 405, token GET 403',
    ),
    ...cells(
      'expired',
      'public, private',
      denied('token', 403, 'credentials'),
      'HEAD 401, token POST 405, token GET 403',
    ),
    ...cells('right', 'public, private', facts, `${asReader}, ${fetched}`),
    ...cells('right', 'public tag, private tag', absent('tag', 'credentials'), `${asReader}, ${absence}`),
    ...cells('right', 'missing', denied('token', 403, 'credentials'), 'HEAD 401, token POST 405, token GET 403'),
  ],
}
