import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseRegistriesConf } from '../../../../src/registry/hosts/conf/parse-registries-conf.ts'
import type { ConfRegistry, RegistriesConf } from '../../../../src/registry/hosts/conf/registries-conf.ts'
import type { HostsProblem } from '../../../../src/registry/hosts/hosts-toml.ts'
import { processorClock } from '../../../support/processor-clock.ts'

const registrySaid = ({ prefix, location, insecure, blocked, mirrors }: ConfRegistry): string =>
  [
    `${prefix} = ${location}${insecure ? ' insecure' : ''}${blocked ? ' blocked' : ''}`,
    ...mirrors.map(each => `${each.location} ${each.use}${each.insecure ? ' insecure' : ''}`),
  ].join(', ')

const said = ({ registries, searchRegistries, shortNameMode, aliases }: RegistriesConf): readonly string[] => [
  ...registries.map(registrySaid),
  ...(searchRegistries === undefined ? [] : [`search ${searchRegistries.join()}`]),
  ...(shortNameMode === undefined ? [] : [shortNameMode]),
  ...[...aliases].map(
    ([name, full]) => `${name} -> ${full === undefined ? '' : `${full.registry}/${full.repository}`}`,
  ),
]

const documented = `
unqualified-search-registries = ["registry.example", "docker.io/"]
short-name-mode = "enforcing"
credential-helpers = ["containers-auth.json"]

[aliases]
"tool" = "quay.example/team/tool"
"team/nginx" = "docker.io/nginx"
gone = ""

[[registry]]
prefix = "example.com/foo/"
insecure = false
blocked = false
location = "internal.example/bar"
[[registry.mirror]]
location = "mirror-0.example/copy"
[[registry.mirror]]
location = "mirror-1.example/copy"
insecure = true
pull-from-mirror = "digest-only"
[[registry.mirror]]
location = "mirror-2.example"
pull-from-mirror = "tag-only"
[[registry]]
prefix = "*.wild.example"
blocked = true
[[registry]]
location = "a.example:5000//"
mirror-by-digest-only = true
[[registry.mirror]]
location = "m.example"
`

describe('a good registries.conf says', () => {
  test.each<[why: string, text: string, expected: readonly string[]]>([
    [
      'all of what is documented, its registries by their prefixes',
      documented,
      [
        '*.wild.example =  blocked',
        'a.example:5000 = a.example:5000, m.example digest',
        'example.com/foo = internal.example/bar, mirror-0.example/copy all, mirror-1.example/copy digest insecure, mirror-2.example tag',
        'search registry.example,docker.io',
        'enforcing',
        'tool -> quay.example/team/tool',
        'team/nginx -> docker.io/library/nginx',
        'gone -> ',
      ],
    ],
    ['nothing, when it is blank', '', []],
    ['nothing by fields that it does not know', 'x = 1\n[[registry]]\nlocation = "a.b"\ny = [1]', ['a.b = a.b']],
    ['that no registry completes a name', 'unqualified-search-registries = []', ['search ']],
    ['the same behind a byte order mark', '\ufeffshort-name-mode = "disabled"', ['disabled']],
    ['its fields in any case', '[[Registry]]\nLOCATION = "a.b"\nInsecure = true', ['a.b = a.b insecure']],
    ['a blank prefix as none', '[[registry]]\nprefix = ""\nlocation = "a.b"', ['a.b = a.b']],
    [
      'the first of two with one prefix',
      two('prefix = "p.b"\nlocation = "a.b"', 'prefix = "p.b"\nlocation = "c.d"'),
      ['p.b = a.b'],
    ],
    [
      'a table of registries in brackets',
      'registry = [{ location = "a.b", mirror = [{ location = "m.b" }] }]',
      ['a.b = a.b, m.b all'],
    ],
    ['mirrors that say that all may be pulled', mirror('pull-from-mirror = "all"'), ['a.b = a.b, m.b all']],
    ['nothing of the old version where its lists are missing', '[registries]\n[registries.search]', []],
  ])('%s', (_why, text, expected) => {
    const conf = parseRegistriesConf(text)
    expect(conf.ok ? said(conf.value) : conf.error).toEqual(expected)
  })
})

function two(one: string, other: string): string {
  return `[[registry]]\n${one}\n[[registry]]\n${other}`
}

function mirror(more: string, registry = ''): string {
  return `[[registry]]\nlocation = "a.b"\n${registry}\n[[registry.mirror]]\nlocation = "m.b"\n${more}`
}

describe('a registries.conf is broken', () => {
  test.each<[why: string, text: string, at: string, what: string]>([
    ['where it is not TOML', 'x = \n', '1:5', 'invalid value'],
    ['where a location has a scheme', '[[registry]]\nlocation = "http://a"', '2:1', 'no scheme'],
    ['where a prefix has one', '[[registry]]\nlocation = "a"\nprefix = "https://a"', '3:1', 'no scheme'],
    ['where a mirror has one', mirror('').replace('"m.b"', '"http://m.b"'), '5:1', 'no scheme'],
    ['where a search registry has one', 'unqualified-search-registries = ["https://a"]', '1:1', 'no scheme'],
    ['where a search registry has a path', '\nunqualified-search-registries = ["a.b/c"]', '2:1', 'each without a path'],
    ['where a search registry is blank', 'unqualified-search-registries = [""]', '1:1', 'each without a path'],
    [
      'where a registry has no name at all',
      two('location = "a.b"', 'insecure = true'),
      '3:1',
      'a location or a prefix',
    ],
    ['where a prefix has no location', '[[registry]]\nprefix = "a.b"', '1:1', 'must have a location, unless'],
    ['where a wild prefix has a path', '[[registry]]\nprefix = "*.a.b/c"', '2:1', 'a host alone'],
    ['where a wild prefix has a port', '[[registry]]\nprefix = "*.a.b:5000"', '2:1', 'a host alone'],
    [
      'where a mirror has no location',
      `${mirror('')}\n[[registry.mirror]]\ninsecure = true`,
      '7:1',
      'a mirror must have a location',
    ],
    [
      'where a mirror is asked for something unknown',
      mirror('pull-from-mirror = "notvalid"'),
      '6:1',
      '"digest-only" or "tag-only"',
    ],
    [
      'where a registry is said to be a mirror',
      two('location = "a.b"', 'location = "c.d"\npull-from-mirror = "all"'),
      '5:1',
      'of a [[registry.mirror]]',
    ],
    [
      'where two ways to choose a mirror meet',
      mirror('pull-from-mirror = "all"', 'mirror-by-digest-only = true'),
      '6:1',
      'exclude each other',
    ],
    [
      'where one location is secure and is not',
      two('location = "a.b"', 'location = "a.b"\ninsecure = true'),
      '3:1',
      'another "insecure"',
    ],
    [
      'where one location is blocked and is not',
      two('location = "a.b"\nprefix="x.b"', 'location = "a.b"\nblocked = true'),
      '4:1',
      'another "blocked"',
    ],
    [
      'where a flag is text',
      '[[registry]]\nlocation = "a.b"\nblocked = "true"',
      '3:1',
      'blocked must be true or false',
    ],
    ['where a text is a number', '[[registry]]\nlocation = 1', '2:1', 'location must be text'],
    ['where registries are one table', '[registry]\nlocation = "a.b"', '1:1', 'a list of tables, [[registry]]'],
    [
      'where mirrors are one table',
      '[[registry]]\nlocation = "a.b"\n[registry.mirror]\nlocation = "m.b"',
      '3:1',
      'a list of tables, [[mirror]]',
    ],
    [
      'where the search registries are one text',
      'unqualified-search-registries = "a"',
      '1:1',
      'must be a list of texts',
    ],
    ['where the mode is none', '\nshort-name-mode = "prompt"', '2:1', '"disabled", "permissive" or "enforcing"'],
    ['where aliases are no table', 'aliases = 1', '1:1', 'aliases must be a table'],
    [
      'where an alias has a tag',
      '[aliases]\nok = "a.b/c"\n"x:1" = "a.b/c"',
      '3:1',
      'without a registry, tag or digest',
    ],
    ['where an alias has a registry', '[aliases]\n"a.b/x" = "a.b/c"', '2:1', 'without a registry, tag or digest'],
    ['where an alias stands for a tag', '[aliases]\nx = "a.b/c:1"', '2:1', 'without a tag or digest'],
    ['where an alias stands for a short name', '[aliases]\nx = "library/c"', '2:1', 'a registry and a repository'],
    ['where an alias stands for an address', '[aliases]\nx = "docker://foo"', '2:1', 'a registry and a repository'],
    ['where an alias stands for a number', '[aliases]\nx = 1', '2:1', 'must stand for text'],
    ['where it is of the first version', '[registries.search]\nregistries = ["docker.io"]', '2:1', 'this is version 1'],
    [
      'where it is of both versions',
      'unqualified-search-registries = []\n[registries.block]\nregistries = []',
      '3:1',
      'this is version 1',
    ],
    [
      'in a mirror between brackets',
      'registry = [{ location = "a.b", mirror = [{ }] }]',
      '1:1',
      'a mirror must have a location',
    ],
  ])('%s', (_why, text, at, what) => {
    const conf = parseRegistriesConf(text)
    if (conf.ok) throw new Error('not broken')
    expect(`${conf.error.line}:${conf.error.column} ${conf.error.what}`).toContain(what)
    expect(`${conf.error.line}:${conf.error.column}`).toBe(at)
  })
})

const word = fc.constantFrom(
  ...'[[registry]]|[[registry.mirror]]|[registry]|[aliases]|[registries.search]|registries = ["a"]|location = "a.b"'.split(
    '|',
  ),
  ...'location = ""|prefix = "*.a"|prefix = "a/b/"|insecure = true|blocked = 1|pull-from-mirror = "all"'.split('|'),
  ...'mirror-by-digest-only = true|unqualified-search-registries = ["a"]|short-name-mode = "x"|x = "a.b/c"|=|"|[|]|#|\u{1f40b}'.split(
    '|',
  ),
)

const isWithin = (text: string, { line, column }: HostsProblem): boolean =>
  column > 0 && column <= (text.split('\n')[line - 1]?.length ?? -1) + 1

describe('whatever stands in it', () => {
  test('a registries.conf is read or broken within its text', () => {
    const text = fc.oneof(
      fc.array(word, { maxLength: 8 }).map(words => words.join('\n')),
      fc.string({ maxLength: 20 }),
    )
    fc.assert(
      fc.property(text, given => {
        const conf = parseRegistriesConf(given)
        return conf.ok || isWithin(given, conf.error)
      }),
      { numRuns: 20_000 },
    )
  }, 30_000)

  test.each<[string, string]>([
    ['slashes', `[[registry]]\nlocation = "${'/'.repeat(1_000_000)}a"`],
    ['registries', '[[registry]]\nlocation="a.b"\n'.repeat(30_000)],
    ['mirrors', `[[registry]]\nlocation="a.b"\n${'[[registry.mirror]]\nlocation="m"\n'.repeat(25_000)}`],
    ['search registries', `unqualified-search-registries = [${'"a.b",'.repeat(150_000)}]`],
    ['brackets', `x = ${'['.repeat(1_000_000)}`],
  ])(
    '1 MiB of %s takes no more than some seconds',
    (_what, text) => {
      const spentMs = processorClock()
      parseRegistriesConf(text)
      expect(spentMs()).toBeLessThan(20_000)
    },
    30_000,
  )
})
