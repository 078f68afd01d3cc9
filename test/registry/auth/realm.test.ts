import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readRealm } from '../../../src/registry/auth/realm.ts'

const secure = 'https://registry.example'
const plain = 'http://registry.example:5000'

describe('a token server is gone to', () => {
  test.each([
    ['at the registry itself', secure, 'https://registry.example/token'],
    ['at another host, as Docker Hub has it', secure, 'https://auth.docker.io/token'],
    ['at another port', secure, 'https://registry.example:8443/service/token'],
    ['with a query of its own', secure, 'https://registry.example/token?a=b'],
    ['over https from a plain registry', plain, 'https://auth.example/token'],
    ['over http from a plain registry', plain, 'http://registry.example:5000/token'],
    ['with its scheme in capitals', secure, 'HTTPS://auth.example/token'],
    ['with an @ in its path', secure, 'https://auth.example/token/@me'],
    ['at an address in brackets', secure, 'https://[2001:db8::1]:5001/token'],
  ])('%s', (_, registry, realm) => {
    expect(readRealm(realm, registry)).toEqual({ ok: true, value: new URL(realm) })
  })
})

describe('a token server is not gone to', () => {
  test.each([
    ['if none is named', undefined, 'missing'],
    ['if its name is empty', '', 'missing'],
    ['over http from a registry asked over https', 'http://auth.example/token', 'not-https'],
    ['with a name and password', 'https://me:secret@auth.example/token', 'userinfo'],
    ['with a name alone', 'https://me@auth.example/token', 'userinfo'],
    ['with an empty name', 'https://@auth.example/token', 'userinfo'],
    ['with a name that looks like the host', 'https://registry.example@evil.example/token', 'userinfo'],
    ['with a fragment', 'https://auth.example/token#x', 'fragment'],
    ['with an empty fragment', 'https://auth.example/token#', 'fragment'],
    ['by a path alone', '/token', 'unreadable'],
    ['without a scheme', '//auth.example/token', 'unreadable'],
    ['by another scheme', 'file:///etc/passwd', 'unreadable'],
    ['by one that only contains https', 'xhttps://auth.example', 'unreadable'],
    ['without a host', 'https:///token', 'unreadable'],
    ['with one slash', 'https:/auth.example/token', 'unreadable'],
    ['with backslashes', 'https:\\\\auth.example\\token', 'unreadable'],
    ['with a backslash in the host', 'https://auth.example\\@evil.example', 'unreadable'],
    ['with a blank before it', ' https://auth.example', 'unreadable'],
    ['with a blank in it', 'https://auth.example/a b', 'unreadable'],
    ['with a tab, which the parser would drop', 'https://auth\t.example', 'unreadable'],
    ['with a line break', 'https://auth.example/\r\nx: y', 'unreadable'],
    ['with letters beyond ASCII', 'https://ａuth.example/', 'unreadable'],
    ['with a port that is none', 'https://auth.example:99999/', 'unreadable'],
    ['by two words', 'Registry Realm', 'unreadable'],
  ])('%s', (_, realm, problem) => {
    expect(readRealm(realm, secure)).toEqual({ ok: false, error: problem })
  })

  test('in any way that leaves a secure registry insecurely, or with something hidden in the address', () => {
    const pieces = fc.constantFrom(
      'https://',
      'http://',
      'HTTPS:',
      '/',
      '\\',
      '@',
      '#',
      '?',
      'a.example',
      ':',
      '443',
      '[::1]',
      '%40',
      ' ',
      '\t',
      'ü',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(pieces, { maxLength: 8 }).map(all => all.join('')),
          fc.string(),
          fc.webUrl(),
        ),
        text => {
          const realm = readRealm(text, secure)
          if (!realm.ok) return
          const { protocol, username, password, hash, host } = realm.value
          expect([protocol, username, password, hash]).toEqual(['https:', '', '', ''])
          expect(host).not.toBe('')
        },
      ),
      { numRuns: 20_000 },
    )
  })
})
