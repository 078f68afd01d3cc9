import { oneOf, originOf, originsOf, type Play, type SaidRealm } from './play.ts'
import type { RealmKind, SceneHost } from './scene.ts'

const say = (text: string | undefined, origin: string | undefined): SaidRealm => ({ text, origin })

/** Says a realm, and whether somebody careful goes there. */
const realmOf = (play: Play, kind: RealmKind, key: string, from: string): SaidRealm => {
  const { scene, ports } = play
  const isTls = from.startsWith('https:')
  const name = new URL(from).hostname
  const path = `/token/d${scene.id}/${key}`
  const tokens = originOf(ports, oneOf('tokens', scene.id), isTls)
  const isSecret = scene.id % 3 === 0
  const good = (origin: string): SaidRealm => {
    if (!isSecret) return say(`${origin}${path}`, origin)
    const secret = play.mint('key in a realm')
    play.ledger.grant(secret, origin, 'url')
    return say(`${origin}${path}?key=${secret.marker}`, origin)
  }
  const bad = (text: string | undefined): SaidRealm => say(text, undefined)
  switch (kind) {
    case 'own':
      return good(from)
    case 'own, other port':
      return good(originOf(ports, name, isTls, true))
    case 'tokens':
      return good(tokens)
    case 'shared':
      return good(originOf(ports, oneOf('tokens', scene.id + 1), true))
    case 'another registry':
      return good(originOf(ports, oneOf('registry', scene.id + 2), true))
    case 'downgraded': {
      const origin = originOf(ports, oneOf('tokens', scene.id), false)
      return isTls ? bad(`${origin}${path}`) : good(origin)
    }
    case 'with a user':
      return bad(`${tokens.replace('://', `://somebody:${play.mint('user in a URL').marker}@`)}${path}`)
    case 'with an empty user':
      return bad(`${tokens.replace('://', '://@')}${path}`)
    case 'with a fragment':
      return bad(`${tokens}${path}#${play.mint('user in a URL').marker}`)
    case 'missing':
      return bad(undefined)
    case 'unreadable':
      return bad(`${tokens.replace('://', ':\\\\')}${path}`)
  }
}

/** What a token server may be shown on the word of a challenge: the credential, by form or by header. */
const grantTokens = (play: Play, host: SceneHost, { origin }: SaidRealm, key: string, from: string): void => {
  if (origin === undefined) return
  play.challengers.set(key, (play.challengers.get(key) ?? new Set()).add(from))
  const { credential, canary } = play.holdings.get(play.tenant) ?? {}
  if (!host.takesCredentials || canary === undefined || credential === undefined || credential.password === '') return
  play.ledger.grant(canary, origin, 'body')
  play.ledger.grant(canary, origin, 'authorization')
}

/** Challenges for a token; only a host of the scene is heeded, and not one that a redirect led to. */
export const bearerChallenge = (play: Play, host: SceneHost, kind: RealmKind, key: string, from: string): string => {
  const known = `${key} ${kind === 'shared' ? '' : from}`
  const realm = play.realms.get(known) ?? realmOf(play, kind, key, from)
  play.realms.set(known, realm)
  if (originsOf(play, host).includes(from)) grantTokens(play, host, realm, key, from)
  const rest = `service="registry",scope="repository:d${play.scene.id}/app:pull"`
  return realm.text === undefined ? `Bearer ${rest}` : `Bearer realm="${realm.text}",${rest}`
}

/** Challenges for a password. */
export const basicChallenge = (play: Play, host: SceneHost, from: string): string => {
  const { credential, canary } = play.holdings.get(play.tenant) ?? {}
  const isWhole = credential !== undefined && credential.username !== '' && credential.password !== ''
  if (isWhole && canary !== undefined && host.takesCredentials && originsOf(play, host).includes(from))
    play.ledger.grant(canary, from, 'authorization')
  return 'Basic realm="registry"'
}
