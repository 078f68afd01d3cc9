import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseChallenges } from '../../../src/registry/auth/challenge.ts'
import { processorClock } from '../../support/processor-clock.ts'

const read = (...lines: readonly string[]): unknown =>
  parseChallenges(lines).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)])

const hub = 'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull"'

describe('a challenge is read as containerd reads it', () => {
  test.each<[string, string, unknown]>([
    [
      'Docker Hub',
      hub,
      { realm: 'https://auth.docker.io/token', service: 'registry.docker.io', scope: 'repository:a/b:pull' },
    ],
    ['its scheme in any case', 'bEARER realm=x', { realm: 'x' }],
    ['its parameters in any case', 'Bearer REALM=x,Scope=y', { realm: 'x', scope: 'y' }],
    ['with blanks around the comma', 'Bearer realm=x \t, \t service=y', { realm: 'x', service: 'y' }],
    ['without a blank after the scheme it has no parameters', 'Bearer,realm=x', {}],
    ['a word alone', 'Bearer', {}],
    [
      'a comma in quotation marks',
      'Bearer scope="repository:a:pull,push",service=s',
      { scope: 'repository:a:pull,push', service: 's' },
    ],
    [
      'escaped quotation marks',
      String.raw`Bearer realm="a\"b\\c\d",service=s`,
      { realm: String.raw`a"b\cd`, service: 's' },
    ],
    ['the last of two', 'Bearer realm=a,realm=b', { realm: 'b' }],
    ['an empty value', 'Bearer realm="",service=', { realm: '', service: '' }],
    ['a quotation without an end, which is empty', 'Bearer service=s,realm="abc,scope=x', { service: 's', realm: '' }],
    ['no further than a name without a value', 'Bearer realm=a,service,scope=x', { realm: 'a' }],
    ['no further than a blank before the value', 'Bearer realm=a,service= s,scope=x', { realm: 'a', service: '' }],
    ['no further than a missing comma', 'Bearer realm=a service=s', { realm: 'a' }],
    ['no further than two commas', 'Bearer realm=a,,service=s', { realm: 'a' }],
    ['an address without quotation marks, which ends at the colon', 'Bearer realm=https://x', { realm: 'https' }],
    ['a second challenge in the line is lost', 'Bearer realm=a, Basic realm=b', { realm: 'a' }],
    [
      'a name that objects inherit',
      'Bearer constructor=a,__proto__=b',
      Object.fromEntries([
        ['constructor', 'a'],
        ['__proto__', 'b'],
      ]),
    ],
  ])('%s', (_, line, parameters) => {
    expect(read(line)).toEqual([['bearer', parameters]])
  })

  test.each([
    ['nothing', ''],
    ['an unknown scheme', 'Negotiate realm=x'],
    ['a blank before the scheme', ' Bearer realm=x'],
    ['a quoted scheme', '"Bearer" realm=x'],
    ['a longer word', 'Bearers realm=x'],
  ])('%s is no challenge', (_, line) => {
    expect(read(line)).toEqual([])
  })

  test('the best comes first, and of two equal ones the first', () => {
    const lines = ['Basic realm=1', 'Negotiate', 'Digest realm=2', 'Bearer realm=3', 'BASIC realm=4', 'bearer realm=5']
    expect(parseChallenges(lines).map(({ parameters }) => parameters.get('realm'))).toEqual(['3', '5', '2', '1', '4'])
  })
})

describe('a challenge has bounds', () => {
  test('beyond 16 none is read', () => {
    const lines = Array.from({ length: 40 }, (_, index) => `Basic realm=${index}`)
    expect(parseChallenges(lines)).toHaveLength(16)
  })

  test('a line that is too long is not read, and does not hide what came before it', () => {
    expect(read('Basic realm=a', `Bearer realm="${'x'.repeat(9000)}"`)).toEqual([['basic', { realm: 'a' }]])
  })

  test('the longest that is read takes no time worth speaking of, whatever is in it', () => {
    const spentMs = processorClock()
    for (const filling of ['\\', '"', 'a=,', '\\"', ' ', '"\\', 'a="",', ',', '='])
      for (const start of ['Bearer ', 'Bearer a="', 'Bearer a='])
        parseChallenges([start + filling.repeat(8000).slice(0, 8000)])
    // 27 lines of 8 KiB; a reader that went back would need seconds for one.
    expect(spentMs()).toBeLessThan(500)
  })
})

describe('whatever comes', () => {
  const piece = fc.constantFrom(
    'Bearer',
    'basic',
    'DIGEST',
    ' ',
    ',',
    '=',
    '"',
    '\\',
    'realm',
    'scope',
    '\t',
    '\r\n',
    '\0',
    'ü',
    '://',
  )
  const line = fc.oneof(
    fc.array(piece, { maxLength: 30 }).map(pieces => pieces.join('')),
    fc.string({ unit: 'binary' }),
  )

  test('nothing is thrown, and nothing is made up', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 4 }), lines => {
        for (const { parameters } of parseChallenges(lines))
          for (const [name, value] of parameters) {
            const found = lines.some(
              text =>
                text.toLowerCase().includes(name) && text.replaceAll('\\', '').includes(value.replaceAll('\\', '')),
            )
            if (name !== name.toLowerCase() || !found) throw new Error(`${name}=${value}`)
          }
      }),
      { numRuns: 20_000 },
    )
  })

  test('a challenge that is written down by the rules is read back', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/)
    const parameters = fc.uniqueArray(fc.tuple(name, fc.string()), {
      selector: ([key]) => key,
      minLength: 1,
      maxLength: 5,
    })
    fc.assert(
      fc.property(parameters, given => {
        const written = given.map(([key, value]) => `${key}="${value.replace(/["\\]/g, '\\$&')}"`).join(', ')
        expect([...(parseChallenges([`Bearer ${written}`])[0]?.parameters ?? [])]).toEqual(given)
      }),
      { numRuns: 2000 },
    )
  })
})
