import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadProviders } from '../../src/credentials/provider/load-providers.ts'
import { parseProviders } from '../../src/credentials/provider/parse-providers.ts'
import { directoryForTest } from './programs.ts'
import { providerConfigText } from './provider-texts.ts'

const whole = `apiVersion: kubelet.config.k8s.io/v1
kind: CredentialProviderConfig
providers:
  - name: ecr-credential-provider
    matchImages:
      - "*.dkr.ecr.*.amazonaws.com"
      - registry.example.com:5000/team
    defaultCacheDuration: 12h
    apiVersion: credentialprovider.kubelet.k8s.io/v1
    args: [get-credentials]
    env:
      - name: AWS_PROFILE
        value: nodes
    tokenAttributes:
      serviceAccountTokenAudience: registry.example.com
      cacheType: Token
      requireServiceAccount: true
      requiredServiceAccountAnnotationKeys: [example.com/role]
      optionalServiceAccountAnnotationKeys: [example.com/Region]
`

const least = `apiVersion: kubelet.config.k8s.io/v1
kind: CredentialProviderConfig
providers:
- name: p
  matchImages: [a.example]
  defaultCacheDuration: "0"
  apiVersion: credentialprovider.kubelet.k8s.io/v1
`

/** What is wrong with a text, each in a line with its place. */
const wrong = (text: string): readonly string[] =>
  parseProviders(text).problems.map(({ line, column, what }) => `${line}:${column} ${what}`)

test('a whole configuration is read', () => {
  expect(parseProviders(whole)).toEqual({
    problems: [],
    providers: [
      {
        name: 'ecr-credential-provider',
        matchImages: ['*.dkr.ecr.*.amazonaws.com', 'registry.example.com:5000/team'],
        defaultCacheMs: 12 * 3600 * 1000,
        apiVersion: 'credentialprovider.kubelet.k8s.io/v1',
        args: ['get-credentials'],
        env: [{ name: 'AWS_PROFILE', value: 'nodes' }],
        token: {
          audience: 'registry.example.com',
          cache: 'Token',
          requireServiceAccount: true,
          requiredAnnotations: ['example.com/role'],
          optionalAnnotations: ['example.com/Region'],
        },
      },
    ],
  })
})

describe('nothing is wrong with', () => {
  test.each<[what: string, text: string]>([
    ['the least that there can be', least],
    [
      'JSON',
      JSON.stringify({ apiVersion: 'kubelet.config.k8s.io/v1', kind: 'CredentialProviderConfig', providers: [] }),
    ],
    ['JSON with tabs', `{\n\t"apiVersion": "kubelet.config.k8s.io/v1",\n\t"kind": "CredentialProviderConfig"\n}`],
    ['an older version of the file', least.replace('k8s.io/v1\n', 'k8s.io/v1beta1\n')],
    ['the oldest version of the file', least.replace('k8s.io/v1\n', 'k8s.io/v1alpha1\n')],
    ['an older version of the question', least.replace('kubelet.k8s.io/v1\n', 'kubelet.k8s.io/v1alpha1\n')],
    ['lists that are null', `${least}  args: null\n  env:\n  tokenAttributes: ~\n`],
    ['a second document, which nobody reads', `${least}---\nanything: [\n`],
    ['a pattern with nothing but a star', least.replace('a.example', '"*"')],
    ['yes for true', whole.replace('Account: true', 'Account: yes')],
    ['comments, anchors and merges', least.replace('- name: p', '- <<: {name: p} # the name')],
  ])('%s', (_, text) => {
    expect(wrong(text)).toEqual([])
  })
})

describe('of a configuration is said', () => {
  test.each<[what: string, text: string, expected: readonly string[]]>([
    ['that it is empty', '', ['1:1 is empty']],
    [
      'that a field is unknown',
      least.replace('  name', '  nam').replace('- name', '- nam'),
      ['4:8 providers.0.nam is no field that is known here', '4:3 providers.0.name must be the name of a program'],
    ],
    [
      'that a field is in the wrong case',
      least.replace('matchImages', 'MatchImages'),
      [
        '5:16 providers.0.MatchImages is no field that is known here',
        '4:3 providers.0.matchImages must have a pattern at least',
      ],
    ],
    ['that a field is on the wrong level', `${least}args: []\n`, ['8:7 args is no field that is known here']],
    [
      'that its kind is another',
      least.replace('CredentialProviderConfig', 'KubeletConfiguration'),
      ['2:7 kind must be CredentialProviderConfig'],
    ],
    [
      'that its version is another',
      least.replace('kubelet.config.k8s.io/v1', 'v1'),
      ['1:13 apiVersion must be kubelet.config.k8s.io/v1'],
    ],
    [
      'that a name has a slash',
      least.replace('name: p', 'name: bin/p'),
      ['4:9 providers.0.name may have no slash and no blank'],
    ],
    [
      'that a name has a blank',
      least.replace('name: p', 'name: p q'),
      ['4:9 providers.0.name may have no slash and no blank'],
    ],
    [
      'that a name is two dots',
      least.replace('name: p', 'name: ..'),
      ['4:9 providers.0.name must be the name of a program'],
    ],
    [
      'that a pattern is none',
      least.replace('a.example', 'a.example, a.example:x'),
      ['5:28 providers.0.matchImages.1 must be a host and a path: invalid port after host'],
    ],
    ['that a pattern is a number', least.replace('a.example', '5'), ['5:17 providers.0.matchImages.0 must be text']],
    [
      'that there is no pattern',
      least.replace('[a.example]', '[]'),
      ['5:16 providers.0.matchImages must have a pattern at least'],
    ],
    [
      'that patterns are no list',
      least.replace('[a.example]', 'a.example'),
      ['5:16 providers.0.matchImages must be a list', '5:16 providers.0.matchImages must have a pattern at least'],
    ],
    [
      'that a duration is a number',
      least.replace('"0"', '3600'),
      ['6:25 providers.0.defaultCacheDuration must be text'],
    ],
    [
      'that a duration has no unit',
      least.replace('"0"', '"3600"'),
      ['6:25 providers.0.defaultCacheDuration must be a duration such as 12h or 90s'],
    ],
    [
      'that a duration is in days',
      least.replace('"0"', '1d'),
      ['6:25 providers.0.defaultCacheDuration must be a duration such as 12h or 90s'],
    ],
    [
      'that a duration is negative',
      least.replace('"0"', '-1h'),
      ['6:25 providers.0.defaultCacheDuration may not be negative'],
    ],
    ['that a duration is missing', least.replace('"0"', ''), ['6:25 providers.0.defaultCacheDuration must be there']],
    [
      'that the version of the question is another',
      least.replace('kubelet.k8s.io/v1\n', 'kubelet.k8s.io/v2\n'),
      [
        '7:15 providers.0.apiVersion must be one of credentialprovider.kubelet.k8s.io/v1, credentialprovider.kubelet.k8s.io/v1beta1, credentialprovider.kubelet.k8s.io/v1alpha1',
      ],
    ],
    [
      'that a variable is a number',
      whole.replace('value: nodes', 'value: 5'),
      ['13:16 providers.0.env.0.value must be text'],
    ],
    ['that an argument is true', whole.replace('[get-credentials]', '[on]'), ['10:12 providers.0.args.0 must be text']],
    [
      'that tokens need the newest version of the question',
      whole.replace('kubelet.k8s.io/v1\n', 'kubelet.k8s.io/v1beta1\n'),
      ['15:7 providers.0.tokenAttributes needs the version credentialprovider.kubelet.k8s.io/v1'],
    ],
    [
      'that tokens need the newest version of the file',
      whole.replace('config.k8s.io/v1', 'config.k8s.io/v1beta1'),
      ['15:7 providers.0.tokenAttributes is no field that is known here'],
    ],
    [
      'that tokens need an audience',
      whole.replace('serviceAccountTokenAudience: registry.example.com', 'serviceAccountTokenAudience: ""'),
      ['15:36 providers.0.tokenAttributes.serviceAccountTokenAudience must be there'],
    ],
    [
      'that tokens need a kind of cache',
      whole.replace('cacheType: Token', 'cacheType: token'),
      ['16:18 providers.0.tokenAttributes.cacheType must be ServiceAccount or Token'],
    ],
    [
      'that annotations need an account',
      whole.replace('Account: true', 'Account: false'),
      ['18:45 providers.0.tokenAttributes.requiredServiceAccountAnnotationKeys needs requireServiceAccount to be true'],
    ],
    [
      'that a name is none of an annotation',
      whole.replace('[example.com/role]', '[a/b/c]'),
      ['18:46 providers.0.tokenAttributes.requiredServiceAccountAnnotationKeys.0 must be the name of an annotation'],
    ],
    [
      'that an annotation is there twice',
      whole.replace('[example.com/role]', '[a, a]'),
      ['18:49 providers.0.tokenAttributes.requiredServiceAccountAnnotationKeys.1 is there twice'],
    ],
    [
      'that an annotation is both',
      whole.replace('Region', 'role'),
      [
        '19:45 providers.0.tokenAttributes.optionalServiceAccountAnnotationKeys names an annotation that is required as well',
      ],
    ],
    [
      'that it is a list',
      '- a',
      [
        '1:1 must be an object',
        '1:1 kind must be CredentialProviderConfig',
        '1:1 apiVersion must be kubelet.config.k8s.io/v1',
      ],
    ],
    ['that a name is there twice', `${least}  name: q\n`, ['8:3 Map keys must be unique']],
    ['that it begins as JSON and goes on as none', '{} # config', ['1:1 begins as JSON and is none']],
    [
      'everything at once',
      least.replace('name: p', 'name: a/b').replace('"0"', '5').replace('[a.example]', '[]'),
      [
        '4:9 providers.0.name may have no slash and no blank',
        '5:16 providers.0.matchImages must have a pattern at least',
        '6:25 providers.0.defaultCacheDuration must be text',
      ],
    ],
  ])('%s', (_, text, expected) => {
    expect(wrong(text)).toEqual(expected)
  })
})

test('any text is a configuration or has something wrong with it, and throws nothing', () => {
  const hasPlaces = (text: string): boolean =>
    parseProviders(text).problems.every(({ line, column }) => line > 0 && column > 0)
  // Each is parsed as YAML, which costs a millisecond.
  fc.assert(fc.property(fc.oneof(providerConfigText, fc.string({ unit: 'binary' })), hasPlaces), { numRuns: 1000 })
}, 60_000)

test('a file whose aliases multiply is refused at once', () => {
  const bomb = Array.from(
    { length: 20 },
    (_, at) => `a${at}: &a${at} [${`*a${at - 1},`.repeat(at === 0 ? 0 : 9)}]`,
  ).join('\n')
  expect(wrong(`${bomb}\n`).length).toBeGreaterThan(0)
})

describe('a path', () => {
  const named = (name: string) => least.replace('name: p', `name: ${name}`)
  const loaded = async (path: string): Promise<string> => {
    const result = await loadProviders(path)
    if (result.ok) return result.value.map(({ name }) => name).join(' ')
    return result.error.map(({ file, line, what }) => `${file.replace(path, '')}:${line ?? ''} ${what}`).join('; ')
  }

  test('of a file is that file', async () => {
    const file = join(await directoryForTest(), 'anything')
    await writeFile(file, least)
    expect(await loaded(file)).toBe('p')
  })

  test('of a directory is its files in the order of their names', async () => {
    const directory = await directoryForTest()
    await mkdir(join(directory, 'c.yaml'))
    for (const [file, name] of [
      ['b.yml', 'b'],
      ['a.yaml', 'a'],
      ['B.json', 'c'],
      ['d.conf', 'd'],
      ['e.YAML', 'e'],
    ] as const)
      await writeFile(join(directory, file), named(name))
    expect(await loaded(directory)).toBe('c a b')
  })

  test('of a directory may name a provider once alone, and says what is wrong in each file', async () => {
    const directory = await directoryForTest()
    await writeFile(join(directory, 'a.yaml'), named('p'))
    await writeFile(join(directory, 'b.yaml'), named('p'))
    await writeFile(join(directory, 'c.yaml'), 'kind: x')
    expect(await loaded(directory)).toBe(
      '/c.yaml:1 kind must be CredentialProviderConfig; /c.yaml:1 apiVersion must be kubelet.config.k8s.io/v1; : names the provider p twice',
    )
  })

  test('that has nothing to read is said to be so', async () => {
    const directory = await directoryForTest()
    expect(await loaded(directory)).toBe(': holds no *.json, *.yaml or *.yml')
    expect(await loaded(join(directory, 'missing'))).toBe(': cannot be read: ENOENT')
    await writeFile(join(directory, 'a.yaml'), 'apiVersion: kubelet.config.k8s.io/v1\nkind: CredentialProviderConfig\n')
    expect(await loaded(directory)).toBe(': must name a provider at least')
  })
})
