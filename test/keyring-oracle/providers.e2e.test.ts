import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { createKeyring } from '../../src/credentials/keyring.ts'
import { joinFiles, loadText } from '../../src/credentials/provider/load-providers.ts'
import { readProviderAnswer } from '../../src/credentials/provider/provider-answer.ts'
import type { ProviderConfig } from '../../src/credentials/provider/provider-config.ts'
import { providerAnswerText, providerConfigText, wellFormedConfigText } from '../credentials/provider-texts.ts'
import { compare } from '../oracle/compare.ts'
import { startKeyringOracle } from './oracle.ts'

const oracle = startKeyringOracle()
afterAll(oracle.close)

const base64 = (text: string): string => Buffer.from(text).toString('base64')

type Configs = { readonly providers: readonly ProviderConfig[] } | { readonly refused: true }

const ourConfigs = (text: string): Configs => {
  const loaded = joinFiles('file', [loadText('file', text)])
  if (!loaded.ok) return { refused: true }
  // JSON has no -0, which "-0s" comes to.
  return { providers: loaded.value.map(each => ({ ...each, defaultCacheMs: each.defaultCacheMs + 0 })) }
}

const theirConfigs = async (text: string): Promise<Configs> => {
  const read = await oracle.providers(base64(text))
  return 'error' in read
    ? { refused: true }
    : { providers: read.providers.map(each => ({ ...each, token: each.token })) }
}

const base = (name: string, end = ''): string => `apiVersion: kubelet.config.k8s.io/v1
kind: CredentialProviderConfig
providers:
  - name: ${name}
    matchImages: [a.example]
    defaultCacheDuration: 12h
    apiVersion: credentialprovider.kubelet.k8s.io/v1
${end}`

/** Where ours is another answer, knowingly. */
const exotic = [
  {
    what: 'a provider without a name, which has no program: the kubelet finds out a step later, and does not start either',
    example: base('""'),
    is: (text: string) => /"?name"?: ?(""|''|null|~)?\s*[,\n}]/.test(text),
    ours: 'refused',
  },
  {
    what: 'a tab by itself on the last line, which the library that we read YAML with takes for a blank',
    example: base('p', '\t'),
    is: (text: string) => /\n[ ]*\t\s*$/.test(text),
    ours: 'accepted',
  },
] as const

const sideOf = (answer: object): string => ('refused' in answer ? 'refused' : 'accepted')

describe(`the ${exotic.length} exotic configurations of providers that are read otherwise than by the kubelet`, () => {
  test.each(exotic)('$what', async ({ example, is, ours }) => {
    expect(is(example)).toBe(true)
    expect(sideOf(ourConfigs(example))).toBe(ours)
    expect(sideOf(await theirConfigs(example))).not.toBe(ours)
  })
})

test('configurations of providers are read and refused as by the kubelet', async () => {
  await compare({
    name: 'provider configurations',
    inputs: fc
      .oneof({ arbitrary: providerConfigText, weight: 1 }, { arbitrary: wellFormedConfigText, weight: 1 })
      .filter(text => !exotic.some(({ is }) => is(text))),
    count: 12_000,
    ours: ourConfigs,
    theirs: theirConfigs,
    sideOf,
  })
})

const version = 'credentialprovider.kubelet.k8s.io/v1'

const byPlace = <T extends { readonly place: string }>(entries: readonly T[]): readonly T[] =>
  entries.toSorted((a, b) => Buffer.compare(Buffer.from(a.place), Buffer.from(b.place)))

test("providers' answers are read and refused as by the kubelet", async () => {
  await compare({
    name: "providers' answers",
    inputs: providerAnswerText,
    count: 12_000,
    ours: text => {
      const read = readProviderAnswer(Buffer.from(text), version)
      return read.ok ? { ...read.value, entries: byPlace(read.value.entries) } : { refused: true }
    },
    theirs: async text => {
      const read = await oracle.answer(base64(text))
      if ('error' in read) return { refused: true }
      return { cacheKey: read.cacheKey, cacheMs: read.cacheMs, entries: byPlace(read.entries) }
    },
    sideOf,
  })
})

const image = 'a.example.com/team/app'

// The runtime drops a password without a name, and so does our keyring. The order of places that are one key is random there.
const asSent = (logins: readonly { readonly username: string; readonly password: string }[], text: string) => {
  const sent = logins.map(({ username, password }) => ({ username, password: username === '' ? '' : password }))
  return text.includes('/v1/') ? sent.map(each => JSON.stringify(each)).toSorted() : sent
}

const acceptedAnswer = providerAnswerText.filter(text => readProviderAnswer(Buffer.from(text), version).ok)

test('programs give the credentials that the kubelet tries, in its order', async () => {
  await compare({
    name: "providers' credentials",
    inputs: fc.oneof({ arbitrary: providerAnswerText, weight: 1 }, { arbitrary: acceptedAnswer, weight: 3 }),
    count: 600,
    ours: text => {
      const read = readProviderAnswer(Buffer.from(text), version)
      return asSent(read.ok ? createKeyring(read.value.entries).lookup(image) : [], text)
    },
    theirs: async text => asSent((await oracle.provide(base64(text), image)).groups[0], text),
    sideOf: found => (found.length === 0 ? 'none' : 'some'),
  })
})
