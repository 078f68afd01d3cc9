import { fail, ok, type Result } from '../../lib/result.ts'

/** Why an address at which a registry wants us to fetch a token is not gone to. */
export type RealmProblem = 'missing' | 'unreadable' | 'not-https' | 'userinfo' | 'fragment'

// The parser of URLs forgives much that Go's does not (blanks, backslashes, a missing host), and two readers of one
// address must not disagree about where it leads. So only printable ASCII, and a host, get as far as the parser.
const plainAddress = /^https?:\/\/(?![/?#])[!-[\]-~]+$/i

/**
 * The token server that a challenge names, as far as its text can tell: a registry asked over https may not send us to
 * http. Whether the address behind the name may be talked to is the dialler's question.
 */
export const readRealm = (realm: string | undefined, registryUrl: string): Result<URL, RealmProblem> => {
  if (realm === undefined || realm === '') return fail('missing')
  const url = plainAddress.test(realm) ? URL.parse(realm) : null
  if (url === null) return fail('unreadable')
  if (url.protocol !== 'https:' && !registryUrl.startsWith('http:')) return fail('not-https')
  // The parser drops an empty name before the @, so the text is asked.
  if (/^[^/]*\/\/[^/?#]*@/.test(realm)) return fail('userinfo')
  return realm.includes('#') ? fail('fragment') : ok(url)
}
