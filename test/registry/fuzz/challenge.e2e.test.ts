import { describe, expect, test } from 'vitest'
import { parseChallenges } from '../../../src/registry/auth/challenge.ts'
import { type Grant, grantOf } from '../../../src/registry/auth/grant.ts'
import { readRealm } from '../../../src/registry/auth/realm.ts'
import { challengeLines } from '../../support/arbitraries/challenge.ts'
import { realmText } from '../../support/arbitraries/realm.ts'
import { fuzz, must, mustReadSoon } from './fuzz.ts'

const order = ['bearer', 'digest', 'basic']
const tokenOnly = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/

const registry = 'https://registry.example'

/** Names in small letters, and values that some line is long enough for. */
const mustBeRead = (parameters: ReadonlyMap<string, string>, lines: readonly string[]): void => {
  const longest = Math.max(...lines.map(({ length }) => length))
  for (const [name, value] of parameters)
    must(tokenOnly.test(name) && name.length + value.length < longest, [name, value])
}

const mustBeFit = ({ realm, scopes }: Grant): void => {
  must(readRealm(realm, registry).ok, realm)
  must(scopes.includes('repository:team/app:pull') && new Set(scopes).size === scopes.length, scopes)
  must(
    scopes.every((scope, index) => scope !== '' && (scopes[index - 1] ?? '') <= scope),
    scopes,
  )
}

describe('whatever stands in WWW-Authenticate', () => {
  test('gives challenges of known schemes, best first, and a grant only for a realm that may be gone to', () => {
    fuzz(challengeLines, lines => {
      const found = parseChallenges(lines)
      const places = found.map(({ scheme }) => order.indexOf(scheme))
      must(found.length <= lines.length && !places.includes(-1), found)
      must(
        places.every((place, index) => place >= (places[index - 1] ?? 0)),
        places,
      )
      for (const { parameters } of found) mustBeRead(parameters, lines)
      const [best] = found
      const grant = best?.scheme === 'bearer' ? grantOf(best, registry, 'team/app') : undefined
      if (!grant?.ok) return 'refused'
      mustBeFit(grant.value)
      return 'accepted'
    })
  })

  test('is read once through, or not at all where it is a mebibyte', () => {
    const pieces = ['\\', '"', 'a=,', '\\"', ' ', '="', ',', 'a="",']
    const starts = ['', 'Bearer ', 'Bearer a="', 'Bearer a=']
    mustReadSoon(
      line => parseChallenges([line, line]),
      pieces,
      starts.map(start => text => start + text),
    )
    expect(parseChallenges([`Bearer a=${'b'.repeat(2 ** 20)}`])).toEqual([])
    expect(parseChallenges(Array.from({ length: 100_000 }, () => 'Basic'))).toHaveLength(16)
  })
})

const problems: ReadonlySet<string> = new Set(['missing', 'unreadable', 'not-https', 'userinfo', 'fragment'])

describe('whatever address a challenge names', () => {
  test('is gone to without anybody in it, by https unless the registry is not, and means the same when read again', () => {
    fuzz(realmText, text => {
      const [secure, plain] = [readRealm(text, registry), readRealm(text, 'http://registry.example')]
      if (!secure.ok) must(problems.has(secure.error), secure.error)
      // The one difference that the registry's own scheme makes.
      const same = secure.ok
        ? plain.ok && plain.value.href === secure.value.href
        : !plain.ok || secure.error === 'not-https'
      must(same, text)
      if (secure.ok) must(secure.value.protocol === 'https:', text)
      if (!plain.ok) return 'refused'
      const { username, password, hash, hostname, href } = plain.value
      must(username === '' && password === '' && hash === '' && hostname !== '' && /^[!-~]+$/.test(href), href)
      const again = readRealm(href, 'http://registry.example')
      must(again.ok && again.value.href === href, href)
      return 'accepted'
    })
  })

  test('is read soon, however long it is', () => {
    const pieces = ['@', '/', ':', '%', 'a.', '[', '\\', '?', '#', 'a@']
    mustReadSoon(text => readRealm(text, registry), pieces, [text => `https://${text}`, text => `https://a/${text}`])
  })
})
