import { isIPv6 } from 'node:net'
import { fail, ok, type Result } from '../../lib/result.ts'
import type { HostUrl } from './hosts-file.ts'

// Where Go's net/url and the WHATWG's URL differ, a hosts file means what Go reads: which texts are refused, what is a host.

const badEscape = /%(?![0-9A-Fa-f]{2})/
// Only bytes beyond ASCII may be escaped in a host, and the percent sign itself.
const badHostEscape = /%(?!25)[0-7][0-9A-Fa-f]/
const badHostCharacter = /[^\w\-.~!$&'()*+,;=:[\]<>"%\u0080-\uffff]/
const badUserCharacter = /[^\w\-.~!$&'()*+,;=:@%]/
const optionalPort = /^(:\d*)?$/

const decoded = (text: string): string =>
  text.replace(/(%[0-9A-Fa-f]{2})+/g, run => Buffer.from(run.replaceAll('%', ''), 'hex').toString())

const readIpLiteral = (host: string): Result<string, string> => {
  const end = host.lastIndexOf(']')
  if (end < 0) return fail("missing ']' in host")
  if (!optionalPort.test(host.slice(end + 1))) return fail('invalid port after host')
  const [address = '', ...zone] = host.slice(1, end).split('%25')
  // Go unescapes a zone, and of an address nothing: an escape in it is an error.
  const isAddress = isIPv6(address) && !address.includes('%')
  if (!isAddress || (zone.length > 0 && zone.join('') === '')) return fail('invalid IP address in brackets')
  return ok(`[${decoded(host.slice(1, end))}]${host.slice(end + 1)}`)
}

const readHost = (host: string, isWeb: boolean): Result<string, string> => {
  if (badEscape.test(host)) return fail('invalid escape in host')
  if (host.lastIndexOf('[') > 0) return fail('invalid IP address in brackets')
  if (host.startsWith('[')) return readIpLiteral(host)
  const colon = isWeb ? host.indexOf(':') : host.lastIndexOf(':')
  if (colon >= 0 && !optionalPort.test(host.slice(colon))) return fail('invalid port after host')
  if (badHostCharacter.test(host)) return fail('invalid character in host name')
  return badHostEscape.test(host) ? fail('invalid escape in host') : ok(decoded(host))
}

const readAuthority = (authority: string, isWeb: boolean): Result<string, string> => {
  const at = authority.lastIndexOf('@')
  const host = readHost(authority.slice(at + 1), isWeb)
  if (!host.ok || at < 0) return host
  const user = authority.slice(0, at)
  return badUserCharacter.test(user) || badEscape.test(user) ? fail('invalid user name or password') : host
}

// How Go tells an address that is only a path from one with a scheme: the colon must not come before a slash.
const readRelative = (rest: string): Result<HostUrl, string> => {
  if (rest.split('/')[0]?.includes(':')) return fail('a colon in what is no scheme')
  return badEscape.test(rest) ? fail('invalid escape in path') : ok({ scheme: '', host: '', path: decoded(rest) })
}

/** Scheme, host and unescaped path of a text that begins with a letter, as Go's net/url reads it, or what is wrong with it. */
export const readGoUrl = (text: string): Result<HostUrl, string> => {
  const [main = '', ...fragment] = text.split('#')
  if (/[\0-\x1f\x7f]/.test(main)) return fail('control character in URL')
  if (badEscape.test(fragment.join('#'))) return fail('invalid escape in fragment')
  const scheme = /^([A-Za-z][\w+.-]*):/.exec(main)?.[1] ?? ''
  const isScheme = scheme !== '' && !scheme.includes('_')
  const rest = (isScheme ? main.slice(scheme.length + 1) : main).split('?')[0] ?? ''
  if (!isScheme) return readRelative(rest)
  const named = { scheme: scheme.toLowerCase(), host: '', path: '' }
  if (!rest.startsWith('/')) return ok(named)
  const [, authority, path = ''] = /^\/\/([^/]*)(.*)$/su.exec(rest) ?? [undefined, undefined, rest]
  const host = authority === undefined ? ok('') : readAuthority(authority, /^https?$/.test(named.scheme))
  if (!host.ok) return host
  return badEscape.test(path) ? fail('invalid escape in path') : ok({ ...named, host: host.value, path: decoded(path) })
}
