import fc from 'fast-check'
import { stringify } from 'yaml'

// Little else than what a provider's file or answer may hold, with something odd put in the place of one value now and then.

type Value = unknown

const odd: fc.Arbitrary<Value> = fc.constantFrom(
  null,
  5,
  -1,
  true,
  '',
  'x',
  [],
  {},
  ['a'],
  { a: 1 },
  'a b',
  [null],
  '/',
)

/** The value, with one odd value in the place of one of its own, or a field more, or a field less. */
const twisted = (value: Value, at: number, strange: Value, how: number): Value => {
  if (Array.isArray(value) && value.length > 0 && how !== 0) {
    const place = at % value.length
    return value.map((element, index) => (index === place ? twisted(element, at >> 2, strange, how) : element))
  }
  if (typeof value === 'object' && value !== null && how !== 1) {
    const names = Object.keys(value)
    const name = names[at % Math.max(names.length, 1)] ?? 'x'
    const entries = Object.entries(value)
    if (how === 2) return Object.fromEntries(entries.filter(([other]) => other !== name))
    if (how === 3) return { ...value, extra: strange }
    if (how === 4)
      return Object.fromEntries(entries.map(([other, its]) => [other === name ? other.toUpperCase() : other, its]))
    return Object.fromEntries(
      entries.map(([other, its]) => [other, other === name ? twisted(its, at >> 2, strange, how) : its]),
    )
  }
  return strange
}

const sometimesTwisted = (values: fc.Arbitrary<Value>): fc.Arbitrary<Value> =>
  fc
    .tuple(values, fc.nat({ max: 4000 }), odd, fc.nat({ max: 18 }))
    .map(([value, at, strange, how]) => (how < 7 ? twisted(value, at, strange, how) : value))

const duration = fc.constantFrom(
  '0s',
  '12h',
  '1m30s',
  '1.5h',
  '0',
  '90s',
  '1h',
  '300ms',
  '24h0m0s',
  '-1s',
  '1d',
  '5',
  '1 h',
  '-0s',
)
const soundDuration = fc.constantFrom('0s', '12h', '1m30s', '1.5h', '0', '90s')

const annotation = fc.constantFrom(
  ...['example.com/role', 'role', 'Example.com/Role', 'a/b', 'eks.amazonaws.com/role-arn', 'x'.repeat(63)],
)
const oddAnnotation = fc.constantFrom(
  'a/b/c',
  '/b',
  'a/',
  '-a',
  'a-',
  'a_b.c',
  'x'.repeat(64),
  `${'y'.repeat(254)}/b`,
  'a..b/c',
  '',
  'ä',
)
const annotations = fc.uniqueArray(
  fc.oneof({ arbitrary: annotation, weight: 30 }, { arbitrary: oddAnnotation, weight: 1 }),
  { maxLength: 2 },
)

const token = fc.record(
  {
    serviceAccountTokenAudience: fc.constantFrom(...Array(20).fill('aud'), ''),
    cacheType: fc.constantFrom(...Array(10).fill('Token'), ...Array(10).fill('ServiceAccount'), 'token', ''),
    requireServiceAccount: fc.constantFrom(...Array(8).fill(true), false),
    requiredServiceAccountAnnotationKeys: annotations,
    optionalServiceAccountAnnotationKeys: annotations,
  },
  { requiredKeys: ['serviceAccountTokenAudience', 'cacheType', 'requireServiceAccount'] },
)

const version = 'credentialprovider.kubelet.k8s.io/v1'
const provider = (index: number) =>
  fc.record(
    {
      name: fc.constantFrom(...Array(50).fill(`p${index}`), `ecr-${index}.exe`, 'p', 'a/b', 'a b', '..'),
      matchImages: fc.array(
        fc.constantFrom(
          '*.example.com',
          'a.b:5000/c',
          '*',
          '*.*.dkr.ecr.*.amazonaws.com',
          '*.io/x',
          '',
          'http://a',
          ...Array(50).fill('a.b'),
          'a:b',
          '%zz',
        ),
        { minLength: 1, maxLength: 2 },
      ),
      defaultCacheDuration: fc.oneof({ arbitrary: soundDuration, weight: 8 }, { arbitrary: duration, weight: 1 }),
      apiVersion: fc.constantFrom(...Array(16).fill(version), `${version}beta1`, `${version}alpha1`, 'v1'),
      args: fc.array(fc.constantFrom('get-credentials', '--x', ''), { maxLength: 2 }),
      env: fc.array(fc.record({ name: fc.constantFrom('A', 'B'), value: fc.constantFrom('x', '', 'y=z') }), {
        maxLength: 2,
      }),
      tokenAttributes: token,
    },
    { requiredKeys: ['name', 'matchImages', 'defaultCacheDuration', 'apiVersion'] },
  )

const config = fc.record({
  apiVersion: fc.constantFrom(
    ...Array(30).fill('kubelet.config.k8s.io/v1'),
    'kubelet.config.k8s.io/v1beta1',
    'kubelet.config.k8s.io/v1alpha1',
    'v1',
  ),
  kind: fc.constantFrom(...Array(20).fill('CredentialProviderConfig'), 'Config'),
  providers: fc.oneof(
    { arbitrary: provider(0).map(one => [one]), weight: 12 },
    { arbitrary: fc.tuple(provider(0), provider(1)), weight: 4 },
    { arbitrary: fc.constant([]), weight: 1 },
  ),
})

const damaged = (texts: fc.Arbitrary<string>, strange: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(texts, fc.nat({ max: 60 }), fc.nat({ max: 2000 }), fc.constantFrom(...strange))
    .map(([text, how, at, word]) => {
      const place = at % (text.length + 1)
      if (how === 0) return text.slice(0, place)
      if (how === 1) return text.slice(0, place) + word + text.slice(place)
      return how === 2 ? text + word : text
    })

const written = (configs: fc.Arbitrary<Value>): fc.Arbitrary<string> =>
  fc.tuple(configs, fc.nat({ max: 3 })).map(([value, how]) => {
    if (how === 0) return JSON.stringify(value)
    if (how === 1) return JSON.stringify(value, null, 2)
    return stringify(value)
  })

/** CredentialProviderConfigs in YAML and JSON, of the right shape, though not all of them sound. */
export const wellFormedConfigText: fc.Arbitrary<string> = written(config)

/** CredentialProviderConfigs in YAML and JSON. */
export const providerConfigText: fc.Arbitrary<string> = damaged(written(sometimesTwisted(config)), [
  '\n---\n',
  '\n',
  ' ',
  '# x\n',
  '\t',
  '{',
  '}',
  ',',
  '"',
  '- ',
  ': ',
  '\0',
  'x: 1\n',
  '\u00e4',
  '\n...\n',
  'a',
])

const login = fc.record({
  username: fc.constantFrom('u', 'AWS', '', 'ü'),
  password: fc.constantFrom('p', '', 'x\ny', '😀'),
})

const answer = fc.record(
  {
    kind: fc.constantFrom(...Array(30).fill('CredentialProviderResponse'), 'Response'),
    apiVersion: fc.constantFrom(...Array(30).fill(version), `${version}beta1`, 'v1'),
    cacheKeyType: fc.constantFrom(
      'Image',
      'Registry',
      'Global',
      'Image',
      'Registry',
      'Global',
      'Image',
      'Registry',
      'Global',
      'image',
    ),
    cacheDuration: fc.constantFrom('0s', '0', '0h', '0s', '0', '0h', '-1h', '1d', '5'),
    auth: fc.dictionary(
      fc.constantFrom(
        '*.example.com',
        'a.example.com',
        'a.example.com/team',
        'b.example.com',
        'a b',
        'https://a.example.com/v1/',
      ),
      login,
      { maxKeys: 3 },
    ),
  },
  { requiredKeys: ['kind', 'apiVersion', 'cacheKeyType'] },
)

/** CredentialProviderResponses, none of which is to be kept. */
export const providerAnswerText: fc.Arbitrary<string> = damaged(
  fc.tuple(sometimesTwisted(answer), fc.nat({ max: 20 })).map(([value, how]) => {
    const text = JSON.stringify(value, null, how % 3)
    if (how === 4) return text.replace('"username"', '"username":"v","username"')
    if (how === 5) return text.replace('"kind"', '"kind":"CredentialProviderResponse","kind"')
    if (how === 6) return text.replace('"kind"', '"Kind"')
    return how === 7 ? stringify(value) : text
  }),
  ['\n', ' ', '\0', '{}', ',', '"', 'x', '\ufeff', '}'],
)
