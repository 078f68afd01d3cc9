import fc from 'fast-check'
import { joined, mostly, oddCharacter, oneWord, spliced, textOf } from '../support/arbitraries/text.ts'

const nothing = fc.constant('')

const host = fc.constantFrom(
  ...[
    'reg.example.com',
    'a.example.com',
    'docker.io',
    'index.docker.io',
    'registry-1.docker.io',
    'localhost',
    '10.0.0.1',
  ],
  ...['team', 'ab.cd', 'a_b.example.com', '[::1]', '[fe80::a]', 'Reg.example.com', 'prefix-good.kubernetes.io'],
)
const hostPattern = fc.constantFrom(
  ...[
    '*.example.com',
    '*.*.com',
    'reg.*.com',
    'r*g.example.*',
    '*',
    '*.*',
    '*.io',
    'index.*.io',
    '10.0.*.1',
    'docker.*',
  ],
  ...[
    'a*b.cd',
    '**.io',
    '*e*a*.com',
    'ex?mple.com',
    '[a-z]b.cd',
    '[^x]b.cd',
    'a[b].cd',
    '\\a.cd',
    '[',
    '[]',
    '*]',
    '[:]',
  ],
)
const port = mostly(2, nothing, fc.constantFrom(':5000', ':443', ':80', ':', ':05000', ':99999999999'))
const path = mostly(
  2,
  nothing,
  fc.constantFrom('/', '/team', '/team/', '/te', '/team/app', '/library', '/v1', '/v1/', '/v2/', '/v2', '/v2/team'),
)
const oddPath = fc.constantFrom(
  ...['//', '/v1//', '/V1/', '/v3/', '/v2/v1/', '/%74eam', '/te%2541m', '/team%2Fapp', '/%zz', '/%25zz', '/%ff', '/*'],
  ...['?x', '/?', '#', '/team#x', '/#%zz', '/team%3Fx', '/team%23x', '/v1/../', '/é', '/a b'],
)
const scheme = mostly(
  2,
  nothing,
  fc.constantFrom(
    'https://',
    'http://',
    'https://',
    'HTTPS://',
    'oci://',
    '//',
    'https:',
    'u:p@',
    'https://u:p@',
    'u%@',
  ),
)
const soundPlace = joined(scheme, mostly(2, host, hostPattern), port, path)
const oddPlace = joined(
  scheme,
  fc.oneof(
    host,
    hostPattern,
    fc.constantFrom('', '%25', '%41', '%C3%BC.io', 'ü.io', 'a b', 'a:b:c', '[::1%25e]', '<x>', '"'),
  ),
  mostly(1, port, fc.constantFrom(':x', ':-1', '::1', ':80:80', ':%35')),
  mostly(1, path, oddPath),
)

/** What the entries of docker configs are written under: hosts, patterns, URLs, and what is none of these. */
export const placeText: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: soundPlace, weight: 12 },
  { arbitrary: oddPlace, weight: 4 },
  { arbitrary: spliced(soundPlace), weight: 1 },
  { arbitrary: oneWord('https://index.docker.io/v1/ index.docker.io docker.io https://index.docker.io/v1'), weight: 3 },
)

const repository = oneWord('team team/app teamwork library/nginx app v1/app te x/y/z')

/** Names of images as they are looked up, most of them in full. */
export const imageName: fc.Arbitrary<string> = mostly(
  12,
  joined(
    mostly(2, host, oneWord('docker.io index.docker.io')),
    mostly(3, nothing, fc.constantFrom(':5000', ':443', ':80')),
    fc.constant('/'),
    repository,
  ),
  fc.oneof(oneWord('nginx team/app /x [:]/x :5000/x docker.io index.docker.io'), nothing, soundPlace, oddPlace),
)

/** A text as JSON, its characters written as they are, escaped, or as escapes of halves of characters. */
const quoted = (texts: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(texts, fc.nat({ max: 11 })).map(([text, how]) => {
    if (how === 0)
      return `"${[...text].map(c => `\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, '0').slice(-4)}`).join('')}"`
    if (how === 1) return `"\\ud83d\\ude00${text.replace(/[^a-z]/g, '')}\\ud800"`
    if (how === 2) return JSON.stringify(text).replaceAll('/', '\\/')
    return JSON.stringify(text)
  })

const otherValue = fc.constantFrom('5', '-0.1e5', 'true', 'false', '[]', '["a"]', '{}', '{"a":{"b":[1,{}]}}', '1e999')
const value = (texts: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof(
    { arbitrary: quoted(texts), weight: 120 },
    { arbitrary: fc.constant('null'), weight: 6 },
    { arbitrary: otherValue, weight: 1 },
  )

const word = fc.oneof(
  textOf('abAB09', 4),
  nothing,
  fc.constantFrom('AWS', 'ü', 'a:b', ' x ', '😀', '\n', '\0', '_json_key'),
)

const encoded = fc
  .tuple(mostly(40, joined(word, fc.constant(':'), word), word), fc.nat({ max: 60 }))
  .map(([text, how]) => {
    const base64 = Buffer.from(text).toString('base64')
    const plain = base64.replaceAll('=', '')
    if (how < 10) return plain
    if (how < 14) return `${base64}\n`
    if (how < 18) return base64.replace(/(..)/, '$1\r\n')
    if (how === 18) return `${base64} `
    if (how === 19) return `${plain}=`
    if (how === 20) return Buffer.from(`${text}??>`).toString('base64url')
    if (how === 21) return base64.replace(/.$/, '')
    if (how === 22) return `\n${base64}\u00a0`
    if (how === 23) return `${plain.slice(0, -1)}/`
    if (how === 24) return Buffer.concat([Buffer.from([0xff, 0xe2, 0x82]), Buffer.from(text)]).toString('base64')
    return base64
  })

const blank = mostly(10, nothing, fc.constantFrom(' ', '\n', '\t', '\r\n', '  '))
const memberOf = (name: fc.Arbitrary<string>, content: fc.Arbitrary<string>) =>
  joined(blank, name, blank, fc.constant(':'), blank, content, blank)
const objectOf = (members: fc.Arbitrary<string>, minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.array(members, { minLength, maxLength }).map(list => `{${list.join(',')}}`)
const inAnyCase = (...names: readonly string[]): fc.Arbitrary<string> =>
  fc.constantFrom(...names.flatMap(name => [name, name, name])).chain(name =>
    mostly(
      8,
      fc.constant(JSON.stringify(name)),
      fc
        .constantFrom(
          ...[name.toUpperCase(), name.replaceAll('s', '\u017f'), `${name} `, `${name}\0`, name.replace('a', '\u0251')],
          ...[
            name.replace('i', '\u0131'),
            name.replace('i', '\u0130'),
            `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`,
          ],
        )
        .map(text => JSON.stringify(text)),
    ),
  )

const field = fc.oneof(
  { arbitrary: memberOf(inAnyCase('username', 'password'), value(word)), weight: 4 },
  { arbitrary: memberOf(inAnyCase('auth'), value(encoded)), weight: 4 },
  { arbitrary: memberOf(inAnyCase('email'), value(word)), weight: 1 },
  {
    arbitrary: memberOf(inAnyCase('identitytoken', 'registrytoken', 'Provider', ''), fc.oneof(value(word), otherValue)),
    weight: 1,
  },
)
const entry = mostly(60, objectOf(field, 0, 4), fc.oneof(fc.constant('null'), otherValue))

const entriesWith = (places: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  mostly(60, objectOf(memberOf(quoted(places), entry), 0, 5), fc.oneof(fc.constant('null'), otherValue))

const headers = fc.oneof(fc.constantFrom('{"X-Y":"z"}', '{}', 'null', '{"a":null}', '{"a":1}', '[]', '5', '"a"'))

const wholeWith = (entries: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  objectOf(
    fc.oneof(
      { arbitrary: memberOf(inAnyCase('auths'), entries), weight: 12 },
      { arbitrary: memberOf(inAnyCase('HttpHeaders'), headers), weight: 1 },
      { arbitrary: memberOf(inAnyCase('credsStore', 'credHelpers', '__proto__'), otherValue), weight: 2 },
    ),
    1,
    3,
  )

const withWord = (bytes: Buffer, at: number, word: readonly number[]): Buffer =>
  Buffer.concat([
    bytes.subarray(0, at % (bytes.length + 1)),
    Buffer.from(word),
    bytes.subarray(at % (bytes.length + 1)),
  ])

/** Bytes that a text becomes on the way into a secret: as they are, or with something added, lost or torn. */
const damaged = (texts: fc.Arbitrary<string>): fc.Arbitrary<Buffer> =>
  fc.tuple(texts, fc.nat({ max: 150 }), fc.nat({ max: 500 }), oddCharacter).map(([text, how, at, odd]) => {
    const bytes = Buffer.from(text)
    if (how === 0) return Buffer.concat([Buffer.from('\ufeff'), bytes])
    if (how === 1) return Buffer.concat([bytes, Buffer.from([0])])
    if (how === 2) return bytes.subarray(0, at % (bytes.length + 1))
    if (how < 7) return withWord(bytes, at, [0xe2, 0x82])
    if (how < 9) return withWord(bytes, at, [0xff])
    if (how < 11) return withWord(bytes, at, [0xed, 0xa0, 0x80, 0xf0, 0x9f, 0x98])
    if (how < 14) return withWord(bytes, at, [...Buffer.from(odd)])
    if (how < 16) return Buffer.concat([bytes, Buffer.from(' \n\t\r\n')])
    return bytes
  })

const noise = mostly(
  2,
  textOf('{}[]",:n5 \\', 12),
  fc.constantFrom('null', ' null ', '', ' ', '{', '""', '[]', '5', '{"auths":{}}'),
)

/** Bytes of docker configs whose entries stand under such places: sound ones, ones with oddities, broken ones, and noise. */
export const configBytes = (format: string, places: fc.Arbitrary<string>): fc.Arbitrary<Buffer> => {
  const whole = format === 'dockercfg' ? entriesWith(places) : wholeWith(entriesWith(places))
  return damaged(mostly(30, whole, noise))
}

/** Places like those under which a login for an image would be written: its host, or a pattern of it, and the beginning of its path. */
export const placeNear = (name: string): fc.Arbitrary<string> => {
  const slash = name.indexOf('/')
  const [its, path] = slash < 0 ? [name, ''] : [name.slice(0, slash), name.slice(slash)]
  const starred = its.replace(/[^.:]+/, '*')
  return joined(
    mostly(3, nothing, fc.constantFrom('https://', 'http://')),
    mostly(
      4,
      fc.constantFrom(its, its, starred, its.replace(/[a-z]+(?=\.)/, '*'), its.replace(/[^.:]*$/, '*')),
      soundPlace,
    ),
    mostly(3, nothing, fc.constantFrom('/v1', '/v2', ':5000')),
    fc.nat({ max: 8 }).map(length => path.slice(0, length * 2)),
  )
}

const login = mostly(
  1,
  joined(word, fc.constant(':'), word).map(text => `{"auth":${JSON.stringify(Buffer.from(text).toString('base64'))}}`),
  fc.tuple(word, word).map(([username, password]) => JSON.stringify({ username, password })),
)

/** Bytes of docker configs that nothing is wrong with. */
export const soundConfig = (format: string, places: fc.Arbitrary<string>): fc.Arbitrary<Buffer> =>
  objectOf(joined(quoted(places), fc.constant(':'), login), 0, 6).map(text =>
    Buffer.from(format === 'dockercfg' ? text : `{"auths":${text}}`),
  )
