import fc from 'fast-check'
import { joined, mostly, oneWord, spliced, textOf } from './text.ts'

const nothing = fc.constant('')
const digits = fc.oneof(
  fc.nat({ max: 200_000 }).map(String),
  oneWord('0 00 86400 86401 999999999 1000000000 99999999999999999999 -1 +5 1.5 1e3 0x10 ٣ 05 Infinity NaN'),
)
const blank = mostly(5, nothing, fc.constantFrom(' ', '\t', '  ', '\u00a0'))
const date = oneWord('Wed,|21|Oct|2026|07:28:00|GMT Wed,|21|Oct|1926|07:28:00|GMT').map(text =>
  text.replaceAll('|', ' '),
)

/** Values of `Retry-After`, right and wrong. */
export const retryAfterText: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: digits, weight: 8 },
  { arbitrary: joined(blank, digits, blank), weight: 2 },
  { arbitrary: spliced(digits), weight: 2 },
  { arbitrary: date, weight: 1 },
)

const window = mostly(
  1,
  nothing,
  joined(
    oneWord(';w= ; ;w ;W= ,w= ;w=;w=').map(text => (text === ';' ? ' ; w=' : text)),
    digits,
  ),
)
const quota = joined(blank, digits, window, blank)

/** Values of `ratelimit-limit` and `ratelimit-remaining`, right and wrong. */
export const quotaText: fc.Arbitrary<string | undefined> = fc.oneof(
  { arbitrary: quota, weight: 8 },
  { arbitrary: spliced(quota), weight: 1 },
  { arbitrary: fc.constant(undefined), weight: 1 },
)

const origin = mostly(
  3,
  nothing,
  oneWord(
    'https://registry.example https://registry.example:443 http://registry.example https://other.example //other.example //registry.example https://u:p@registry.example https://registry.example:5000 https:registry.example',
  ),
)
const path = mostly(
  6,
  oneWord('/v2/a/tags/list?last=b&n=100 /v2/a/tags/list?n=1 ?last=c list?last=b / ../../x'),
  oneWord(
    '\\\\other.example/ /\\other.example javascript:alert(1) data:,x file:///etc/passwd //[ /%zz?# @other.example:443 .',
  ),
)
const target = joined(fc.constant('<'), origin, path, fc.constant('>'))
const relation = mostly(
  6,
  oneWord('rel="next" rel=next rel="next" REL="NEXT"'),
  oneWord('rel="prev" rel= rel="next rel="next"; next rel=nextx'),
)
const link = joined(
  blank,
  mostly(12, target, oneWord('<> < > /v2/ <<a>>')),
  blank,
  mostly(12, fc.constant(';'), nothing),
  blank,
  relation,
  blank,
)

/** Values of `Link`, right and wrong, of a list at https://registry.example. */
export const linkText: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: link, weight: 10 },
  { arbitrary: spliced(link), weight: 3 },
  { arbitrary: joined(link, fc.constant(', '), link), weight: 1 },
  { arbitrary: textOf('<>;rel="nxt ', 12), weight: 1 },
)
