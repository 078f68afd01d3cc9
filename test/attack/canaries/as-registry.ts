import { type Answer, content, type Seen, saying, sayingNo, turnAway } from './answers.ts'
import { basicChallenge, bearerChallenge } from './challenge.ts'
import { oneOf, originOf, type Play } from './play.ts'
import { redirect } from './redirects.ts'
import type { Door, SceneHost, Shelf } from './scene.ts'

/** What stands in the way; undefined: nothing. */
const stopped = (play: Play, door: Door, host: SceneHost, index: number, seen: Seen): Answer | 'let in' => {
  const { authorization, origin } = seen
  const bearer = () =>
    'realm' in door
      ? bearerChallenge(play, host, door.realm, door.realm === 'shared' ? 'shared' : `${index}`, origin)
      : ''
  const hasToken = authorization.startsWith('Bearer ')
  const hasPassword = authorization.startsWith('Basic ')
  switch (door.kind) {
    case 'open':
      return 'let in'
    case 'basic':
      return hasPassword ? 'let in' : turnAway(basicChallenge(play, host, origin))
    case 'digest':
      return turnAway('Digest realm="registry", nonce="1"')
    case 'shut':
      return sayingNo(403, 'DENIED', seen.whole)
    case 'unreadable':
      return turnAway('Bearer realm="', ',,,=')
    case 'bearer':
      return hasToken ? 'let in' : turnAway(bearer())
    case 'bearer or basic':
      // The second line counts for nobody who reads the first.
      return hasToken ? 'let in' : turnAway('Basic realm="registry"', bearer())
    case 'never':
      return turnAway(`${bearer()},error="insufficient_scope"`)
    case 'turns to basic':
      if (hasPassword) return 'let in'
      return hasToken ? turnAway(basicChallenge(play, host, origin)) : turnAway(bearer())
  }
}

const link = ({ scene, ports }: Play, { path }: Seen): string =>
  `<${originOf(ports, oneOf('storage', scene.id), true)}${path.split('?')[0]}?last=2>; rel="next"`

const fetched = (play: Play, shelf: Shelf, index: number, seen: Seen): Answer => {
  switch (shelf.kind) {
    case 'full':
      return content(seen.path, true, link(play, seen))
    case 'unlabelled':
      return content(seen.path, false, '<?last=2>; rel="next"')
    case 'empty':
      return sayingNo(404, 'MANIFEST_UNKNOWN')
    case 'bare':
      return saying(404)
    case 'refuses':
      return sayingNo(403, 'DENIED', seen.whole)
    case 'limits':
      return { ...sayingNo(429, 'TOOMANYREQUESTS'), status: 429, headers: { 'retry-after': '1' }, body: '' }
    case 'is broken':
      return saying(500, {}, seen.whole)
    case 'hangs up':
      return undefined
    case 'echoes': {
      const echo = Buffer.from(seen.whole).toString('base64url')
      const headers = { 'x-echo': echo, 'docker-content-digest': echo, 'content-type': `text/${echo}` }
      return saying(404, headers, JSON.stringify({ errors: [{ code: seen.whole, message: seen.whole }] }))
    }
    case 'expires':
      return seen.authorization.startsWith('Bearer ') ? saying(400) : content(seen.path, true, link(play, seen))
    case 'redirects':
      return redirect(play, shelf.to, index, seen, 0)
  }
}

/** Answers as the registry or a mirror. */
export const asRegistry = (play: Play, seen: Seen): Answer => {
  const index = play.scene.hosts.findIndex(({ name }) => name === new URL(seen.origin).hostname)
  const host = play.scene.hosts[index]
  if (host === undefined) return saying(404)
  const stop = stopped(play, host.door, host, index, seen)
  return stop === 'let in' ? fetched(play, host.shelf, index, seen) : stop
}
