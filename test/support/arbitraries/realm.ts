import fc from 'fast-check'
import { joined, mostly, oneWord, spliced, textOf } from './text.ts'

const nothing = fc.constant('')
const scheme = mostly(
  8,
  oneWord('https:// https:// HTTPS:// http://'),
  oneWord('https: https:/ https:/// // ftp:// javascript: https:\\\\'),
)
const user = mostly(10, nothing, oneWord('@ u@ u:p@ :@ u%40@ a\\@'))
const host = mostly(
  6,
  oneWord(
    'auth.example auth.example auth.example:5000 127.0.0.1 [::1] [::ffff:10.0.0.5]:443 AUTH.example. xn--bcher-kva.example',
  ),
  oneWord(
    'bücher.example 0x7f.1 2130706433 a..b [fe80::1%25eth0] [::1 auth.example:65536 auth.example: a_b %61uth.example ａuth.example 1.2.3.4.5 -',
  ),
)
const path = mostly(
  4,
  oneWord('/token /token /service/token / /a/../b /%2e%2e/x'),
  oneWord('/a|b /a%zz \\token ;x //x /\u00e9 /{}'),
)
const query = mostly(
  6,
  oneWord('? ?a=b ?service=x&scope=y ?a=b?c').map(text => (text === '?' ? '' : text)),
  oneWord('?# ?\' ?" ?<> ?é ?%'),
)
const fragment = mostly(12, nothing, oneWord('# #a #?a @'))

const sound = joined(scheme, user, host, path, query, fragment)

/** Addresses of token servers, right and wrong. */
export const realmText: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: sound, weight: 8 },
  { arbitrary: spliced(sound), weight: 3 },
  { arbitrary: textOf('htps:/@#?[]%a.\\ ', 16), weight: 1 },
)
