import { describe, expect, test } from 'vitest'
import { type Origin, trustedOptions } from '../../src/config/origin.ts'
import { readConfiguration } from '../../src/config/read.ts'

/** Complaints as they are printed, or `valid`. */
const complaintsOn = (text: string, origin: Origin = 'named'): readonly string[] => {
  const read = readConfiguration(text, origin)
  if (read.ok) return ['valid']
  return read.error.map(({ line, column, path, what }) => `${line}:${column}: ${path}: ${what}`)
}

const readValue = (text: string) => {
  const read = readConfiguration(text)
  if (!read.ok) throw new Error(JSON.stringify(read.error))
  return read.value
}

describe('a configuration', () => {
  test('that says nothing has every default', () => {
    const cloud = expect.arrayContaining(['*.dkr.ecr.*.amazonaws.com', '*.pkg.dev', '*.azurecr.io'])
    const defaults = {
      mode: 'enforce',
      policy: {},
      owned: 'warn',
      templates: 'enforce',
      ignoreImages: [],
      platforms: 'nodes',
      nodeStatusMaxImages: 50,
      kinds: [],
      registries: { certsDir: [], ca: [], refuseAddresses: [], allowAddresses: [], maxConnections: 8, hosts: {} },
      credentials: { nodesMayHave: cloud },
      cache: { foundSeconds: 60, absentSeconds: 5, entries: 100_000 },
      serve: {
        ...{ timeoutSeconds: 5, reserveMs: 500, drainSeconds: 95, events: true },
        ...{ certificates: 'self', clientNames: ['kube-apiserver'] },
      },
    }
    for (const text of ['', '# nothing\n', '{}', '---\n', 'null', '\ufeff'])
      expect(readValue(text), JSON.stringify(text)).toEqual(defaults)
  })

  test('that says a part of a group has the defaults of the rest', () => {
    expect(readValue('registries: { hosts: { ghcr.io: { maxConnections: 4 } }, ca: [a.pem] }').registries).toEqual({
      certsDir: [],
      ca: ['a.pem'],
      refuseAddresses: [],
      allowAddresses: [],
      maxConnections: 8,
      hosts: { 'ghcr.io': { maxConnections: 4 } },
    })
  })

  test('with a key whose value was commented out is as if it did not say it', () => {
    expect(readValue('mode:\nregistries:\n  # ca: [a.pem]\ncache:\n  entries:\n')).toEqual(readValue(''))
  })

  test('of all options is read, in YAML', () => {
    const read = readValue(`
mode: enforce
policy: { not-found: deny, rate-limited: warn }
owned: warn
templates: enforce
ignoreImages: ["localhost:*/*"]
platforms: [linux/amd64, linux/arm64]
registries:
  certsDir: [/etc/pullgate/certs.d]
  refuseAddresses: [10.96.0.0/12, 10.244.0.0/16]
  allowAddresses: [10.96.40.7]
  hosts: { ghcr.io: { maxConnections: 4 } }
credentials:
  dockerConfig: /etc/pullgate/config.json
  providers: { config: /etc/pullgate/providers.yaml, binDir: /plugins }
  nodesMayHave: ["*.dkr.ecr.*.amazonaws.com", "*.pkg.dev", "*.azurecr.io"]
serve: { timeoutSeconds: 5, reserveMs: 500 }
cache: { foundSeconds: 60, absentSeconds: 5, entries: 100000 }
`)
    expect(read.registries.hosts).toEqual({ 'ghcr.io': { maxConnections: 4 } })
    expect(read.credentials.providers).toEqual({ config: '/etc/pullgate/providers.yaml', binDir: '/plugins' })
  })

  test('in JSON, with tabs, is the same as in YAML', () => {
    const json = '{\n\t"mode": "warn",\n\t"platforms": [\n\t\t"linux/amd64"\n\t],\n\t"cache": { "entries": 7 }\n}\n'
    expect(readValue(json)).toEqual(readValue('mode: warn\nplatforms: [linux/amd64]\ncache: { entries: 7 }'))
  })

  test('with several mistakes has them all told at once, each with its line and column', () => {
    const text = `mode: enforced
polciy: {}
policy:
  not-fond: deny
registries:
  maxConnections: "8"
  refuseAddresses:
    - 10.96.0.0/33
`
    expect(complaintsOn(text)).toEqual([
      '1:7: mode: "enforced" is none of enforce, warn, audit, off; did you mean enforce?',
      '2:1: polciy: there is no option "polciy"; did you mean policy?',
      '4:3: policy.not-fond: there is no option "not-fond"; did you mean not-found?',
      '6:19: registries.maxConnections: "8" is not a whole number',
      '8:7: registries.refuseAddresses[0]: "10.96.0.0/33" has a prefix length that is not within 0 to 32',
    ])
  })
})

describe('a complaint is made, at its place, of', () => {
  const noList = 'is neither "nodes" nor "any" nor a list'
  test.each<[string, string, readonly string[]]>([
    ['another type', 'ignoreImages: nginx', ['1:15: ignoreImages: "nginx" is not a list']],
    ['a number for text', 'ignoreImages: [1.2]', ['1:16: ignoreImages[0]: 1.2 is not text: put it in quotes']],
    ['text for a group', 'serve: 5', ['1:8: serve: 5 is not a group of options']],
    ['a list for everything', '- mode: off', ['1:1: : a list is not a group of options']],
    ['one word for everything', 'enforce', ['1:1: : "enforce" is not a group of options']],
    ['too little', 'cache: { entries: 0 }', ['1:19: cache.entries: 0 is below 1']],
    ['too much', 'serve: { timeoutSeconds: 31 }', ['1:26: serve.timeoutSeconds: 31 is above 30']],
    ['a fraction', 'cache: { entries: 1.5 }', ['1:19: cache.entries: 1.5 is not a whole number']],
    ['no number', 'cache: { entries: .inf }', ['1:19: cache.entries: Infinity is not a whole number']],
    ['a switch of YAML 1.1', '%YAML 1.1\n---\nmode: off', ['valid']],
    ['one platform', 'platforms: linux/amd64', [`1:12: platforms: "linux/amd64" ${noList}`]],
    ['no platforms', 'platforms: []', ['1:12: platforms: the list is empty']],
    [
      'a platform that is none',
      'platforms: [linux/amd64, a/b/c/d]',
      ['1:26: platforms[1]: "a/b/c/d" is not a platform such as linux/amd64: it has more than three parts'],
    ],
    [
      'a host with a scheme',
      'registries: { hosts: { "https://ghcr.io": { maxConnections: 1 } } }',
      [
        '1:24: registries.hosts["https://ghcr.io"]: "https://ghcr.io" is not a host such as ghcr.io or registry.example:5000',
      ],
    ],
    [
      'an option of a host that there is not',
      'registries: { hosts: { ghcr.io: { maxConnections: 1, maxConnection: 1 } } }',
      [
        '1:54: registries.hosts["ghcr.io"].maxConnection: there is no option "maxConnection"; did you mean maxConnections?',
      ],
    ],
    [
      'a part that is missing',
      'credentials:\n  providers: { config: a }',
      ['2:14: credentials.providers: binDir is missing'],
    ],
    [
      'an image with a star',
      'serve: {testImage: "ghcr.io/shop/*"}',
      [
        '1:20: serve.testImage: "ghcr.io/shop/*" is not an image reference: a repository name has only a-z, 0-9, ".", "_", "-" and "/"',
      ],
    ],
    [
      'a pattern with a blank',
      'ignoreImages: ["a b"]',
      ['1:16: ignoreImages[0]: "a b" is not a pattern such as ghcr.io/shop/*'],
    ],
    ['an empty path', 'registries: { ca: [""] }', ['1:20: registries.ca[0]: "" is not the path of a file']],
    [
      'a place with a scheme',
      'credentials: { nodesMayHave: ["https://a.io"] }',
      ['1:31: credentials.nodesMayHave[0]: "https://a.io" is not a pattern such as *.example.com'],
    ],
    [
      'no time left',
      'serve:\n  reserveMs: 1000\n  timeoutSeconds: 1',
      ['2:3: serve.reserveMs: of 1 s it leaves no time to ask anybody'],
    ],
    [
      'two container runtimes on one node',
      'registries:\n  certsDir: [a]\n  registriesYaml: b',
      [
        '3:3: registries.registriesYaml: certsDir, registriesConf and registriesYaml exclude each other: a node has one container runtime',
      ],
    ],
    ['a key twice', 'mode: off\nmode: warn', ['2:1: mode: "mode" stands here twice']],
    ['a key twice, in JSON', '{"mode": "off", "mode": "warn"}', ['1:17: mode: "mode" stands here twice']],
    ['a key that is a list', '[mode]: off', ['1:1: : a key has to be text']],
    ['an alias', 'mode: &m off\nowned: *m', ['2:8: owned: aliases are not followed: write it out']],
    ['a tag', 'mode: !secret off', ['1:7: : unresolved tag: !secret']],
    [
      'a second document',
      'mode: off\n---\nmode: warn',
      ['2:1: : a second document begins: one file is one configuration'],
    ],
    ['a tab', 'cache:\n\tentries: 1', ['2:1: : tabs are not allowed as indentation']],
    [
      'several mistakes in the YAML',
      'mode: off\n  owned: warn\nplatforms: [a\ncache: }\ncache: {}',
      expect.arrayContaining([
        expect.stringMatching(/^1:7: : nested mappings/),
        expect.stringMatching(/^4:1: : flow sequence .* end with a \]/),
      ]),
    ],
    [
      'options that stand in different columns',
      'registries:\n    ca: []\n  certsDir: []\nserve:\n   timeoutSeconds: 5\n  reserveMs: 1\n',
      [
        '3:1: : all mapping items must start at the same column',
        '6:1: : all mapping items must start at the same column',
      ],
    ],
  ])('%s', (_, text, complaints) => {
    expect(complaintsOn(text)).toEqual(complaints)
  })

  test('a character that a terminal would obey, spelled out', () => {
    const [complaint = ''] = complaintsOn('"a\\e[2J\\u202e": 1')
    expect(complaint).toBe('1:1: ["a\\u{1b}[2J\\u{202e}"]: there is no option "a\\u{1b}[2J\\u{202e}"')
  })

  test('a thousand mistakes, of which a hundred are told', () => {
    const complaints = complaintsOn(Array.from({ length: 1000 }, (_, index) => `k${index}: 1\n`).join(''))
    expect(complaints).toHaveLength(101)
    expect(complaints.at(-1)).toBe('100:1: : and 900 more complaints')
  })
})

describe('keys that mean something to JavaScript', () => {
  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('%s is no option anywhere', key => {
    const text = `"${key}": { mode: off }\npolicy: { "${key}": deny }\nregistries: { hosts: { "${key}": { "${key}": 1 } } }`
    const complaints = complaintsOn(text)
    expect(complaints).toContainEqual(expect.stringContaining(`: there is no option "${key}"`))
    expect(complaints.filter(each => each.startsWith('1:1:') || each.startsWith('2:11:'))).toHaveLength(2)
    expect(complaints.some(each => each.startsWith('3:'))).toBe(true)
    expect(({} as Record<string, unknown>)['mode']).toBeUndefined()
  })

  test('are no defaults of what is left out', () => {
    const read = readConfiguration('{"__proto__": {"mode": "off"}}')
    expect(read.ok).toBe(false)
    expect(readValue('').mode).toBe('enforce')
  })
})

describe('a text that is made to hurt ends in a complaint, soon:', () => {
  const lines = (count: number, line: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => line(index)).join('')
  const bomb = `a: &a [x, x]\n${lines(30, index => `${'b'.repeat(index + 1)}: &n${index} [*a, *a]\n`)}`

  test.each<[string, string, RegExp]>([
    ['more than 1 MiB', ' '.repeat(1024 * 1024 + 1), /larger than 1 MiB/],
    ['more than 1 MiB of few characters', `# ${'ä'.repeat(600_000)}`, /larger than 1 MiB/],
    ['20,000 lists in one another', '['.repeat(20_000), /nested deeper/],
    ['20,000 lists in one another that end', '['.repeat(20_000) + ']'.repeat(20_000), /nested deeper/],
    ['20,000 groups in one another', '{a: '.repeat(20_000), /nested deeper|more than/],
    ['20,000 items in one another', `${'- '.repeat(20_000)}a`, /nested deeper/],
    ['20,000 complex keys in one another', '? '.repeat(20_000), /nested deeper/],
    ['a million closing braces', '}'.repeat(1_000_000), /more than 50000/],
    ['a million quotes', '"'.repeat(1_000_000), /more than 50000/],
    ['half a million bad escapes', `"${'\\q'.repeat(500_000)}"`, /longer than/],
    ['a hundred thousand keys', lines(100_000, index => `k${index}: 1\n`), /more than 50000/],
    ['a key of a megabyte', `${'k'.repeat(1_000_000)}: 1`, /longer than/],
    ['aliases of aliases', bomb, /aliases are not followed|there is no option/],
  ])('%s', (_, text, complaint) => {
    expect(complaintsOn(text).join('\n')).toMatch(complaint)
  })
})

describe('a file that was only found', () => {
  const said = `
mode: warn
registries:
  certsDir: [a]
  registriesConf: b
  registriesYaml: c
  ca: [d]
  allowAddresses: [127.0.0.1]
credentials:
  dockerConfig: e
  providers: { config: f, binDir: g }
`
  test('may not say which programs run, who gets passwords, and which doors are open', () => {
    const complaints = complaintsOn(said, 'found').filter(each => each.includes('named with --config'))
    expect(complaints).toHaveLength(trustedOptions.length)
    for (const option of trustedOptions) expect(complaints.join('\n')).toContain(`: ${option}: only a file`)
  })

  test('may say everything else', () => {
    expect(complaintsOn('mode: warn\nregistries: { refuseAddresses: [10.0.0.0/8] }', 'found')).toEqual(['valid'])
  })
})
