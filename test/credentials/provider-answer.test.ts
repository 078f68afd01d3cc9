import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readProviderAnswer } from '../../src/credentials/provider/provider-answer.ts'
import { providerAnswerText } from './provider-texts.ts'

const v1 = 'credentialprovider.kubelet.k8s.io/v1'
const head = `"kind":"CredentialProviderResponse","apiVersion":"${v1}"`
const login = '{"username":"u","password":"p"}'

const said = (text: string): string => {
  const answer = readProviderAnswer(Buffer.from(text), v1)
  if (!answer.ok) return answer.error
  const { cacheKey, cacheMs, entries } = answer.value
  return [
    cacheKey,
    cacheMs ?? 'default',
    ...entries.map(({ place, username, password }) => `${place}=${username}|${password}`),
  ].join(' ')
}

describe('an answer', () => {
  test.each<[what: string, text: string, expected: string]>([
    [
      'gives credentials',
      `{${head},"cacheKeyType":"Registry","cacheDuration":"6h","auth":{"*.example.com":${login}}}`,
      'Registry 21600000 *.example.com=u|p',
    ],
    [
      'may leave the duration to the configuration',
      `{${head},"cacheKeyType":"Image","auth":{"a":${login}}}`,
      'Image default a=u|p',
    ],
    ['may leave it with a null', `{${head},"cacheKeyType":"Image","cacheDuration":null}`, 'Image default'],
    ['may not be meant to be kept', `{${head},"cacheKeyType":"Global","cacheDuration":"0s"}`, 'Global 0'],
    ['may have no credentials', `{${head},"cacheKeyType":"Global","auth":{}}`, 'Global default'],
    ['may have a null for credentials', `{${head},"cacheKeyType":"Global","auth":null}`, 'Global default'],
    ['may have an empty login', `{${head},"cacheKeyType":"Global","auth":{"a":{},"b":null}}`, 'Global default a=| b=|'],
    ['may be followed by blanks', `{${head},"cacheKeyType":"Image"}\n\n`, 'Image default'],
    ['must say for what it is good', `{${head},"auth":{"a":${login}}}`, 'bad-answer'],
    ['must say so in a known word', `{${head},"cacheKeyType":"image"}`, 'bad-answer'],
    [
      'must be of the version that was asked',
      `{${head.replace('v1"', 'v1beta1"')},"cacheKeyType":"Image"}`,
      'bad-answer',
    ],
    ['must be of its kind', `{${head.replace('Response', 'Request')},"cacheKeyType":"Image"}`, 'bad-answer'],
    ['may have no field in another case', `{${head},"CacheKeyType":"Image"}`, 'bad-answer'],
    ['may have no unknown field', `{${head},"cacheKeyType":"Image","expires":"1h"}`, 'bad-answer'],
    [
      'may have no unknown field in a login',
      `{${head},"cacheKeyType":"Image","auth":{"a":{"token":"t"}}}`,
      'bad-answer',
    ],
    ['may have no field twice', `{${head},"cacheKeyType":"Image","cacheKeyType":"Image"}`, 'bad-answer'],
    ['may have no login twice', `{${head},"cacheKeyType":"Image","auth":{"a":${login},"a":${login}}}`, 'bad-answer'],
    ['may have no number for a password', `{${head},"cacheKeyType":"Image","auth":{"a":{"password":5}}}`, 'bad-answer'],
    ['may have no number for a duration', `{${head},"cacheKeyType":"Image","cacheDuration":60}`, 'bad-answer'],
    ['may have no duration in days', `{${head},"cacheKeyType":"Image","cacheDuration":"1d"}`, 'bad-answer'],
    ['may have no list of logins', `{${head},"cacheKeyType":"Image","auth":[]}`, 'bad-answer'],
    ['may be no YAML', `kind: CredentialProviderResponse`, 'bad-answer'],
    ['may be no list', '[]', 'bad-answer'],
    ['may be no null', 'null', 'bad-answer'],
    ['may not be empty', '', 'bad-answer'],
    ['may not follow other words', `Warning: x\n{${head},"cacheKeyType":"Image"}`, 'bad-answer'],
  ])('%s', (_, text, expected) => {
    expect(said(text)).toBe(expected)
  })

  test('of any kind is read or refused, without an exception', () => {
    const whole = fc.sample(providerAnswerText, 300)
    const torn = fc
      .tuple(fc.constantFrom(...whole), fc.nat(), fc.nat({ max: 3 }), fc.uint8Array({ maxLength: 3 }))
      .map(([text, place, removed, added]) => {
        const bytes = Buffer.from(text)
        const at = place % (bytes.length + 1)
        return Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)])
      })
    const isAnswered = (bytes: Uint8Array): boolean => typeof readProviderAnswer(bytes, v1).ok === 'boolean'
    fc.assert(fc.property(torn, isAnswered), { numRuns: 20_000 })
  }, 60_000)
})
