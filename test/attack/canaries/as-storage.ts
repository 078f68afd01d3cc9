import { type Answer, content, type Seen, saying, sayingNo, turnAway } from './answers.ts'
import { basicChallenge, bearerChallenge } from './challenge.ts'
import { originOf, type Play } from './play.ts'
import { redirect } from './redirects.ts'
import type { SceneHost, StorageKind } from './scene.ts'

const stored = (play: Play, kind: StorageKind, host: SceneHost, index: number, seen: Seen): Answer => {
  const { authorization, origin, path } = seen
  switch (kind) {
    case 'serves':
      return content(path, true, '')
    case 'wants a password':
      return authorization.startsWith('Basic ') ? content(path, true, '') : turnAway(basicChallenge(play, host, origin))
    case 'wants a token':
      return authorization.startsWith('Bearer ')
        ? content(path, true, '')
        : turnAway(bearerChallenge(play, host, 'tokens', `s${index}`, origin))
    case 'refuses':
      return sayingNo(403, 'DENIED', seen.whole)
    case 'has nothing':
      return sayingNo(404, 'BLOB_UNKNOWN')
    case 'is broken':
      return saying(503, {}, seen.whole)
  }
}

/** Answers as the other end of a redirect: `/storage/d12/0/1/blobs` is the first hop from the first host of scene 12. */
export const asStorage = (play: Play, seen: Seen): Answer => {
  const [, , , index = '', hop = ''] = seen.path.split('/')
  const host = play.scene.hosts[Number(index)]
  if (host?.shelf.kind !== 'redirects') return saying(404)
  const { to, storage } = host.shelf
  const isBack = to === 'storage and back' && hop === '1'
  if (to === 'in a loop' || to === 'through many') return redirect(play, to, Number(index), seen, Number(hop))
  if (!isBack) return stored(play, storage, host, Number(index), seen)
  const back = saying(307, { location: '' })
  const home = originOf(play.ports, host.name, host.isTls)
  return back && { ...back, headers: { location: `${home}/storage/d${play.scene.id}/${index}/2/manifests` } }
}
