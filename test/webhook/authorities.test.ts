import { describe, expect, test } from 'vitest'
import {
  belongsTo,
  certificatesIn,
  isDue,
  promoted,
  readAuthorities,
  tidied,
  trustedOf,
  writtenAuthorities,
} from '../../src/webhook/authorities.ts'
import { makeAuthority } from '../../src/webhook/authority.ts'

const now = new Date('2026-11-21T12:00:00Z')
const hourMs = 60 * 60 * 1000
const [a, b] = [await makeAuthority(now, 24 * hourMs), await makeAuthority(now, 48 * hourMs)]
const state = { signing: a, next: b, previous: [] }

describe('the authorities in a Secret', () => {
  test('are read as they were written', () => {
    expect(readAuthorities(writtenAuthorities(state))).toEqual(state)
    const after = promoted(state)
    expect(readAuthorities(writtenAuthorities(after))).toEqual(after)
  })

  test.each([
    ['an empty Secret', new Map()],
    [
      'what is no certificate',
      new Map([
        ['ca.crt', 'x'],
        ['ca.key', a.key],
      ]),
    ],
    [
      "another one's key",
      new Map([
        ['ca.crt', a.cert],
        ['ca.key', b.key],
      ]),
    ],
    [
      'what is no key',
      new Map([
        ['ca.crt', a.cert],
        ['ca.key', 'x'],
      ]),
    ],
  ] as const)('are none in %s', (_, texts: ReadonlyMap<string, string>) => {
    expect(readAuthorities(texts)).toBeUndefined()
  })

  test('are all trusted: the one to come, the one that signs, and those before', () => {
    expect(trustedOf(state)).toEqual([a.cert, b.cert])
    expect(trustedOf(promoted(state))).toEqual([b.cert, a.cert])
  })

  test('stay trusted when they sign no longer, until nobody can be serving with what they signed', () => {
    const after = promoted(state)
    const atHours = (hours: number) => tidied(after, 2 * hourMs, now.getTime() + hours * hourMs).previous
    expect(atHours(1)).toEqual([a.cert])
    expect(atHours(5)).toEqual([])
    expect(tidied(after, 100 * hourMs, now.getTime() + 25 * hourMs).previous).toEqual([])
  })
})

test('a certificate is due when a third of its life is left, and so is what is none', () => {
  // From 11:00, for 25 hours.
  const at = (hours: number): number => now.getTime() + hours * hourMs
  expect([at(0), at(15), at(16), at(30)].map(ms => isDue(a.cert, ms))).toEqual([false, false, true, true])
  expect(isDue('x', at(0))).toBe(true)
})

test('a bundle is read one by one: what stands twice once, and what is none not at all', () => {
  const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
  expect(certificatesIn(`${a.cert}# note\n${broken}${b.cert}${a.cert}`)).toEqual([a.cert, b.cert])
  expect(certificatesIn('')).toEqual([])
})

test('a key belongs to its own certificate alone', () => {
  expect([belongsTo(a.key, a.cert), belongsTo(b.key, a.cert), belongsTo('', a.cert)]).toEqual([true, false, false])
})
