import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatReference, parseReference } from '../../../../src/image/reference.ts'
import type { ShortNameMode } from '../../../../src/registry/hosts/conf/registries-conf.ts'
import { isShortName, shortNameCandidates } from '../../../../src/registry/hosts/conf/short-name.ts'
import { confOf } from './conf-of.ts'

const digest = `@sha256:${'d'.repeat(64)}`
const aliases = '[aliases]\ntool = "docker.io/foo"\n"quay/foo" = "quay.io/library/foo"\nempty = ""\n'

const told = (text: string, written: string): readonly string[] | string => {
  const found = shortNameCandidates(confOf(text), written)
  if (found.ok) return found.value.map(formatReference)
  const { error } = found
  return error.kind === 'ambiguous' ? `ambiguous ${error.candidates.map(formatReference).join(' ')}` : error.kind
}

describe('a short name', () => {
  test.each<[written: string, expected: boolean]>([
    ['fedora', true],
    ['fedora:latest', true],
    ['library/fedora:latest', true],
    [`busybox${digest}`, true],
    [`busybox:latest${digest}`, true],
    ['host/image', true],
    ['my_host.example/image', true],
    ['quay.io/fedora', false],
    ['docker.io/library/fedora', false],
    ['localhost/fedora', false],
    ['registry:1234/fedora:latest', false],
    ['', false],
    ['$$$', false],
  ])('%s: %s', (written, expected) => expect(isShortName(written)).toBe(expected))
})

describe('by the file, ', () => {
  const search = (...hosts: readonly string[]) => `unqualified-search-registries = ${JSON.stringify(hosts)}\n`
  test.each<[why: string, text: string, written: string, expected: readonly string[] | string]>([
    ['a name with a registry stands for itself', search('a.b'), 'quay.io/x', ['quay.io/x:latest']],
    ['one of Docker Hub too', search('a.b'), 'docker.io/x:1', ['docker.io/library/x:1']],
    ['an alias stands for a name', aliases, 'tool', ['docker.io/library/foo:latest']],
    ['a tag stays', aliases, 'tool:1', ['docker.io/library/foo:1']],
    ['a digest stays', aliases, `tool${digest}`, [`docker.io/library/foo${digest}`]],
    ['a digest stays without its tag', aliases, `tool:1${digest}`, [`docker.io/library/foo${digest}`]],
    ['an alias may have a path', aliases, 'quay/foo:1', ['quay.io/library/foo:1']],
    ['no alias is a part of another name', aliases, 'library/tool', 'no-search-registry'],
    ['an alias goes before any registry', search('a.b', 'c.d') + aliases, 'tool', ['docker.io/library/foo:latest']],
    ['an alias of nothing is none', search('a.b') + aliases, 'empty', ['a.b/empty:latest']],
    ['Docker Hub is not taken for granted', '', 'nginx', 'no-search-registry'],
    ['nor where no registry is to complete names', search(), 'nginx', 'no-search-registry'],
    ['one registry completes it', search('a.b'), 'x/nginx:1', ['a.b/x/nginx:1']],
    ['Docker Hub completes it by its own rule', search('docker.io'), 'nginx', ['docker.io/library/nginx:latest']],
    ['several are tried in turn', search('a.b', 'c.d'), 'nginx', ['a.b/nginx:latest', 'c.d/nginx:latest']],
    ['capital letters make no registry, and no repository', search('a.b'), 'MyUser/x', 'no-such-name'],
    ['not even those of the registry', search('Mirror'), 'x', 'no-such-name'],
    ['what is no reference stands for nothing', search('a.b'), 'a b', 'not-a-reference'],
    ['nor does what is none with a registry', search('a.b'), 'a.b/X', 'not-a-reference'],
  ])('%s', (_why, text, written, expected) => expect(told(text, written)).toEqual(expected))

  test.each<[mode: ShortNameMode, expected: readonly string[] | string]>([
    ['disabled', ['a.b/x:latest', 'c.d/x:latest']],
    ['permissive', ['a.b/x:latest', 'c.d/x:latest']],
    ['enforcing', 'ambiguous a.b/x:latest c.d/x:latest'],
  ])('%s decides about several registries', (mode, expected) => {
    const conf = (...hosts: readonly string[]) => `${search(...hosts)}short-name-mode = "${mode}"\n`
    expect(told(conf('a.b', 'c.d'), 'x')).toEqual(expected)
    expect(told(conf('a.b'), 'x')).toEqual(['a.b/x:latest'])
    expect(told(conf('a.b', 'c.d') + aliases, 'tool')).toEqual(['docker.io/library/foo:latest'])
  })
})

test('whatever is written, each candidate is a whole reference', () => {
  const conf = confOf(`unqualified-search-registries = ["a.b", "docker.io", "c"]\n${aliases}`)
  const part = fc.constantFrom(
    'a',
    'tool',
    '.',
    '/',
    ':',
    '@',
    'sha256:',
    'f'.repeat(64),
    'B',
    '_',
    '-',
    '1',
    ' ',
    '\u00e9',
  )
  const written = fc.array(part, { maxLength: 7 }).map(parts => parts.join(''))
  fc.assert(
    fc.property(written, text => {
      const found = shortNameCandidates(conf, text)
      return (found.ok ? found.value : []).every(each => parseReference(formatReference(each)).ok)
    }),
    { numRuns: 20_000 },
  )
})
