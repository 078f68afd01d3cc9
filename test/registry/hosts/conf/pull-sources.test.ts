import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseReference } from '../../../../src/image/reference.ts'
import { pullSourcesOf } from '../../../../src/registry/hosts/conf/pull-sources.ts'
import { referenceOf } from '../../../support/reference-of.ts'
import { confOf } from './conf-of.ts'

const digest = `@sha256:${'a'.repeat(64)}`

const told = (conf: string, image: string): readonly string[] | string => {
  const sources = pullSourcesOf(confOf(conf), referenceOf(image))
  if (!sources.ok) return `no such name at "${sources.error.location}"`
  return sources.value.map(({ registry, repository, insecure, blocked, takesCredentials }) =>
    [
      `${registry}/${repository}`,
      insecure ? 'insecure' : '',
      blocked ? 'blocked' : '',
      takesCredentials ? 'credentials' : '',
    ]
      .filter(each => each !== '')
      .join(' '),
  )
}

const entry = (prefix: string, location: string, more = ''): string =>
  `[[registry]]\nprefix = "${prefix}"\nlocation = "${location}"\n${more}\n`
const mirror = (location: string, more = ''): string => `[[registry.mirror]]\nlocation = "${location}"\n${more}\n`

describe('the name is made of the location and what the prefix leaves', () => {
  test.each<[image: string, prefix: string, location: string, expected: string]>([
    ['example.com/image:1', 'example.com', 'example.com', 'example.com/image credentials'],
    ['example.com/foo/image:1', 'example.com/foo', 'example.com', 'example.com/image credentials'],
    ['example.com/foo/image:1', 'example.com/foo', 'example.com/path', 'example.com/path/image credentials'],
    [`example.com/foo/image${digest}`, 'example.com/foo', 'a.b', 'a.b/image'],
    ['example.com/foo:1', 'example.com/foo', 'a.b/c', 'a.b/c'],
    ['nginx:1', 'docker.io/library', 'example.com', 'example.com/nginx'],
    ['nginx:1', 'docker.io', 'example.com', 'example.com/library/nginx'],
    ['nginx:1', 'docker.io', 'localhost:5000/hub', 'localhost:5000/hub/library/nginx'],
    ['foo.bar.io/ns/x:1', '*.bar.io', 'a.b/c', 'a.b/c/ns/x'],
    ['sub.example.io:5000/x:1', '*.example.io', 'a.b', 'a.b:5000/x'],
    ['sub.example.io:5000/x:1', '*.example.io', '', 'sub.example.io:5000/x credentials'],
  ])('%s, %s = %s: %s', (image, prefix, location, expected) =>
    expect(told(entry(prefix, location), image)).toEqual([expected]),
  )

  test.each<[image: string, prefix: string, location: string]>([
    ['example.com/foo:1', 'example.com/foo', 'quay.io'],
    [`example.com/foo${digest}`, 'example.com/foo', 'example.com'],
    ['example.com:5000/x:1', 'example.com', 'example.com:5000'],
    ['example.com/x:1', 'example.com', 'mirror'],
    ['example.com/x:1', 'example.com', 'Mirror/hub'],
    ['example.com/x:1', 'example.com', 'a.b/Hub'],
    ['example.com/x:1', 'example.com', 'a.b/c:1'],
    ['example.com/x:1', 'example.com', 'docker.io'],
    ['example.com/x:1', 'example.com', '[::1]:5000'],
  ])('%s, %s = %s: no name at all', (image, prefix, location) =>
    expect(told(entry(prefix, location), image)).toBe(`no such name at "${location}"`),
  )
})

describe('mirrors come before the location', () => {
  const conf = [
    entry('g.com/baz', 'g.com/bar'),
    mirror('m1.g.com', 'pull-from-mirror = "digest-only"'),
    mirror('m2.g.com', 'pull-from-mirror = "tag-only"\ninsecure = true'),
    mirror('m3.g.com'),
    mirror('g.com/m4', 'pull-from-mirror = "all"'),
    entry('d.com', 'd.com', 'mirror-by-digest-only = true'),
    mirror('m.d.com'),
  ].join('')

  test('and those that are for digests alone are not asked for tags', () => {
    const always = ['m3.g.com/i', 'g.com/m4/i credentials', 'g.com/bar/i credentials']
    expect(told(conf, 'g.com/baz/i:1')).toEqual(['m2.g.com/i insecure', ...always])
    expect(told(conf, `g.com/baz/i${digest}`)).toEqual(['m1.g.com/i', ...always])
    expect(told(conf, `g.com/baz/i:1${digest}`)).toEqual(['m1.g.com/i', ...always])
  })

  test('also where that is said of them all', () => {
    expect(told(conf, 'd.com/i')).toEqual(['d.com/i credentials'])
    expect(told(conf, `d.com/i${digest}`)).toEqual(['m.d.com/i', 'd.com/i credentials'])
  })

  test('and those that have a tag of their own are passed over for digests', () =>
    expect(told(entry('a.b/c', 'a.b/c') + mirror('m.b/c:1'), `a.b/c${digest}`)).toEqual(['a.b/c credentials']))

  test('and a name that nothing is said of is asked for as it is', () =>
    expect(told(conf, 'nginx')).toEqual(['docker.io/library/nginx credentials']))
})

test('what is blocked is the location, not its mirrors, and any other location that an entry blocks', () => {
  const conf =
    entry('a.com', 'a.com', 'blocked = true') +
    mirror('m.com') +
    mirror('n.com/x') +
    entry('n.com', 'n.com', 'blocked = true')
  expect(told(conf, 'a.com/i')).toEqual(['m.com/i', 'n.com/x/i blocked', 'a.com/i blocked credentials'])
})

test('whatever the prefix and location, every source is a name', () => {
  const part = fc.constantFrom('a', 'b', '.', '/', ':', '*', '-', '5', 'docker.io', '@', 'A')
  const text = fc.array(part, { maxLength: 8 }).map(parts => parts.join(''))
  const image = fc.constantFrom('a', 'a.b/a', 'a.b:5/a/b:5', `docker.io/a${digest}`, 'a-b.a/b')
  fc.assert(
    fc.property(text, text, image, (prefix, location, written) => {
      const registry = { prefix, location, insecure: false, blocked: false, mirrors: [] }
      const conf = { ...confOf(''), registries: [registry] }
      const sources = pullSourcesOf(conf, referenceOf(written))
      const names = (sources.ok ? sources.value : []).map(each => `${each.registry}/${each.repository}`)
      return names.every(name => parseReference(name).ok)
    }),
    { numRuns: 20_000 },
  )
})
