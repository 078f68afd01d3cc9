import { bearerRegistry } from './bearer-registry.ts'
import { absence, absent, cells, denied, facts } from './cell.ts'
import { problem, withHeaders } from './said.ts'
import type { Shape } from './shape.ts'
import { nothing, tokenEndpoint } from './token-endpoint.ts'

const tokens = { host: 'quay.io', path: '/v2/auth' }
const network = 'cdn01.quay.io'
const fetched = 'HEAD 200, GET 200, GET 302, network GET 200'
const refusal = 'HEAD 401, token POST 405, token GET 401'
const asReader = 'HEAD 401, token POST 405, token GET 200'

/** Quay, read in its source: endpoints/v2/__init__.py, v2auth.py and manifest.py. */
export const quay: Shape = {
  name: 'Quay',
  hosts: ['quay.io', network],
  tokens,
  network,
  repositories: ['acme/public', 'acme/private'],
  images: {
    public: 'quay.io/acme/public:1',
    'public tag': 'quay.io/acme/public:none',
    'expired tag': 'quay.io/acme/public:expired',
    private: 'quay.io/acme/private:1',
    'private tag': 'quay.io/acme/private:none',
    missing: 'quay.io/acme/none:1',
    "stranger's": 'quay.io/stranger/private:1',
  },
  speak: bearerRegistry({
    tokens,
    network,
    handsOver: 302,
    service: 'quay.io',
    giveToken: tokenEndpoint({
      // Flask's own answer: the route knows GET alone.
      post: nothing(405),
      members: ['token'],
      refuse: who => (who === 'wrong' ? problem(401, 'UNAUTHORIZED') : undefined),
    }),
    // Without a token too, though /v2/ always wants one.
    isOpen: repository => repository === 'acme/public',
    // Who may read a whole namespace is told what is not in it.
    mayRead: (who, repository) => who === 'right' && repository.startsWith('acme/'),
    turnAway: challenge => challenge(),
    // The next page of a list has its whole address.
    asItAnswers: (answer, { path }, world) => {
      if (path.endsWith('/expired')) return problem(404, 'TAG_EXPIRED')
      const link = answer.headers['Link']
      return link === undefined
        ? answer
        : withHeaders(answer, { Link: link.replace('<', `<${world.origin('quay.io')}`) })
    },
  }),
  cells: [
    // The registry asks nobody who he is, so it's all the same what he would show.
    ...(['anonymous', 'wrong', 'right'] as const).flatMap(as => [
      ...cells(as, 'public', facts, fetched),
      ...cells(as, 'public tag', absent('tag', 'unchallenged'), absence),
      // quay/clair#1554. TAG_EXPIRED is Quay's word for a tag that was taken away, and the status decides on the node.
      ...cells(as, 'expired tag', absent('tag', 'unchallenged'), absence),
    ]),
    ...cells(
      'anonymous',
      "private, private tag, missing, stranger's",
      denied('manifest', 401, 'anonymous'),
      'HEAD 401, token GET 200, HEAD 401',
    ),
    ...cells('wrong', "private, private tag, missing, stranger's", denied('token', 401, 'credentials'), refusal),
    ...cells('right', 'private', facts, `${asReader}, ${fetched}`),
    ...cells('right', 'private tag', absent('tag', 'credentials'), `${asReader}, ${absence}`),
    ...cells('right', 'missing', absent('repository', 'credentials'), `${asReader}, ${absence}`),
    ...cells('right', "stranger's", denied('manifest', 401, 'credentials'), `${asReader}, HEAD 401`),
  ],
}
