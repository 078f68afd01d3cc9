import { bearerRegistry } from './bearer-registry.ts'
import { absence, absent, type Cell, cells, denied, facts, unsure } from './cell.ts'
import { byTheBook, fromNetwork, handedTo, problem, saidJson } from './said.ts'
import type { Shape } from './shape.ts'
import { tokenEndpoint } from './token-endpoint.ts'

const posted = 'HEAD 401, token POST 400'
const fetched = 'HEAD 200, GET 200, GET 307, network GET 200'

type Access = 'private' | 'anonymous pull' | 'firewall'

const shapeOf = (name: string, registry: string, access: Access, cellsOf: readonly Cell[]): Shape => {
  const tokens = { host: registry, path: '/oauth2/token' }
  const network = 'weuacrdata.blob.core.windows.net'
  return {
    name,
    hosts: [registry, network],
    tokens,
    network,
    repositories: ['app'],
    images: { app: `${registry}/app:1`, tag: `${registry}/app:none`, missing: `${registry}/none:1` },
    speak: bearerRegistry({
      tokens,
      network,
      service: registry,
      giveToken: tokenEndpoint({
        // Of OAuth 2.0's grants it knows no password: Azure/acr#104, containerd/nerdctl#737.
        post: saidJson(400, { error: 'invalid_request' }),
        members: ['access_token'],
        refuse: who => {
          if (access === 'firewall') return problem(403, 'DENIED')
          const isLetIn = who === 'right' || (access === 'anonymous pull' && who === 'anonymous')
          return isLetIn ? undefined : problem(401, 'UNAUTHORIZED')
        },
      }),
      mayRead: () => true,
      turnAway: challenge => challenge(),
    }),
    cells: cellsOf,
  }
}

const turnedAway: readonly Cell[] = cells(
  'wrong',
  'app, tag, missing',
  denied('token', 401, 'credentials'),
  `${posted}, token GET 401`,
)

const letIn: readonly Cell[] = [
  ...cells('right', 'app', facts, `${posted}, token GET 200, ${fetched}`),
  ...cells('right', 'tag', absent('tag', 'credentials'), `${posted}, token GET 200, ${absence}`),
  ...cells('right', 'missing', absent('repository', 'credentials'), `${posted}, token GET 200, ${absence}`),
]

/** Azure's registry. */
export const acr = shapeOf('ACR', 'acme.azurecr.io', 'private', [
  ...cells('anonymous', 'app, tag, missing', denied('token', 401, 'anonymous'), 'HEAD 401, token GET 401'),
  ...turnedAway,
  ...letIn,
])

/** The same where everybody may pull. */
export const openAcr = shapeOf('ACR with anonymous pull', 'open.azurecr.io', 'anonymous pull', [
  ...cells('anonymous', 'app', facts, `HEAD 401, token GET 200, ${fetched}`),
  ...cells('anonymous', 'tag', absent('tag', 'anonymous'), `HEAD 401, token GET 200, ${absence}`),
  ...cells('anonymous', 'missing', absent('repository', 'anonymous'), `HEAD 401, token GET 200, ${absence}`),
  ...turnedAway,
  ...letIn,
])

/**
 * The same behind a firewall that knows the nodes' addresses and not ours: docker/build-push-action#1214 and
 * Azure/azure-cli#27253, neither of which says whether the token server or the registry speaks so. Of the registry it would
 * be a 403 without a challenge, from which nothing follows already.
 */
export const fencedAcr = shapeOf(
  'ACR behind a firewall',
  'fenced.azurecr.io',
  'firewall',
  // A 403 of the token server is no word on credentials, for which it says 401.
  [
    ...cells('anonymous', 'app, tag, missing', unsure('not-a-registry', 403, 'token'), 'HEAD 401, token GET 403'),
    ...cells('right', 'app, tag, missing', unsure('not-a-registry', 403, 'token'), `${posted}, token GET 403`),
  ],
)

const mcrNetwork = 'westeurope.data.mcr.microsoft.com'

/** Microsoft's public registry, which never asks who is there. */
export const mcr: Shape = {
  name: 'MCR',
  hosts: ['mcr.microsoft.com', mcrNetwork],
  network: mcrNetwork,
  repositories: ['app'],
  images: {
    app: 'mcr.microsoft.com/app:1',
    tag: 'mcr.microsoft.com/app:none',
    missing: 'mcr.microsoft.com/none:1',
  },
  speak: world => asked => {
    if (asked.host === mcrNetwork) return fromNetwork(world, asked)
    const answer = byTheBook(world, asked)
    if (asked.isBlob && answer.status === 200) return handedTo(world, 307, mcrNetwork, asked)
    // The code is ACR's, whose software it is: Azure/ipam#345. What it says of a repository is not on record.
    return answer.status === 404 ? problem(404, 'MANIFEST_UNKNOWN') : answer
  },
  cells: (['anonymous', 'wrong', 'right'] as const).flatMap(as => [
    ...cells(as, 'app', facts, fetched),
    ...cells(as, 'tag, missing', absent('tag', 'unchallenged'), absence),
  ]),
}
