import { bearerRegistry } from './bearer-registry.ts'
import { absence, absent, cells, denied, facts, unsure } from './cell.ts'
import { problem, without } from './said.ts'
import type { Shape } from './shape.ts'
import { nothing, tokenEndpoint } from './token-endpoint.ts'

const registry = 'public.ecr.aws'
const tokens = { host: registry, path: '/token/' }
const network = 'd5l0dvt14r5h8.cloudfront.net'
// The manifest is fetched to learn its digest, and only once.
const fetched = 'HEAD 200, GET 200, GET 307, network GET 200'
const asSomebody = 'HEAD 401, token POST 405, token GET 200'

/** Amazon's public gallery. */
export const ecrPublic: Shape = {
  name: 'ECR Public',
  hosts: [registry, network],
  tokens,
  network,
  repositories: ['acme/app'],
  images: {
    public: `${registry}/acme/app:1`,
    'public tag': `${registry}/acme/app:none`,
    missing: `${registry}/acme/none:1`,
  },
  speak: bearerRegistry({
    tokens,
    network,
    service: registry,
    // fluxcd/flux#3492, where the good answer has no Docker-Content-Digest either.
    scope: 'aws',
    giveToken: tokenEndpoint({
      // How POST is not served is not on record; GET follows on 400, 401, 404 and 405 alike.
      post: nothing(405),
      members: ['token'],
      // It gives a token for a login of yesterday, with which the registry then says 403: issue 71 of
      // aws-solutions-library-samples/guidance-for-game-server-hosting-using-agones-and-open-match-on-amazon-eks.
      refuse: () => undefined,
    }),
    mayRead: who => who === 'anonymous' || who === 'right',
    // dependabot/proxy#157 has the 400 for what never was a login.
    turnAway: (_, __, who) => problem(who === 'expired' ? 403 : 400, 'DENIED'),
    // aws/containers-roadmap#2835.
    expired: () => problem(400, 'DENIED'),
    asItAnswers: answer => without(answer, 'Docker-Content-Digest'),
  }),
  cells: [
    ...cells('anonymous', 'public', facts, `HEAD 401, token GET 200, ${fetched}`),
    ...cells('anonymous', 'public tag', absent('tag', 'anonymous'), `HEAD 401, token GET 200, ${absence}`),
    ...cells('anonymous', 'missing', absent('repository', 'anonymous'), `HEAD 401, token GET 200, ${absence}`),
    // The node fails at it; 400 is no word on credentials, so that is not said.
    ...cells('wrong', 'public, public tag, missing', unsure('unexpected-status', 400), `${asSomebody}, HEAD 400`),
    ...cells(
      'expired',
      'public, public tag, missing',
      denied('manifest', 403, 'credentials'),
      `${asSomebody}, HEAD 403, GET 403`,
    ),
    ...cells('right', 'public', facts, `${asSomebody}, ${fetched}`),
    ...cells('right', 'public tag', absent('tag', 'credentials'), `${asSomebody}, ${absence}`),
    ...cells('right', 'missing', absent('repository', 'credentials'), `${asSomebody}, ${absence}`),
  ],
}
