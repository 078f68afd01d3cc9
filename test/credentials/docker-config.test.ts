import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readDockerConfig } from '../../src/credentials/docker-config.ts'
import { processorClock } from '../support/processor-clock.ts'
import { configBytes, placeText } from './config-texts.ts'

const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** What a config says, in a line: each entry as place, name and password, or the problem. */
const said = (text: string | Uint8Array, format: 'dockerconfigjson' | 'dockercfg' = 'dockercfg'): string => {
  const read = readDockerConfig(typeof text === 'string' ? Buffer.from(text) : text, format)
  if (!read.ok) return read.error
  return read.value.map(({ place, username, password }) => `${place}=${username}|${password}`).join(' ')
}

const auth = (field: string): string => said(JSON.stringify({ r: { auth: field } }))

const authFields: readonly [why: string, field: string, expected: string][] = [
  ['is base64 of name and password', base64('foo:bar'), 'r=foo|bar'],
  ['may lack its padding', 'Zm9vOmJhcg', 'r=foo|bar'],
  ['may have two of padding', 'Zm9vOmJhcg==', 'r=foo|bar'],
  ['may have one of padding', base64('foo:ba'), 'r=foo|ba'],
  ['may need no padding', base64('ab:bar'), 'r=ab|bar'],
  ['may be broken into lines', 'Zm9vOm\nJhcg==\n', 'r=foo|bar'],
  ['may be broken into lines of Windows', 'Zm9v\r\nOmJhcg\r\n', 'r=foo|bar'],
  ['may be broken inside of its padding', 'Zm9vOmJhcg=\n=', 'r=foo|bar'],
  ['may leave bits at its end', 'Zm9vOmJhch', 'r=foo|bar'],
  ['keeps the line end that echo puts behind the password', base64('foo:bar\n'), 'r=foo|bar\n'],
  ['keeps blanks', base64(' foo : bar '), 'r= foo | bar '],
  ['keeps what stands behind the first colon', base64('foo:b:a:r'), 'r=foo|b:a:r'],
  ['keeps a byte of zero', base64('foo:bar\0'), 'r=foo|bar\0'],
  ['may have an empty name', base64(':token'), 'r=|token'],
  ['may have an empty password', base64('foo:'), 'r=foo|'],
  ['may have neither', base64(':'), 'r=|'],
  ['may hold other letters', base64('föö:bär😀'), 'r=föö|bär😀'],
  ['makes U+FFFD of each byte that is no letter', 'YTr/4oI=', 'r=a|\ufffd\ufffd\ufffd'],
  ['keeps a byte order mark', base64('\ufefffoo:bar'), 'r=\ufefffoo|bar'],
  ['is nothing when it is empty', '', 'r=|'],
  ['must hold a colon', base64('pants'), 'no-colon'],
  ['must hold a colon, even where it holds nothing but a line end', '\n', 'no-colon'],
  ['may not be plain text', 'pants', 'bad-base64'],
  ['may not be name and password as they are', 'foo:bar', 'bad-base64'],
  ['may not end with a blank', 'Zm9vOmJhcg== ', 'bad-base64'],
  ['may not begin with a blank', ' Zm9vOmJhcg==', 'bad-base64'],
  ['may not hold a tab', 'Zm9v\tOmJhcg==', 'bad-base64'],
  ['may not end with a blank that is none of ASCII', 'Zm9vOmJhcg==\u00a0', 'bad-base64'],
  ['may not lack half of its padding', 'Zm9vOmJhcg=', 'bad-base64'],
  ['may not have too much padding', 'Zm9vOmJhcg===', 'bad-base64'],
  ['may not be padding alone', '==', 'bad-base64'],
  ['may not have anything behind its padding', 'Zm9vOmJhcg==Zg', 'bad-base64'],
  ['may not be base64 for URLs', Buffer.from('foo:???>>>').toString('base64url'), 'bad-base64'],
  ['may not be one digit', 'Z', 'bad-base64'],
]

describe('the field auth', () => {
  test.each(authFields)('%s', (_, field, expected) => {
    expect(auth(field)).toBe(expected)
  })
})

const entries: readonly [why: string, entry: string, expected: string][] = [
  ['has a name and a password', '{"username":"u","password":"p","email":"e"}', 'r=u|p'],
  ['has its auth before these', `{"username":"u","password":"p","auth":"${base64('a:b')}"}`, 'r=a|b'],
  ['has its auth before these, in any order', `{"auth":"${base64('a:b')}","username":"u","password":"p"}`, 'r=a|b'],
  ['has these where auth is empty', '{"username":"u","password":"p","auth":""}', 'r=u|p'],
  ['has these where auth is null', '{"username":"u","password":"p","auth":null}', 'r=u|p'],
  ['may be empty', '{}', 'r=|'],
  ['may be null', 'null', 'r=|'],
  ['may have an identity token, which nobody reads', '{"identitytoken":"t","registrytoken":5}', 'r=|'],
  ['has fields in any case', '{"USERNAME":"u","Password":"p"}', 'r=u|p'],
  ['has fields with a long s, which is an s', '{"u\u017fername":"u","pa\u017f\u017fword":"p"}', 'r=u|p'],
  ['has no fields with a dotless i', '{"ema\u0131l":5,"username":"u"}', 'r=u|'],
  ['has no fields with a dotted capital I', '{"EMA\u0130L":5,"username":"u"}', 'r=u|'],
  ['has the last of several fields', '{"username":"u","USERNAME":"v","username":"w"}', 'r=w|'],
  ['has the last in any case', '{"username":"u","USERNAME":"v"}', 'r=v|'],
  ['has what stood before a null', '{"username":"u","username":null}', 'r=u|'],
  ['has an auth that a later one empties', `{"username":"u","auth":"${base64('a:b')}","auth":""}`, 'r=u|'],
  ['keeps blanks and controls', '{"username":" u\\n","password":"\\u0000\\t"}', 'r= u\n|\0\t'],
  ['has characters from escapes', '{"username":"\\u00fc\\ud83d\\ude00\\/"}', 'r=ü😀/|'],
  [
    'has U+FFFD for half a character',
    '{"username":"\\ud83da\\ude00\\ud800\\ud83d\\ude00"}',
    'r=\ufffda\ufffd\ufffd😀|',
  ],
  ['may hold anything else', '{"x":[{"username":"v"},[[]],1e999,-0,true],"username":"u"}', 'r=u|'],
  ['may not be text', '"u:p"', 'wrong-shape'],
  ['may not be a number', '5', 'wrong-shape'],
  ['may not be a list', '[]', 'wrong-shape'],
  ['may not be true', 'true', 'wrong-shape'],
  ['may not have a number for a name', '{"username":5}', 'wrong-shape'],
  ['may not have a number for a password', '{"username":"u","password":123}', 'wrong-shape'],
  ['may not have an object for an auth', '{"auth":{}}', 'wrong-shape'],
  ['may not have a flag for an address', '{"email":false}', 'wrong-shape'],
  ['may not have a wrong type that a right one follows', '{"password":5,"password":"p"}', 'wrong-shape'],
  ['may not have a bad auth beside name and password', '{"username":"u","password":"p","auth":"pants"}', 'bad-base64'],
]

describe('an entry', () => {
  test.each(entries)('%s', (_, entry, expected) => {
    expect(said(`{"r":${entry}}`)).toBe(expected)
    expect(said(`{"auths":{"r":${entry}}}`, 'dockerconfigjson')).toBe(expected)
  })
})

const entry = '{"username":"u","password":"p"}'

const configs: readonly [why: string, text: string, expected: string][] = [
  ['has entries', `{"auths":{"b":${entry},"a":${entry}}}`, 'b=u|p a=u|p'],
  ['has them in the order of the text, numbers too', `{"auths":{"b":${entry},"1":${entry}}}`, 'b=u|p 1=u|p'],
  ['has entries in any case', `{"Auths":{"a":${entry}}}`, 'a=u|p'],
  ['has entries with a long s', `{"auth\u017f":{"a":${entry}}}`, 'a=u|p'],
  ['adds entries to entries', `{"auths":{"a":${entry}},"AUTHS":{"b":${entry}}}`, 'a=u|p b=u|p'],
  ['lets an entry take the place of one', `{"auths":{"a":${entry},"a":{"username":"v"}}}`, 'a=v|'],
  ['lets a null take the place of an entry', `{"auths":{"a":${entry},"a":null}}`, 'a=|'],
  ['lets a null take the place of entries', `{"auths":{"a":${entry}},"auths":null}`, ''],
  ['may have entries after a null', `{"auths":null,"auths":{"a":${entry}}}`, 'a=u|p'],
  ['may have no entries', '{"auths":{}}', ''],
  ['may be empty', '{}', ''],
  ['may be null', 'null', ''],
  ['may have no auths', '{"credsStore":"desktop","credHelpers":{"a":5}}', ''],
  ['passes over entries on the top', `{"a":${entry}}`, ''],
  [
    'keeps a name that objects have',
    `{"auths":{"__proto__":${entry},"constructor":${entry}}}`,
    '__proto__=u|p constructor=u|p',
  ],
  ['may have an entry without a name', `{"auths":{"":${entry}}}`, '=u|p'],
  ['may have headers', '{"HttpHeaders":{"X":"y","Z":null}}', ''],
  ['may not have headers that are numbers', '{"HttpHeaders":{"X":1}}', 'wrong-shape'],
  ['may not have headers that are a list', '{"httpheaders":[],"auths":{}}', 'wrong-shape'],
  ['may not have a list of entries', '{"auths":[]}', 'wrong-shape'],
  ['may not have text for entries', '{"auths":""}', 'wrong-shape'],
  ['may not have a list of entries before good ones', `{"auths":[],"auths":{"a":${entry}}}`, 'wrong-shape'],
  ['may not be a list', '[]', 'wrong-shape'],
  ['may not be text', '"a"', 'wrong-shape'],
  ['may not be a number', ' 1 ', 'wrong-shape'],
  [
    'may not have one bad entry among good ones',
    `{"auths":{"a":${entry},"b":{"auth":"!"},"c":${entry}}}`,
    'bad-base64',
  ],
  ['may not have a bad entry that a good one follows', `{"auths":{"a":{"auth":"!"},"a":${entry}}}`, 'bad-base64'],
]

describe('a .dockerconfigjson', () => {
  test.each(configs)('%s', (_, text, expected) => {
    expect(said(text, 'dockerconfigjson')).toBe(expected)
  })
})

const oldConfigs: readonly [why: string, text: string, expected: string][] = [
  ['is entries alone', `{"a":${entry}}`, 'a=u|p'],
  ['may be null', 'null', ''],
  ['may be empty', ' {} ', ''],
  ['takes auths for an entry', `{"auths":{"a":${entry}}}`, 'auths=|'],
  ['may not be a list', '[]', 'wrong-shape'],
  ['may not be a number', '0', 'wrong-shape'],
]

describe('a .dockercfg', () => {
  test.each(oldConfigs)('%s', (_, text, expected) => {
    expect(said(text)).toBe(expected)
  })
})

const bytes = (...parts: readonly (string | readonly number[])[]): Buffer =>
  Buffer.concat(parts.map(part => Buffer.from(part as string)))

const byteStrings: readonly [why: string, given: Uint8Array, expected: string][] = [
  ['may have blanks around', bytes(` \t\r\n{"a":${entry}}\n\n`), 'a=u|p'],
  [
    'may hold what is no UTF-8: each such byte is U+FFFD',
    bytes('{"a":{"username":"', [0xe2, 0x82], 'x"}}'),
    'a=\ufffd\ufffdx|',
  ],
  [
    'may hold surrogates in UTF-8: three times U+FFFD',
    bytes('{"', [0xed, 0xa0, 0x80], '":{}}'),
    '\ufffd\ufffd\ufffd=|',
  ],
  ['may hold a character torn at its end', bytes('{"', [0xf0, 0x9f, 0x98], '":{}}'), '\ufffd\ufffd\ufffd=|'],
  ['may hold one torn character before a whole one', bytes('{"', [0xe2], 'é":{}}'), '\ufffdé=|'],
  ['may hold DEL and line separators', bytes('{"\x7f\u2028":{}}'), '\x7f\u2028=|'],
  ['may not begin with a byte order mark', bytes('\ufeff{}'), 'not-json'],
  ['may not end with zero', bytes('{}\0'), 'not-json'],
  ['may not end with another value', bytes('{}{}'), 'not-json'],
  ['may not end with a bracket', bytes('{}}'), 'not-json'],
  ['may not be nothing', bytes(''), 'not-json'],
  ['may not be blank', bytes(' \n'), 'not-json'],
  ['may not be base64 of the config', bytes(base64('{}')), 'not-json'],
  ['may not be YAML', bytes('auths: {}'), 'not-json'],
  ['may not be torn', bytes('{"a":{"username":"u"'), 'not-json'],
  ['may not have a comma at the end', bytes('{"a":{},}'), 'not-json'],
  ['may not have comments', bytes('{} // x'), 'not-json'],
  ['may not have single quotes', bytes("{'a':{}}"), 'not-json'],
  ['may not have line ends in a text', bytes('{"a\n":{}}'), 'not-json'],
  ['may not have numbers with a zero before', bytes('{"a":{"x":01}}'), 'not-json'],
  ['may not have NaN', bytes('{"a":{"x":NaN}}'), 'not-json'],
  ['may not have half an escape', bytes('{"a\\u12":{}}'), 'not-json'],
  ['may not have blanks of Unicode', bytes('\u00a0{}'), 'not-json'],
  ['may not have what is no UTF-8 outside of texts', bytes('{}', [0xff]), 'not-json'],
]

describe('the bytes', () => {
  test.each(byteStrings)('%s', (_, given, expected) => {
    expect(said(given)).toBe(expected)
  })

  test('may be nested 10,000 deep, and no deeper', () => {
    const nested = (depth: number): string => `{"a":{"x":${'['.repeat(depth - 2)}${']'.repeat(depth - 2)}}}`
    expect(said(nested(10_000))).toBe('a=|')
    expect(said(nested(10_001))).toBe('not-json')
    expect(said('['.repeat(1_000_000))).toBe('not-json')
  })

  test('may be 2 MiB, of many entries, of one long text or of brackets, and cost no more than a moment', () => {
    const count = 50_000
    const many = Array.from({ length: count }, (_, at) => `"${at}.example.com":${entry}`).join(',')
    const spentMs = processorClock()
    expect(said(`{${many}}`).split(' ')).toHaveLength(count)
    expect(said(`{"a":{"username":"${'u'.repeat(2 ** 21)}"}}`)).toHaveLength(2 ** 21 + 3)
    expect(said(`{"a":{"auth":"${'\\n'.repeat(2 ** 20)}"}}`)).toBe('no-colon')
    expect(said(`{"a":{"auth":"${base64(`${'\\'.repeat(2 ** 20)}:`)}"}}`)).toHaveLength(2 ** 20 + 3)
    expect(said(`{"a":{"username":"${'\\"'.repeat(2 ** 20)}"}}`)).toHaveLength(2 ** 20 + 3)
    expect(said(`{"a":{"x":[${'[],'.repeat(2 ** 19)}0]}}`)).toBe('a=|')
    expect(said(Buffer.alloc(2 ** 21, 0xe2))).toBe('not-json')
    expect(spentMs()).toBeLessThan(10_000)
  }, 60_000)
})

const problems: readonly unknown[] = ['not-json', 'wrong-shape', 'bad-base64', 'no-colon']

test('any bytes give entries or one of four problems, and never an exception', () => {
  const formats = ['dockercfg', 'dockerconfigjson'] as const
  // Few, torn in many ways: it is the tearing that is tried here.
  const whole = fc.sample(fc.oneof(...formats.map(format => configBytes(format, placeText))), 300)
  const torn = fc
    .tuple(fc.constantFrom(...whole), fc.nat(), fc.nat({ max: 3 }), fc.uint8Array({ maxLength: 3 }))
    .map(([bytes, place, removed, added]) => {
      const at = place % (bytes.length + 1)
      return Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)])
    })
  const isAnswered = (bytes: Uint8Array, format: (typeof formats)[number]): boolean => {
    const read = readDockerConfig(bytes, format)
    return read.ok || problems.includes(read.error)
  }
  fc.assert(fc.property(torn, fc.constantFrom(...formats), isAnswered), { numRuns: 20_000 })
}, 60_000)

test('a problem never repeats anything of the secret', () => {
  const canary = 'c4n4ry'
  for (const text of [
    `${canary}`,
    `{"a":{"auth":"${canary}!"}}`,
    `{"a":{"password":["${canary}"]}}`,
    `{"a":{"auth":"${base64(canary)}"}}`,
  ])
    expect(JSON.stringify(readDockerConfig(Buffer.from(text), 'dockercfg'))).not.toMatch(/c4n4ry|YzRuNHJ5/)
})

const tables = [authFields, entries, configs, oldConfigs, byteStrings]
const count = tables.reduce((sum, { length }) => sum + length, 0)

test(`these are ${count} docker configs`, () => {
  expect(count).toBeGreaterThanOrEqual(120)
})
