import type { Image } from '../../../src/demo/content.ts'
import type { Intercept } from '../../../src/demo/registry.ts'
import {
  always,
  answering,
  atBlobs,
  atDigests,
  atFirst,
  atGet,
  atHead,
  atManifests,
  challenging,
  digested,
  hanging,
  hangingUp,
  inTurn,
  redirecting,
  refusing,
  typed,
  withHeaders,
} from '../behaviours.ts'
import { single, types } from '../images.ts'
import { offering } from '../indexes.ts'
import { broken, denied, doubted, doubts, inLayers, notFound, type Row, runs } from '../row.ts'
import { auths, right } from '../secrets.ts'

const passing = doubted(['registry-error'], 'ErrImagePull', doubts.passing)
const noWord = doubted(['registry-error'], 'ErrImagePull', doubts.noWord)
const unreachable = doubted(['unreachable'], 'ErrImagePull', doubts.network)
const contrary = doubted(['registry-error'], 'ErrImagePull', doubts.contradiction)
const contraryAndRuns = doubted(['registry-error'], 'runs', doubts.contradiction)
const limited = doubted(['rate-limited'], 'ErrImagePull', doubts.limit)

const doing = (name: string, intercept: Intercept, expect: Row['expect'], more: Partial<Row> = {}): Row => ({
  name,
  registry: () => intercept,
  expect,
  ...more,
})

const withImage = (
  name: string,
  registry: (image: Image) => Intercept,
  expect: Row['expect'],
  more: Partial<Row> = {},
): Row => ({
  name,
  registry,
  expect,
  ...more,
})

const elsewhere = (image: Image, where: (url: string) => string): Intercept =>
  atBlobs((request, response) => {
    const { url = '', headers } = request
    if (url.includes('elsewhere')) return withHeaders(image, each => each)(request, response)
    return redirecting(() => where(`http://${headers.host}${url}`))(request, response)
  })

// biome-ignore format: a row is a line
const statuses: readonly Row[] = [
  doing('404 without a word', always(404), noWord),
  doing('404, and the manifest is unknown', refusing(404, 'MANIFEST_UNKNOWN'), notFound),
  doing('404, and the name is unknown', refusing(404, 'NAME_UNKNOWN'), notFound),
  doing('404 with a page', always(404, { 'content-type': 'text/html' }, '<h1>404</h1>'), noWord),
  doing('403 to anybody', refusing(403, 'DENIED'), noWord),
  doing('403 without a word', always(403), noWord),
  doing('403 to HEAD alone', atHead(refusing(403, 'DENIED')), doubted(['registry-error'], 'ErrImagePull', doubts.noWord)),
  doing('405 to HEAD alone', atHead(always(405)), runs),
  doing('501 to HEAD alone', atHead(always(501)), doubted(['registry-error'], 'ErrImagePull', doubts.noWord)),
  doing('404 to HEAD alone', atHead(always(404)), doubted(['registry-error'], 'ErrImagePull', doubts.noWord)),
  doing('400', refusing(400, 'NAME_INVALID'), noWord),
  doing('402', always(402), noWord),
  doing('406', always(406), noWord),
  doing('410', always(410), noWord),
  doing('451', always(451), noWord),
  doing('500', always(500), passing),
  doing('502', always(502), passing),
  doing('503', always(503), passing),
  doing('504', always(504), passing),
  doing('500 once', atFirst(1, always(500)), doubted(['registry-error'], 'runs', doubts.passing)),
  doing('503 once', atFirst(1, always(503)), doubted(['registry-error'], 'runs', doubts.passing)),
  doing('429', always(429), limited),
  doing('429 with a time to wait', always(429, { 'retry-after': '60' }), limited),
  doing('429 once', atFirst(1, always(429)), doubted(['rate-limited'], 'runs', doubts.limit)),
  doing('408 once', atFirst(1, always(408)), doubted(['registry-error'], 'runs', doubts.passing)),
  doing('408', always(408), passing),
  doing('204', always(204), noWord),
  doing('304', always(304), noWord),
]

// biome-ignore format: a row is a line
const contents: readonly Row[] = [
  doing('HEAD is good, and GET finds nothing', atGet(refusing(404, 'MANIFEST_UNKNOWN')), notFound),
  doing('HEAD is good, and GET fails', atGet(always(500)), passing),
  doing('HEAD is good, and GET is forbidden', atGet(refusing(403, 'DENIED')), noWord),
  doing('HEAD is good, and GET is limited', atGet(always(429)), limited),
  withImage('a quota that is used up, and GET is limited', image => inTurn(atGet(always(429)), atManifests(withHeaders(image, headers => ({ ...headers, 'ratelimit-limit': '100;w=21600', 'ratelimit-remaining': '0;w=21600' })))), limited),
  withImage('a quota that is used up, and GET is served', image => atManifests(withHeaders(image, headers => ({ ...headers, 'ratelimit-limit': '100;w=21600', 'ratelimit-remaining': '0;w=21600' }))), doubted(['rate-limited'], 'runs', doubts.limit)),
  withImage('a quota that lasts', image => atManifests(withHeaders(image, headers => ({ ...headers, 'ratelimit-remaining': '9;w=21600' }))), runs),
  doing('blobs are not there', atBlobs(refusing(404, 'BLOB_UNKNOWN')), broken),
  doing('blobs fail', atBlobs(always(500)), passing),
  doing('blobs are forbidden', atBlobs(refusing(403, 'DENIED')), noWord),
  doing('blobs are limited', atBlobs(always(429)), limited),
  doing('blobs hang up', atBlobs(hangingUp), unreachable),
  doing('a digest is not there by HEAD', inTurn(atDigests(atHead(refusing(404, 'MANIFEST_UNKNOWN')))), runs, { push: offering(['linux/amd64']) }),
  doing('digests fail', atDigests(always(500)), passing),
  withImage('no digest in the header', digested(undefined), runs),
  withImage('no digest in the header, of an index', digested(undefined), runs, { push: offering(['linux/amd64']) }),
  withImage('a header with the digest of something else', digested(`sha256:${'2'.repeat(64)}`), contrary),
  withImage('a header with no digest in it', digested('latest'), contrary),
  withImage('a header with a digest in capitals', image => digested(image.top.digest.toUpperCase())(image), contrary),
  withImage('a header with a digest by sha512', digested(`sha512:${'2'.repeat(128)}`), contrary),
]

// biome-ignore format: a row is a line
const mediaTypes: readonly Row[] = [
  withImage('no media type', typed(undefined), contrary),
  withImage('application/json', typed('application/json'), contrary),
  withImage('application/octet-stream', typed('application/octet-stream'), contrary),
  withImage('text/html', typed('text/html'), contrary),
  withImage('text/plain', typed('text/plain'), contrary),
  withImage('a media type with a charset', typed(`${types.oci.manifest}; charset=utf-8`), runs),
  withImage('a media type in capitals', typed(types.oci.manifest.toUpperCase()), contrary),
  withImage('Docker’s media type for a manifest of OCI', typed(types.docker.manifest), contraryAndRuns),
  withImage('OCI’s media type for a manifest of Docker', typed(types.oci.manifest), contraryAndRuns, { push: single({ dialect: 'docker' }) }),
  withImage('an index’s media type for a manifest', typed(types.oci.index), contrary),
  withImage('a manifest’s media type for an index', typed(types.oci.manifest), contrary, { push: offering(['linux/amd64']) }),
  withImage('a list’s media type for an index', typed(types.docker.index), contraryAndRuns, { push: offering(['linux/amd64']) }),
  withImage('application/json for an index', typed('application/json'), contrary, { push: offering(['linux/amd64']) }),
]

// biome-ignore format: a row is a line
const challenges: readonly Row[] = [
  doing('401 without a challenge', challenging(), noWord),
  doing('401 with a challenge of an unknown kind', challenging('Negotiate'), noWord),
  doing('401 with Basic', challenging('Basic realm="x"'), denied),
  doing('401 with Basic, and a secret that it refuses', challenging('Basic realm="x"'), denied, { secrets: [auths({ $host: right })] }),
  doing('401 with Digest', challenging('Digest realm="x"'), noWord, { secrets: [auths({ $host: right })] }),
  doing('401 with Bearer and no realm', challenging('Bearer service="x"'), doubted(['registry-error'], 'ErrImagePull', doubts.passing)),
  doing('401 with Bearer and a realm that is no address', challenging('Bearer realm="x"'), doubted(['registry-error'], 'ErrImagePull', doubts.passing)),
  doing('401 with Bearer and a realm that is down', challenging('Bearer realm="http://127.0.0.1:1/token"'), unreachable),
  doing('401 with two kinds of challenge', challenging('Basic realm="x"', 'Negotiate'), denied),
  doing('401 to the first request alone', atFirst(1, challenging('Basic realm="x"')), runs, { secrets: [auths({ $host: right })] }),
  doing('403 for the right password', inTurn((request, response) => (request.headers.authorization === undefined ? challenging('Basic realm="x"')(request, response) : refusing(403, 'DENIED')(request, response))), denied, { secrets: [auths({ $host: right })] }),
  doing('404 for the right password', inTurn((request, response) => (request.headers.authorization === undefined ? challenging('Basic realm="x"')(request, response) : refusing(404, 'NAME_UNKNOWN')(request, response))), notFound, { secrets: [auths({ $host: right })] }),
]

/** What the token server behind a registry answers. */
const tokenServer = (name: string, token: Intercept, expect: Row['expect'], more: Partial<Row> = {}): Row => ({
  name: `token server: ${name}`,
  registry: () => (request, response) => {
    if (request.url?.startsWith('/token') === true) return token(request, response)
    if (request.headers.authorization === 'Bearer good') return false
    return challenging(`Bearer realm="http://${request.headers.host}/token",service="x",scope="repository:x:pull"`)(
      request,
      response,
    )
  },
  expect,
  ...more,
})

const giving = (document: unknown): Intercept =>
  always(200, { 'content-type': 'application/json' }, JSON.stringify(document))
const byMethod =
  (post: Intercept, get: Intercept): Intercept =>
  (request, response) =>
    (request.method === 'POST' ? post : get)(request, response)
const named: Partial<Row> = { secrets: [auths({ $host: right })] }

// biome-ignore format: a row is a line
const tokenServers: readonly Row[] = [
  tokenServer('token', giving({ token: 'good' }), runs),
  tokenServer('access_token', giving({ access_token: 'good' }), runs),
  tokenServer('both, and they differ', giving({ token: 'bad', access_token: 'good' }), runs),
  tokenServer('neither', giving({}), passing),
  tokenServer('a page', always(200, {}, '<html>'), passing),
  tokenServer('a token that is no good', giving({ token: 'bad' }), denied),
  tokenServer('401', always(401), denied),
  tokenServer('403', always(403), denied),
  tokenServer('404', always(404), passing),
  tokenServer('500', always(500), passing),
  tokenServer('429', always(429), limited),
  tokenServer('hangs up', hangingUp, unreachable),
  tokenServer('token by POST alone does not count', giving({ token: 'good' }), passing, named),
  tokenServer('access_token by POST', giving({ access_token: 'good' }), runs, named),
  ...[400, 401, 404, 405].map(status => tokenServer(`${status} to POST, and GET is served`, byMethod(always(status), giving({ token: 'good' })), runs, named)),
  tokenServer('403 to POST, and GET would be served', byMethod(always(403), giving({ token: 'good' })), denied, named),
  tokenServer('500 to POST, and GET would be served', byMethod(always(500), giving({ token: 'good' })), passing, named),
  tokenServer('401 to POST and GET', always(401), denied, named),
  tokenServer('a redirect', redirecting(({ headers }) => `http://${headers.host}/token2`), passing),
]

// biome-ignore format: a row is a line
const ways: readonly Row[] = [
  withImage('blobs are elsewhere', image => elsewhere(image, url => `${url}?elsewhere`), runs),
  doing('blobs are elsewhere, and nobody is there', atBlobs(redirecting(() => 'http://127.0.0.1:1/')), unreachable),
  doing('blobs go round in circles', atBlobs(redirecting(({ url }) => url ?? '')), doubted(['registry-error'], 'ErrImagePull', doubts.passing)),
  doing('manifests go round in circles', atManifests(redirecting(({ url }) => url ?? '')), doubted(['registry-error'], 'ErrImagePull', doubts.passing)),
  doing('a redirect to nowhere', atManifests(always(307)), doubted(['registry-error'], 'ErrImagePull', doubts.passing)),
  withImage('manifests are elsewhere', image => (request, response) => request.url?.includes('elsewhere') === true || request.url?.includes('/blobs/') === true ? withHeaders(image, each => each)(request, response) : redirecting(({ url }) => `${url}?elsewhere`)(request, response), runs),
  doing('hangs up', hangingUp, unreachable),
  doing('hangs up once', atFirst(1, hangingUp), doubted(['unreachable'], 'runs', doubts.network)),
  doing('says nothing', hanging, doubted(['timed-out'], 'ErrImagePull', doubts.network), { isSlow: true }),
  doing('says nothing of the configuration', atBlobs(hanging), doubted(['timed-out'], 'ErrImagePull', doubts.network), { isSlow: true }),
  doing('answers with half a manifest', atManifests(atGet(answering(response => { response.writeHead(200, { 'content-type': types.oci.manifest, 'content-length': '1000' }); response.write('{', () => response.destroy()) }))), unreachable),
  doing('layers fail', (request, response) => request.method === 'GET' && request.url?.includes('/blobs/') === true && request.headers.accept?.includes('layer') === true ? always(404)(request, response) : false, inLayers('ErrImagePull')),
]

/** What registries do. */
export const registries: readonly Row[] = [
  ...statuses,
  ...contents,
  ...mediaTypes,
  ...challenges,
  ...tokenServers,
  ...ways,
]
