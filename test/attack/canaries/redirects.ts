import { type Answer, type Seen, saying } from './answers.ts'
import { oneOf, originOf, type Play } from './play.ts'
import type { RedirectKind } from './scene.ts'

type Hop = readonly [origin: string, hop: number]

/** Where a redirect leads, and whether somebody careful follows. */
const targetOf = ({ ports, scene }: Play, kind: RedirectKind, from: string, hop: number): Hop | 'nowhere' => {
  const isTls = from.startsWith('https:')
  const storage = originOf(ports, oneOf('storage', scene.id + hop), isTls)
  switch (kind) {
    case 'same origin':
      return [from, hop + 1]
    case 'other port':
      return [originOf(ports, new URL(from).hostname, isTls, true), hop + 1]
    case 'storage':
    case 'storage and back':
    case 'through many':
      return [storage, hop + 1]
    case 'in a loop':
      return [from, hop]
    case 'another registry':
      return [originOf(ports, oneOf('registry', scene.id + 3), true), hop + 1]
    case 'tokens':
      return [originOf(ports, oneOf('tokens', scene.id), isTls), hop + 1]
    case 'downgraded':
      return [originOf(ports, oneOf('storage', scene.id), false), hop + 1]
    case 'with a user':
      return [storage, hop + 1]
    case 'nowhere':
      return 'nowhere'
  }
}

/** Sends somebody on, with a signature that is for the other end alone. */
export const redirect = (play: Play, kind: RedirectKind, index: number, seen: Seen, hop: number): Answer => {
  const target = targetOf(play, kind, seen.origin, hop)
  if (target === 'nowhere') return saying(302)
  const [origin, next] = target
  const what = /tags|blobs|manifests/.exec(seen.path)?.[0] ?? 'manifests'
  const isDowngrade = seen.origin.startsWith('https:') && origin.startsWith('http:')
  const signature = play.mint('signature')
  if (kind !== 'with a user' && !isDowngrade) play.ledger.grant(signature, origin, 'url')
  const user = kind === 'with a user' ? `somebody:${play.mint('user in a URL').marker}@` : ''
  const path = `/storage/d${play.scene.id}/${index}/${next}/${what}`
  const location = `${origin.replace('://', `://${user}`)}${path}?X-Signature=${signature.marker}`
  return saying(next % 2 === 0 ? 302 : 307, { location }, seen.whole)
}
