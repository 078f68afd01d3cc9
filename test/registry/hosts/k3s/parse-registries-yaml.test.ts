import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { HostsProblem } from '../../../../src/registry/hosts/hosts-toml.ts'
import { parseRegistriesYaml } from '../../../../src/registry/hosts/k3s/parse-registries-yaml.ts'
import type { RegistriesYaml } from '../../../../src/registry/hosts/k3s/registries-yaml.ts'
import { processorClock } from '../../../support/processor-clock.ts'

const said = ({ mirrors, configs, complaints }: RegistriesYaml): readonly string[] => [
  ...[...mirrors].map(([name, { endpoints, rewrites }]) =>
    [`${name}:`, ...endpoints.map(({ url }) => url), rewrites === undefined ? 'unforeseen' : `${rewrites.length}`].join(
      ' ',
    ),
  ),
  ...[...configs].map(([name, { auth, tls }]) =>
    [
      `${name}:`,
      auth === undefined ? 'nobody' : `${auth.username}/${auth.password}/${auth.auth}/${auth.identityToken}`,
      tls === undefined ? 'plain' : `${tls.caFile}/${tls.certFile}/${tls.keyFile}/${tls.insecureSkipVerify}`,
    ].join(' '),
  ),
  ...complaints.map(({ line, column, what }) => `${line}:${column} ${what}`),
]

const documented = `
mirrors:
  docker.io:
    endpoint:
      - "https://registry.example.com:5000"
      - mirror.example.com
    rewrite:
      "^rancher/(.*)": "mirrorproject/rancher-images/$1"
  "*":
    endpoint: [http://localhost:5000]
configs:
  "registry.example.com:5000":
    auth:
      username: user
      password: 0123
    tls:
      cert_file: /c.pem
      key_file: /k.pem
      ca_file: /ca.pem
      insecure_skip_verify: yes
  other:
    auth: { auth: dTpw, identity_token: abc, token: unknown }
    tls:
`

const many = (count: number) =>
  `a: &a {}\nmirrors:\n${Array.from({ length: count }, (_, index) => `  h${index}: *a\n`).join('')}`

describe('a good registries.yaml says', () => {
  test.each<[why: string, text: string, expected: readonly string[]]>([
    [
      'all of what is documented, its texts as they are written',
      documented,
      [
        'docker.io: https://registry.example.com:5000/v2 https://mirror.example.com/v2 1',
        '*: http://localhost:5000/v2 0',
        'registry.example.com:5000: user/0123// /ca.pem//c.pem//k.pem/true',
        'other: //dTpw/abc plain',
      ],
    ],
    ['nothing, when it is blank', '', []],
    ['nothing, when it holds a comment alone', '# later', []],
    ['nothing by fields that it does not know', 'x: 1\nmirrors: ~\nconfigs:', []],
    ['nothing of a host that is named alone', 'mirrors: {a: }\nconfigs: {b: ~}', ['a: 0', 'b: nobody plain']],
    ['the last of what is said twice', 'mirrors:\n  a: {endpoint: [b]}\n  a: {endpoint: [c]}', ['a: https://c/v2 0']],
    ['both parts of what is said in two', 'mirrors: {a: }\nconfigs: {}\nmirrors: {b: }', ['a: 0', 'b: 0']],
    [
      'what an anchor says again',
      'mirrors:\n  a: &m {endpoint: [b]}\n  c: *m',
      ['a: https://b/v2 0', 'c: https://b/v2 0'],
    ],
    ['what is merged', 'x: &x {endpoint: [b]}\nmirrors:\n  a: {<<: *x, rewrite: {a: b}}', ['a: https://b/v2 1']],
    ['of merged lists the earlier', 'mirrors:\n  a: {<<: [{endpoint: [b]}, {endpoint: [c]}]}', ['a: https://b/v2 0']],
    ['its first document', 'mirrors: {a: }\n---\nmirrors: 1', ['a: 0']],
    ['names that look like numbers', 'mirrors: {1.50: , 0x1: }', ['1.50: 0', '0x1: 0']],
    ['what 100 aliases say', many(100), Array.from({ length: 100 }, (_, index) => `h${index}: 0`)],
    [
      'all but what is passed over',
      'mirrors:\n  a:\n    endpoint:\n    - https://b\n    - "https://c d"\n    rewrite:\n      "(?=x)": y',
      [
        'a: https://b/v2 0',
        '5:7 not a URL, and passed over: invalid character in host name',
        '7:7 not a regular expression to Go, and passed over',
      ],
    ],
    [
      'that a rewrite cannot be foretold',
      'mirrors:\n  a:\n    rewrite:\n      b: c\n      "(.*)*": y',
      ['a: unforeseen', '5:7 a regular expression that is not read here: begin it with ^, and repeat less'],
    ],
  ])('%s', (_why, text, expected) => {
    const yaml = parseRegistriesYaml(text)
    expect(yaml.ok ? said(yaml.value) : yaml.error).toEqual(expected)
  })
})

describe('a registries.yaml is broken', () => {
  test.each<[why: string, text: string, at: string, what: string]>([
    ['where it is not YAML', 'mirrors:\n  a: {', '2:7', 'not YAML: bad indent'],
    ['where a tab is for blanks', 'mirrors:\n\ta: b', '2:1', 'not YAML: tab as indent'],
    ['where it is a list', '- a', '1:1', 'must be a mapping'],
    ['where it is text', 'mirrors', '1:1', 'must be a mapping'],
    ['where mirrors are a list', 'mirrors:\n- a', '2:1', 'must be a mapping'],
    ['where a mirror is text', 'mirrors:\n  a: https://b', '2:6', 'must be a mapping'],
    ['where endpoints are text', 'mirrors:\n  a:\n    endpoint: https://b', '3:15', 'must be a list'],
    ['where an endpoint is a list', 'mirrors: {a: {endpoint: [[b]]}}', '1:26', 'must be text'],
    ['where rewrites are a list', 'mirrors: {a: {rewrite: [b]}}', '1:24', 'must be a mapping'],
    ['where a rewrite is a list', 'mirrors: {a: {rewrite: {b: []}}}', '1:28', 'must be text'],
    ['where a name is a list', 'mirrors: {[a]: b}', '1:11', 'must be text'],
    ['where a name of a file is a mapping', 'configs: {a: {tls: {ca_file: {}}}}', '1:30', 'must be text'],
    ['where a flag is none', 'configs:\n  a:\n    tls: {insecure_skip_verify: 1}', '3:33', 'must be true or false'],
    ['where a flag is quoted', 'configs: {a: {tls: {insecure_skip_verify: "true"}}}', '1:43', 'must be true or false'],
    ['where nothing has that anchor', 'mirrors: *m', '1:10', 'an alias of nothing'],
    ['where an anchor is its own', 'mirrors: {a: &m {<<: *m}}', '1:22', 'more than 100 aliases'],
    ['where text is merged', 'mirrors: {a: {<<: b}}', '1:19', 'merges what is no mapping'],
    ['where more than 100 aliases are', many(101), '103:9', 'more than 100 aliases'],
    ['where it is too long', '#'.repeat(131_073), '1:1', 'longer than 131072 characters'],
  ])('%s', (_why, text, at, what) => {
    const yaml = parseRegistriesYaml(text)
    if (yaml.ok) throw new Error('not broken')
    expect(`${yaml.error.line}:${yaml.error.column} ${yaml.error.what}`).toBe(`${at} ${what}`)
  })

  test('in words that quote nothing of it: a password may stand there', () => {
    for (const text of [
      'password: "s3cr3t',
      'password: s3cr3t: x',
      'a: @s3cr3t',
      's3cr3t\na: b',
      'mirrors: {a: {endpoint: ["https://u:s3cr3t@[b"]}}',
    ]) {
      const yaml = parseRegistriesYaml(text)
      const words = yaml.ok ? yaml.value.complaints : [yaml.error]
      expect(words).toHaveLength(1)
      expect(JSON.stringify(words)).not.toContain('s3cr3t')
    }
  })
})

const word = fc.constantFrom(
  ...'mirrors:|configs:|  a:|  "*":|    endpoint:|    rewrite:|    - https://b|    tls:|    auth:|      x: y|      ca_file: z'.split(
    '|',
  ),
  ...'      insecure_skip_verify: true|&a|*a|  <<: *a|{|}|[|]|,|"|\'|- |? |: |# |---|...|!!x|>|\t|\u{1f40b}|%'.split(
    '|',
  ),
)

const isWithin = (text: string, { line, column }: HostsProblem): boolean =>
  column > 0 && column <= (text.split('\n')[line - 1]?.length ?? -1) + 1

describe('whatever stands in it', () => {
  test('a registries.yaml is read or broken within its text', () => {
    const text = fc.oneof(
      fc.array(word, { maxLength: 9 }).map(words => words.join('\n')),
      fc.array(word, { maxLength: 6 }).map(words => words.join('')),
      fc.string({ maxLength: 20 }),
    )
    fc.assert(
      fc.property(text, given => {
        const yaml = parseRegistriesYaml(given)
        return (yaml.ok ? yaml.value.complaints : [yaml.error]).every(problem => isWithin(given, problem))
      }),
      { numRuns: 20_000 },
    )
  }, 30_000)

  test.each<[string, string]>([
    ['brackets', '['],
    ['quotes', '"'],
    ['endpoints', 'mirrors:\n  a:\n    endpoint: [b]\n'],
  ])(
    'the most of %s takes no more than some seconds',
    (_what, piece) => {
      const spentMs = processorClock()
      parseRegistriesYaml(piece.repeat(131_072 / piece.length))
      expect(spentMs()).toBeLessThan(20_000)
    },
    30_000,
  )

  test('merges that grow a text a hundredfold, and thousands of mistakes, do no harm', () => {
    const hosts = Array.from({ length: 2_000 }, (_, index) => `h${index}: `).join(', ')
    const merges = Array.from({ length: 99 }, () => '*a').join(', ')
    const grown = parseRegistriesYaml(`a: &a {${hosts}}\nmirrors: {<<: [${merges}]}`)
    expect(grown.ok && grown.value.mirrors.size).toBe(2_000)
    const wrong = parseRegistriesYaml(`mirrors: {a: {endpoint: [${'c d,'.repeat(30_000)}]}}`)
    expect(wrong.ok && wrong.value.complaints).toHaveLength(100)
  }, 30_000)

  test('1 MiB of it is refused at once', () => {
    const spentMs = processorClock()
    expect(parseRegistriesYaml('['.repeat(1024 * 1024)).ok).toBe(false)
    expect(spentMs()).toBeLessThan(100)
  })
})
