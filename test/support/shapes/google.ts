import type { As } from './asked.ts'
import { bearerRegistry } from './bearer-registry.ts'
import { absence, absent, type Cell, cells, denied, facts } from './cell.ts'
import { problem, said } from './said.ts'
import type { Shape } from './shape.ts'
import { tokenEndpoint } from './token-endpoint.ts'

const everybody: readonly As[] = ['anonymous', 'wrong', 'right']
const posted = 'HEAD 401, token POST 404'

const cellsWith = (fetched: string): readonly Cell[] => [
  // To what everybody may read it wants no token, and does not look at one: kubernetes/registry.k8s.io
  // cmd/archeio/internal/app/handlers.go.
  ...everybody.flatMap(as => [
    ...cells(as, 'public', facts, fetched),
    ...cells(as, 'public tag', absent('tag', 'unchallenged'), absence),
  ]),
  ...cells('anonymous', 'private, private tag, missing', denied('token', 403, 'anonymous'), 'HEAD 401, token GET 403'),
  ...cells('wrong', 'private, private tag, missing', denied('token', 401, 'credentials'), `${posted}, token GET 401`),
  ...cells('right', 'private', facts, `${posted}, token GET 200, ${fetched}`),
  ...cells('right', 'private tag', absent('tag', 'credentials'), `${posted}, token GET 200, ${absence}`),
  // "or it may not exist", as it says itself.
  ...cells('right', 'missing', denied('token', 403, 'credentials'), `${posted}, token GET 403`),
]

const shapeOf = (name: string, registry: string, network: string | undefined): Shape => {
  const tokens = { host: registry, path: '/v2/token' }
  const repositoryOf = (kind: string): string => `acme/${kind}/app`
  return {
    name,
    hosts: [registry, ...(network === undefined ? [] : [network])],
    tokens,
    ...(network === undefined ? {} : { network }),
    repositories: [repositoryOf('public'), repositoryOf('private')],
    images: {
      public: `${registry}/${repositoryOf('public')}:1`,
      'public tag': `${registry}/${repositoryOf('public')}:none`,
      private: `${registry}/${repositoryOf('private')}:1`,
      'private tag': `${registry}/${repositoryOf('private')}:none`,
      missing: `${registry}/${repositoryOf('none')}:1`,
    },
    speak: bearerRegistry({
      tokens,
      ...(network === undefined ? {} : { network }),
      handsOver: 302,
      service: registry,
      giveToken: tokenEndpoint({
        // A page for people (concourse/registry-image-resource#239); containerd's authorizer.go names the status.
        post: said(404, 'text/html; charset=UTF-8', '<!DOCTYPE html><title>Error 404 (Not Found)!!1</title>'),
        members: ['token'],
        more: { expires_in: 43_199, issued_at: '2026-11-21T12:00:00Z' },
        // argoproj/argo-cd#26260, docker/login-action#606. Of a wrong password the status is not on record.
        refuse: (who, repository) => {
          if (who === 'wrong') return problem(401, 'UNAUTHORIZED')
          return who === 'right' && repository !== repositoryOf('none') ? undefined : problem(403, 'DENIED')
        },
      }),
      isOpen: repository => repository === repositoryOf('public'),
      mayRead: () => true,
      turnAway: challenge => challenge(),
    }),
    cells: cellsWith(
      network === undefined ? 'HEAD 200, GET 200, GET 200' : 'HEAD 200, GET 200, GET 302, network GET 200',
    ),
  }
}

/** Google's Artifact Registry. */
export const artifactRegistry = shapeOf('Artifact Registry', 'europe-west1-docker.pkg.dev', undefined)

/** Google's Container Registry, which hands its blobs over. */
export const containerRegistry = shapeOf('GCR', 'eu.gcr.io', 'storage.googleapis.com')
