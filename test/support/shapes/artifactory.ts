import type { Answer } from '../../../src/demo/distribution.ts'
import { bearerRegistry } from './bearer-registry.ts'
import { absence, absent, cells, denied, facts, unsure } from './cell.ts'
import { byTheBook, movedTo, problem, said, wantsToken } from './said.ts'
import type { Shape } from './shape.ts'
import { tokenEndpoint } from './token-endpoint.ts'

const registry = 'acme.jfrog.io'
const fetched = 'HEAD 200, GET 200, GET 200'
const asReader = 'HEAD 401, token POST 401, token GET 200'

// containerd#6339: the charset, and the version of the protocol.
const inItsWords = (status: number, code: string): Answer =>
  said(status, 'application/json;charset=ISO-8859-1', JSON.stringify({ errors: [{ code, message: 'unlike others' }] }))

const tokens = { host: registry, path: '/v2/token' }

/** Artifactory, a repository that is several. */
export const artifactory: Shape = {
  name: 'Artifactory',
  hosts: [registry],
  tokens,
  repositories: ['docker/app', 'mixed/app'],
  images: {
    private: `${registry}/docker/app:1`,
    'private tag': `${registry}/docker/app:none`,
    missing: `${registry}/docker/none:1`,
    mixed: `${registry}/mixed/app:1`,
    'mixed tag': `${registry}/mixed/app:none`,
  },
  speak: bearerRegistry({
    tokens,
    service: registry,
    giveToken: tokenEndpoint({
      // containerd's authorizer.go, as of 2018.
      post: inItsWords(401, 'UNAUTHORIZED'),
      members: ['token'],
      more: { expires_in: 3600 },
      refuse: who => (who === 'right' ? undefined : inItsWords(401, 'UNAUTHORIZED')),
    }),
    mayRead: () => true,
    turnAway: challenge => challenge(),
    asItAnswers: (answer, { repository }) => {
      if (answer.status !== 404) return answer
      // Where one of the repositories behind it is closed: sigstore/cosign#2973, google/go-containerregistry#1691.
      if (repository === 'mixed/app') return inItsWords(403, 'UNAUTHORIZED')
      // jetstack/version-checker#318: one word for a repository and a tag.
      return inItsWords(404, 'MANIFEST_UNKNOWN')
    },
  }),
  cells: [
    ...cells(
      'anonymous',
      'private, private tag, missing, mixed, mixed tag',
      denied('token', 401, 'anonymous'),
      'HEAD 401, token GET 401',
    ),
    ...cells(
      'wrong',
      'private, private tag, missing, mixed, mixed tag',
      denied('token', 401, 'credentials'),
      'HEAD 401, token POST 401, token GET 401',
    ),
    ...cells('right', 'private, mixed', facts, `${asReader}, ${fetched}`),
    ...cells('right', 'private tag, missing', absent('tag', 'credentials'), `${asReader}, ${absence}`),
    ...cells('right', 'mixed tag', denied('manifest', 403, 'credentials'), `${asReader}, HEAD 403, GET 403`),
  ],
}

/** Artifactory where everybody may read something: what he may not read is not there, and nobody is asked who he is. */
export const openArtifactory: Shape = {
  name: 'Artifactory with anonymous access',
  hosts: [registry],
  repositories: ['docker/public'],
  images: {
    public: `${registry}/docker/public:1`,
    'public tag': `${registry}/docker/public:none`,
    private: `${registry}/docker/private:1`,
    missing: `${registry}/docker/none:1`,
  },
  speak: world => asked => {
    const answer = byTheBook(world, asked)
    return answer.status === 404 ? inItsWords(404, 'MANIFEST_UNKNOWN') : answer
  },
  cells: (['anonymous', 'wrong', 'right'] as const).flatMap(as => [
    ...cells(as, 'public', facts, fetched),
    ...cells(as, 'public tag, private, missing', absent('tag', 'unchallenged'), absence),
  ]),
}

const backend = 'artifactory.example.com'
const front = 'docker-hub.artifactory.example.com'

/** Artifactory behind a name for each repository, which leads to the one that asks for a token: containerd#6339. */
export const redirectedArtifactory: Shape = {
  name: 'Artifactory behind redirects',
  hosts: [front, backend],
  backend,
  repositories: [],
  images: { app: `${front}/app:1` },
  speak: world => asked => {
    if (asked.host === front) return movedTo(302, `${world.origin(backend)}/artifactory/api/docker/hub${asked.path}`)
    const realm = `${world.origin(backend)}/artifactory/api/docker/hub/v2/token`
    return asked.path.endsWith('/token')
      ? problem(401, 'UNAUTHORIZED')
      : wantsToken(realm, backend, 'repository:app:pull')
  },
  // The node may ask there again with a token, so nothing is said of it.
  cells: (['anonymous', 'wrong', 'right'] as const).flatMap(as =>
    cells(as, 'app', unsure('refused-after-redirect', 401), 'HEAD 302, backend HEAD 401'),
  ),
}
