import { absent, cells, facts, unsure } from './cell.ts'
import { byTheBook, fromNetwork, handedTo, movedTo, problem, wantsToken } from './said.ts'
import type { Shape } from './shape.ts'

const registry = 'registry.k8s.io'
const backend = 'europe-west1-docker.pkg.dev'
const network = 'prod-registry-k8s-io-eu-west-1.s3.dualstack.eu-west-1.amazonaws.com'
const fetched = 'HEAD 307, backend HEAD 200, GET 307, backend GET 200, GET 307, network GET 200'

/** The Kubernetes project's registry, which leads to others: cmd/archeio/docs/request-handling.md. */
export const kubernetes: Shape = {
  name: 'registry.k8s.io',
  hosts: [registry, backend, network],
  backend,
  network,
  repositories: ['pause'],
  images: {
    public: `${registry}/pause:1`,
    'public tag': `${registry}/pause:none`,
    missing: `${registry}/none:1`,
    closed: `${registry}/closed:1`,
  },
  speak: world => asked => {
    if (asked.host === network) return fromNetwork(world, asked)
    if (asked.host === registry) {
      if (asked.isBlob) return handedTo(world, 307, network, asked)
      return movedTo(307, `${world.origin(backend)}${asked.path.replace('/v2/', '/v2/k8s-artifacts-prod/images/')}`)
    }
    // As it was for a while in some regions: kubernetes/ingress-nginx#9151.
    if (asked.repository.endsWith('/closed')) return wantsToken(`${world.origin(backend)}/v2/token`, backend, undefined)
    const answer = byTheBook(world, { ...asked, path: asked.path.replace('k8s-artifacts-prod/images/', '') })
    return answer.status === 404 ? problem(404, 'MANIFEST_UNKNOWN') : answer
  },
  cells: (['anonymous', 'wrong', 'right'] as const).flatMap(as => [
    ...cells(as, 'public', facts, fetched),
    ...cells(
      as,
      'public tag, missing',
      absent('tag', 'unchallenged'),
      'HEAD 307, backend HEAD 404, GET 307, backend GET 404, HEAD 307, backend HEAD 404',
    ),
    ...cells(as, 'closed', unsure('refused-after-redirect', 401), 'HEAD 307, backend HEAD 401'),
  ]),
}
