import { domainToASCII } from 'node:url'
import { type Address, parseAddress } from './address.ts'
import { contains, parseCidr } from './cidr.ts'

/** A host that may be exempt from the proxy: its name without brackets, and its port as text, never empty. */
export interface ProxiedHost {
  readonly name: string
  readonly address: Address | undefined
  readonly port: string
}

type Matcher = (host: ProxiedHost) => boolean

const never: Matcher = () => false

/** `host:port` as Go's net.SplitHostPort takes it apart; undefined where that is an error. */
const splitPort = (text: string): { readonly host: string; readonly port: string } | undefined => {
  const [, bracketed, bare, port = ''] = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:[\]]*)$/.exec(text) ?? []
  const host = bracketed ?? bare
  return host === undefined ? undefined : { host, port }
}

// A name that no host has stays as it is: Node would drop its line breaks and the characters that nobody sees.
const isInternational = (name: string): boolean => /[^\0-\x7f]/.test(name) && !/[^a-z\d.\u0080-\u{10ffff}-]/u.test(name)

const asciiName = (name: string): string => (isInternational(name) ? domainToASCII(name) || name : name)

const domainMatcher = (written: string, fits: Matcher): Matcher => {
  const name = written.startsWith('*.') ? written.slice(1) : written
  const suffixOnly = name.startsWith('.')
  const bare = asciiName(suffixOnly ? name.slice(1) : name)
  return host =>
    host.address === undefined && (host.name.endsWith(`.${bare}`) || (!suffixOnly && host.name === bare)) && fits(host)
}

const matcherOf = (entry: string): Matcher => {
  const cidr = entry.includes('/') ? parseCidr(entry) : undefined
  // A range has no port: it counts for every one.
  if (cidr?.ok) return ({ address }) => address !== undefined && contains(cidr.value, address)
  const { host, port } = splitPort(entry) ?? { host: entry, port: '' }
  if (host === '') return never
  const fits: Matcher = asked => port === '' || asked.port === port
  const wanted = host.includes('%') ? undefined : parseAddress(host)
  if (wanted === undefined) return domainMatcher(host, fits)
  return asked => asked.address?.bits === wanted.bits && asked.address.value === wanted.value && fits(asked)
}

/**
 * Whether a list such as `.example.com,10.0.0.0/8,registry:5000` exempts a host from the proxy
 * (golang.org/x/net/http/httpproxy). What makes no sense in the list matches nothing.
 */
export const createNoProxy = (list: string): Matcher => {
  const entries = list.split(',').map(entry => entry.trim().toLowerCase())
  if (entries.includes('*')) return () => true
  const matchers = entries.filter(entry => entry !== '').map(matcherOf)
  return host => matchers.some(matches => matches(host))
}
