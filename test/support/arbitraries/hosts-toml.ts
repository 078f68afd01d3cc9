import fc from 'fast-check'
import { mostly, oddCharacter, oneWord } from './text.ts'

const url = mostly(
  4,
  oneWord(
    'https://mirror.example https://mirror.example/v2 http://10.0.0.5:5000 mirror.example https://[::1]:5000/a/ https://m.example/x/../y',
  ),
  oneWord(
    'http:// https://u:p@m.example https://m.example:x https://[::1 %zz https://m%41.example //m /v2 http:m :: httpx:opaque',
  ).map(text => text),
)
const flag = mostly(6, oneWord('true false'), oneWord('1 "true" True []'))
const texts = (words: string) => fc.subarray(words.split(' ')).map(list => JSON.stringify(list))
const capabilities = mostly(
  8,
  texts('pull resolve push referrers PULL'),
  fc.constantFrom('["fly"]', '"pull"', '[1]', '[["pull"]]', '["\\u0000\\u001b[2J"]'),
)
const file = mostly(6, oneWord('"ca.crt" "/etc/ssl/ca.pem" ["a.crt","b.crt"] []'), oneWord('1 [1] {} ["a",["b"]]'))
const client = mostly(
  6,
  fc.constantFrom('"c.pem"', '[["c.cert","c.key"]]', '["a.pem",["c.cert","c.key"]]', '[["c.cert",""]]'),
  oneWord('[["a"]] [["a","b","c"]] 1 [[1,2]]'),
)
const duration = mostly(
  4,
  oneWord('"10s" "1m30s" "0" "" "-1s" "1.5h" "250ms"'),
  oneWord('"10" "1d" "9999999h" 10 "s" "\\u001b[2Js"'),
)

const line = fc.oneof(
  { arbitrary: capabilities.map(value => `capabilities = ${value}`), weight: 3 },
  { arbitrary: flag.map(value => `skip_verify = ${value}`), weight: 2 },
  { arbitrary: flag.map(value => `override_path = ${value}`), weight: 2 },
  { arbitrary: file.map(value => `ca = ${value}`), weight: 2 },
  { arbitrary: client.map(value => `client = ${value}`), weight: 2 },
  { arbitrary: duration.map(value => `dial_timeout = ${value}`), weight: 2 },
  {
    arbitrary: fc.constantFrom(
      '# a comment',
      '',
      'CA = "x"',
      'Capabilities = ["pull"]',
      'unknown = 2026-01-02',
      'a.b.c = 1',
    ),
    weight: 2,
  },
  {
    arbitrary: oneWord(
      '__proto__=1 constructor={} toString="" "__proto__".ca="x" x=[[[[]]]] header="a" header={a="b"} x=9223372036854775807 x=1e400 x=nan ""=1 ca.x=1',
    ),
    weight: 1,
  },
)
const header = fc.constantFrom(
  'x-a = "b"',
  'x-a = ["b", "c"]',
  '"x y" = "z"',
  '__proto__ = "p"',
  'host = "h"',
  'x = 1',
  '"\\u0000" = [1]',
)

/** Lines of one table; now and then one comes twice, which is no TOML. */
const table = fc
  .uniqueArray(line, { maxLength: 4, selector: text => text.split(/[ =.]/)[0] })
  .map(lines => lines.join('\n'))

const host = fc.tuple(url, table, fc.array(header, { maxLength: 1 })).map(([name, lines, headers]) => {
  const own = headers.length === 0 ? '' : `\n[host.${JSON.stringify(name)}.header]\n${headers.join('\n')}`
  return `[host.${JSON.stringify(name)}]\n${lines}${own}`
})
const server = mostly(
  4,
  url.map(text => `server = ${JSON.stringify(text)}`),
  oneWord('server=1 server="" Server="m" # server=[]'),
)

const whole = fc
  .tuple(server, table, fc.uniqueArray(host, { maxLength: 3, selector: text => text.split('\n')[0] }))
  .map(parts => parts.flat().join('\n'))

type Damage = (text: string, at: number, odd: string) => string
const none: Damage = text => text
const lines: Damage = text => text.replaceAll('\n', '\r\n')
const splice: Damage = (text, at, odd) =>
  text.slice(0, at % (text.length + 1)) + odd + text.slice((at % (text.length + 1)) + 1)
const cut: Damage = (text, at) => text.slice(0, at % (text.length + 1))
const insert: Damage = (text, at, odd) =>
  text.slice(0, at % (text.length + 1)) + odd + text.slice(at % (text.length + 1))
const piece: Damage = (text, at, odd) =>
  insert(text, at, ['"""', "'''", '[[host]]', '\n[host]\n', '\\', '[', '}', '\ud800', '\ufeff', odd][at % 10] ?? odd)
const damages: readonly Damage[] = [none, none, none, none, lines, splice, cut, insert, piece]

/** Texts of hosts.toml, right and wrong. */
export const hostsTomlText: fc.Arbitrary<string> = fc
  .tuple(whole, fc.constantFrom(...damages), fc.nat({ max: 2000 }), oddCharacter)
  .map(([text, harm, at, odd]) => harm(text, at, odd))
