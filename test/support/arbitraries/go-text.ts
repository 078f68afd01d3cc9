import fc from 'fast-check'
import { joined, mostly, oneWord, spliced, textOf } from './text.ts'

const number = mostly(
  8,
  oneWord('0 1 1.5 .5 10 250 1. 00 007 3600'),
  oneWord('9999999999 1e3 . -1 +1 ٣ 1_0 9223372036854775807 0.0000000000001'),
)
const unit = mostly(
  10,
  fc.constantFrom('ns', 'us', '\u00b5s', '\u03bcs', 'ms', 's', 'm', 'h'),
  oneWord('d S sec M hs mss'),
)
const term = joined(number, unit)
const terms = fc.array(term, { minLength: 1, maxLength: 4 }).map(list => list.join(''))
const sign = mostly(4, fc.constant(''), oneWord('- + -- +-'))
const duration = joined(sign, terms)

/** Go's durations, right and wrong. */
export const durationText: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: duration, weight: 8 },
  { arbitrary: spliced(duration), weight: 2 },
  { arbitrary: oneWord('0 -0 +0 - . 0s 1 1h30 h 00 0.0'), weight: 1 },
  { arbitrary: textOf('0159.hms-+nuµ', 8), weight: 1 },
)

const scheme = mostly(
  6,
  oneWord('https:// http:// HTTP://'),
  oneWord('httpx:// http: http:/ https:/// a+b:// a_b:// h'),
)
const user = mostly(6, fc.constant(''), oneWord('u@ u:p@ %zz@ u%41@ u@v@ @ <@'))
const host = mostly(
  5,
  oneWord('m.example m.example:5000 10.0.0.5 [::1] [fe80::1%25eth0]:80 M.example m_.example bücher.example'),
  oneWord('m.example: m.example:x a:b:1 [::1 ::1] [x] [::ffff:1.2.3.4] a%41b a%ffb a%c3%bc %25 a<b a{b').map(
    text => text,
  ),
)
const path = mostly(
  6,
  oneWord('/ /v2 /a/../b /a%20b /%c3%bc //x').map(text => text),
  oneWord('/%zz /% /%4 /%ff /a?b#%zz ?%zz #x #%zz'),
)
const url = joined(scheme, user, host, mostly(2, path, fc.constant('')))

/** Texts that begin as the URLs of a hosts file do, right and wrong. */
export const goUrlText: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: url, weight: 8 },
  { arbitrary: spliced(url).map(text => `h${text}`), weight: 1 },
  { arbitrary: spliced(url), weight: 2 },
  { arbitrary: textOf('htps:/@[]%25a.?#', 14), weight: 1 },
)
