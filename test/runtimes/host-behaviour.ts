import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Image } from '../../src/demo/content.ts'
import { type Answer, answerTo } from '../../src/demo/distribution.ts'
import { incompleteImage, multiArchImage, singleImage } from '../../src/demo/images.ts'
import { emptyShelf, placed, type Shelf as Stock } from '../../src/demo/shelf.ts'
import type { Greeting, Scene, SceneHost, Shelf } from './scene.ts'
import type { Sight } from './street.ts'
import { type Shown, shownBy } from './who-shows.ts'

const platforms = ['linux/amd64', 'linux/arm64']
const whole = { index: multiArchImage(platforms), single: singleImage('linux/amd64') }
const other = singleImage('linux/amd64', { version: 'other' })

const withoutConfig = ({ manifests, ...image }: Image): Image => ({ ...image, manifests, blobs: image.blobs.slice(1) })

/** The image that a scene is about. */
export const imageOf = ({ image, hosts }: Scene): Image =>
  image === 'index' && hosts.some(({ shelf }) => shelf === 'no child')
    ? incompleteImage(platforms, 'linux/amd64')
    : whole[image]

const stockOf = (scene: Scene, { shelf }: SceneHost): Stock => {
  const image = imageOf(scene)
  if (shelf === 'no config') return placed(emptyShelf, 'shop/web', '1', withoutConfig(image))
  if (shelf === 'no repository') return emptyShelf
  if (shelf === 'no tag') return placed(emptyShelf, 'shop/web', 'another', other)
  return placed(emptyShelf, 'shop/web', '1', image)
}

/** Where a host is, and where another one gives tokens. */
export interface Whereabouts {
  readonly origin: string
  readonly tokens: string
}

const bearer = ({ realm }: SceneHost, index: number, { origin, tokens }: Whereabouts, more = ''): string =>
  `Bearer realm="${realm === 'own' ? origin : tokens}/token/${index}",service="registry"${more}`

const basic = 'Basic realm="registry"'

const challengesOf = (greeting: Greeting, host: SceneHost, index: number, at: Whereabouts): readonly string[] => {
  const token = bearer(host, index, at)
  switch (greeting) {
    case 'basic':
      return [basic]
    case 'bearer':
    case 'bearer with 200':
      return [token]
    case 'basic, then bearer':
      return [basic, token]
    case 'bearer, then basic':
      return [token, basic]
    case 'digest':
      return ['Digest realm="registry",nonce="1"']
    case 'digest, then basic':
      return ['Digest realm="registry",nonce="1"', basic]
    case 'two in one line':
      return [`${token}, ${basic}`]
    case 'bearer without realm':
      return ['Bearer service="registry"']
    case 'bearer after an empty service':
      return [token.replace('Bearer ', 'Bearer service="",')]
    case 'open':
    case 'nothing with 401':
    case 404:
    case 403:
    case 500:
    case 429:
      return []
  }
}

const statusOf = (greeting: Greeting): number => {
  if (typeof greeting === 'number') return greeting
  return greeting === 'open' || greeting === 'bearer with 200' ? 200 : 401
}

const wantedBy = ({ wants, greeting }: SceneHost): 'nothing' | 'basic' | 'bearer' => {
  if (wants !== 'as greeted') return wants
  if (greeting === 'basic' || greeting === 'basic, then bearer' || greeting === 'digest, then basic') return 'basic'
  return ['open', 'digest', 'nothing with 401', 404, 403, 500, 429].includes(greeting) ? 'nothing' : 'bearer'
}

const mayRead = (host: SceneHost, { scheme, who, scopes }: Shown): boolean => {
  const wanted = wantedBy(host)
  if (wanted !== 'nothing' && scheme !== wanted) return false
  if (host.shut === 'another scope' && scheme === 'bearer' && !scopes.includes('repository:more:pull')) return false
  return host.readers === 'everybody' ? wanted === 'nothing' || who !== 'wrong' : who === 'reader'
}

const error = (
  response: ServerResponse,
  status: number,
  code: string,
  challenges: readonly string[] = [],
): ServerResponse => {
  const challenge = challenges.length === 0 ? {} : { 'www-authenticate': [...challenges] }
  const body = JSON.stringify({ errors: [{ code, message: code.toLowerCase() }] })
  return response.writeHead(status, { 'content-type': 'application/json', ...challenge }).end(body)
}

const turnAway = (host: SceneHost, index: number, at: Whereabouts, response: ServerResponse): ServerResponse => {
  const wanted = wantedBy(host)
  const scoped = (scope: string): readonly string[] => [
    bearer(host, index, at, `,scope="${scope}",error="insufficient_scope"`),
  ]
  switch (host.shut) {
    case 401:
      return error(response, 401, 'UNAUTHORIZED', wanted === 'basic' ? [basic] : [bearer(host, index, at)])
    case 'insufficient scope':
      return error(response, 401, 'DENIED', scoped('repository:shop/web:pull'))
    case 'another scope':
      return error(response, 401, 'UNAUTHORIZED', scoped('repository:more:pull'))
    case 403:
      return error(response, 403, 'DENIED')
    case 'hidden':
      return error(response, 404, 'MANIFEST_UNKNOWN')
    case 'bare 404':
      return response.writeHead(404).end()
  }
}

/** What some have to say, whatever is asked for; a page of 403 comes from something in front. */
const saidToAll: Partial<Record<Shelf, readonly [status: number, headers: Readonly<Record<string, string>>]>> = {
  'bare 404': [404, {}],
  broken: [500, {}],
  busy: [429, { 'retry-after': '0' }],
  'a page': [403, { 'content-type': 'text/html' }],
}

const saidToHead: Partial<Record<Shelf, number>> = { 'no HEAD': 405, 'HEAD 403': 403, 'HEAD 404': 404, 'HEAD 500': 500 }

/** The content at a path, or another in the place of what has the digest that is asked for. */
const contentAt = (scene: Scene, host: SceneHost, method: string, path: string): Answer => {
  const answer = answerTo(stockOf(scene, host), method, path)
  const isSwapped = host.shelf === 'another image' && path.endsWith(imageOf(scene).top.digest)
  if (!isSwapped || answer.status !== 200) return answer
  const body = other.top.bytes
  return { ...answer, body, headers: { ...answer.headers, 'Content-Length': `${body.length}` } }
}

/** Answers for content to somebody who may read. */
const serve = (scene: Scene, host: SceneHost, request: IncomingMessage, response: ServerResponse): ServerResponse => {
  const { method = '', url = '' } = request
  const [status, said] = saidToAll[host.shelf] ?? []
  if (status !== undefined) return response.writeHead(status, said).end()
  const head = method === 'HEAD' ? saidToHead[host.shelf] : undefined
  if (head !== undefined) return response.writeHead(head).end()
  const answer = contentAt(scene, host, method, url.replace(/^\/v2\/.*\/(manifests|blobs)\//, '/v2/shop/web/$1/'))
  const headers = Object.entries(answer.headers)
  const kept = headers.filter(([name]) => host.shelf !== 'no digest' || name !== 'Docker-Content-Digest')
  return response.writeHead(answer.status, Object.fromEntries(kept)).end(method === 'HEAD' ? undefined : answer.body)
}

/** Answers as the host of that place in the scene. */
export const answerAt = (
  scene: Scene,
  index: number,
  at: Whereabouts,
  request: IncomingMessage,
  response: ServerResponse,
  note: (sight: Sight) => void,
): ServerResponse => {
  const host = scene.hosts[index]
  const shown = shownBy(request)
  const isGreeting = request.url === '/v2/'
  note({ host: index, what: isGreeting ? 'greeting' : 'content', shown: shown.text })
  if (host === undefined) return response.writeHead(404).end()
  if (!isGreeting) {
    if (mayRead(host, shown)) return serve(scene, host, request, response)
    return turnAway(host, index, at, response)
  }
  const challenges = challengesOf(host.greeting, host, index, at)
  const challenge = challenges.length === 0 ? {} : { 'www-authenticate': [...challenges] }
  const patience = host.greeting === 429 ? { 'retry-after': '0' } : {}
  return response.writeHead(statusOf(host.greeting), { ...challenge, ...patience }).end()
}
