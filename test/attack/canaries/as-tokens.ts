import { type Answer, type Seen, saying, sayingJson, sayingNo, turnAway } from './answers.ts'
import { oneOf, originOf, type Play } from './play.ts'
import type { TokenKind } from './scene.ts'

const tokenAnswer = (play: Play, key: string, members: readonly string[], seen: Seen): Answer => {
  // One for anybody may serve anybody.
  const isForAnybody = seen.method === 'GET' && seen.authorization === ''
  const token = play.mint('access token', isForAnybody ? undefined : play.tenant)
  for (const origin of play.challengers.get(key) ?? []) play.ledger.grant(token, origin, 'authorization')
  const tokens = Object.fromEntries(members.map(member => [member, `${token.marker}.signed`]))
  return sayingJson(200, { ...tokens, refresh_token: play.mint('refresh token').marker, expires_in: 300 })
}

const tokensOf = ({ scene }: Play, key: string): TokenKind => {
  const host = scene.hosts.find(({ door }, index) =>
    key === 'shared' ? 'realm' in door && door.realm === 'shared' : key === `${index}`,
  )
  return host !== undefined && 'tokens' in host.door ? host.door.tokens : 'serves both'
}

/** Answers as a token server: `/token/d12/0` is the one that the first host of scene 12 names. */
export const asTokens = (play: Play, seen: Seen): Answer => {
  const key = seen.path.split(/[/?]/)[3] ?? ''
  const isPost = seen.method === 'POST'
  const both = (): Answer => tokenAnswer(play, key, ['token', 'access_token'], seen)
  const elsewhere = originOf(play.ports, oneOf('storage', play.scene.id), true)
  const away = saying(isPost ? 307 : 302, { location: `${elsewhere}${seen.path}` })
  const kind = tokensOf(play, key)
  switch (kind) {
    case 'serves both':
      return both()
    case 'serves GET':
      return isPost ? saying(404) : tokenAnswer(play, key, ['token'], seen)
    case 400:
    case 401:
    case 405:
      return isPost ? sayingNo(kind, 'UNAUTHORIZED', seen.whole) : both()
    case 'refuses':
      return sayingNo(403, 'DENIED', seen.whole)
    case 'is broken':
      return saying(502, {}, seen.whole)
    case 'redirects a POST':
      return isPost ? away : both()
    case 'redirects anything':
      return away
    case 'challenges':
      return turnAway(`Bearer realm="${elsewhere}${seen.path}",service="registry"`)
    case 'has no access token':
      return tokenAnswer(play, key, isPost ? ['token'] : ['access_token'], seen)
    case 'answers a page':
      return saying(403, { 'content-type': 'text/html' }, seen.whole)
    case 'hangs up':
      return undefined
  }
}
