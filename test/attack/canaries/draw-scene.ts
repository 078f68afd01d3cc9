import type { Draw } from './draw.ts'
import type {
  Door,
  Question,
  RealmKind,
  RedirectKind,
  Scene,
  SceneHost,
  Shelf,
  StorageKind,
  TokenKind,
  Way,
} from './scene.ts'
import { namesOf } from './street.ts'

const realms: readonly RealmKind[] = [
  ...(['own', 'own', 'own, other port', 'tokens', 'tokens', 'tokens', 'shared', 'shared', 'another registry'] as const),
  ...(['own', 'own', 'own, other port', 'tokens', 'tokens', 'tokens', 'shared', 'shared', 'shared', 'tokens'] as const),
  ...(['downgraded', 'with a user', 'with an empty user', 'with a fragment', 'missing', 'unreadable'] as const),
]
const tokenKinds: readonly TokenKind[] = [
  ...(['serves both', 'serves both', 'serves both', 'serves both', 'serves GET', 400, 401, 405, 'refuses'] as const),
  ...(['is broken', 'redirects a POST', 'redirects anything', 'challenges', 'has no access token'] as const),
  ...(['answers a page', 'hangs up'] as const),
]
const redirects: readonly RedirectKind[] = [
  ...(['same origin', 'other port', 'storage', 'storage', 'storage', 'storage and back', 'another registry'] as const),
  ...(['tokens', 'downgraded', 'with a user', 'in a loop', 'through many', 'nowhere'] as const),
]
const storages: readonly StorageKind[] = [
  ...(['serves', 'serves', 'wants a password', 'wants a token', 'refuses', 'has nothing', 'is broken'] as const),
]

const drawDoor = (draw: Draw): Door => {
  const kind = draw.pick([
    ...(['open', 'basic', 'basic', 'bearer', 'bearer', 'bearer', 'bearer', 'bearer or basic', 'never'] as const),
    ...(['turns to basic', 'digest', 'shut', 'unreadable'] as const),
  ])
  switch (kind) {
    case 'open':
    case 'basic':
    case 'digest':
    case 'shut':
    case 'unreadable':
      return { kind }
    case 'bearer':
    case 'bearer or basic':
    case 'never':
    case 'turns to basic':
      return { kind, realm: draw.pick(realms), tokens: draw.pick(tokenKinds) }
  }
}

const drawShelf = (draw: Draw): Shelf => {
  if (draw.chance(0.4)) return { kind: 'redirects', to: draw.pick(redirects), storage: draw.pick(storages) }
  return {
    kind: draw.pick([
      ...([
        'full',
        'full',
        'full',
        'full',
        'full',
        'full',
        'unlabelled',
        'empty',
        'bare',
        'refuses',
        'limits',
        'is broken',
      ] as const),
      ...(['hangs up', 'echoes', 'expires'] as const),
    ]),
  }
}

const drawHost = (draw: Draw, name: string, isTls: boolean, isMirror: boolean): SceneHost => ({
  name,
  isTls,
  takesCredentials: !isMirror || draw.chance(0.75),
  headers: draw.chance(0.25) ? draw.pick([['authorization'], ['x-api-key'], ['x-api-key', 'cookie']] as const) : [],
  door: drawDoor(draw),
  shelf: drawShelf(draw),
})

const drawHosts = (draw: Draw, isLocal: boolean): readonly SceneHost[] => {
  const first = draw.below(5)
  const mirrors = Array.from({ length: draw.pick([0, 0, 1, 1, 2]) }, (_, index) =>
    drawHost(draw, namesOf('mirror')[(first + index) % 5] ?? '', draw.chance(0.8), true),
  )
  const upstream = isLocal ? 'localhost' : draw.pick(namesOf('registry'))
  return [...mirrors, drawHost(draw, upstream, !isLocal && draw.chance(0.85), false)]
}

const questions: readonly Question[] = [
  'resolve',
  'resolve',
  'resolve',
  'manifest',
  'exists',
  'config',
  'layer',
  'tags',
]

const drawQuestions = (draw: Draw): readonly Question[] =>
  Array.from({ length: 1 + draw.below(2) }, () => draw.pick(questions))

const orders: readonly (readonly string[])[] = [['a'], ['a'], ['a', 'b'], ['a', 'b', 'a']]

const drawWay = (draw: Draw): Way =>
  draw.pick([
    'direct',
    'direct',
    'direct',
    'by a proxy',
    'by a proxy',
    'by a proxy with TLS',
    'by a proxy that refuses',
  ])

/** Draws a dialogue. */
export const drawScene = (id: number, draw: Draw): Scene => {
  const isLocal = draw.chance(0.08)
  const isHasty = draw.chance(0.02)
  const order = isHasty ? ['a'] : draw.pick(orders)
  const kinds = ['password', 'password', 'password', 'identity token', 'user without a password', 'nothing'] as const
  return {
    id,
    way: drawWay(draw),
    isLocal,
    hosts: drawHosts(draw, isLocal),
    tenants: new Map([...new Set(order)].map(tenant => [tenant, draw.pick(kinds)])),
    visits: order.map(tenant => ({ tenant, questions: drawQuestions(draw) })),
    patienceMs: isHasty ? 1 + draw.below(8) : 20_000,
  }
}
