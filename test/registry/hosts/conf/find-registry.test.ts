import { describe, expect, test } from 'vitest'
import { findRegistry, matchedLength } from '../../../../src/registry/hosts/conf/find-registry.ts'
import { confOf } from './conf-of.ts'

describe('a prefix takes of a name', () => {
  test.each<[name: string, prefix: string, taken: string | undefined]>([
    ['docker.io', 'docker.io', 'docker.io'],
    ['docker.io', 'example.com', undefined],
    ['example.com:5000', 'example.com:5000', 'example.com:5000'],
    ['example.com:50000', 'example.com:5000', undefined],
    ['example.com:5000/foo', 'example.com', 'example.com'],
    ['example.com/foo/bar', 'example.com', 'example.com'],
    ['docker.io/library', 'docker.io/library', 'docker.io/library'],
    ['docker.io/libraryy', 'docker.io/library', undefined],
    ['docker.io/library/busybox2', 'docker.io/library/busybox', undefined],
    ['docker.io', 'docker.io/library', undefined],
    ['example.com/foo', '*', undefined],
    ['docker.io', '*.io', 'docker.io'],
    ['example.com/foo', '*.co', undefined],
    ['example.com/foo', '*.example.com', undefined],
    ['sub.example.com/foo/bar', '*.example.com', 'sub.example.com'],
    ['another.sub.example.com/foo/bar', '*.example.com', 'another.sub.example.com'],
    ['sub.example.com:5000/foo', '*.example.com', 'sub.example.com'],
    ['example.net/ends-in.com/foo', '*.com', undefined],
    ['a.example.com/namespace.com/foo', '*.namespace.com', undefined],
    ['yet.another.example.com/foo', '**.example.com', undefined],
  ])('%s, %s: %s', (name, prefix, taken) => {
    const length = matchedLength(name, prefix)
    expect(length === undefined ? undefined : name.slice(0, length)).toBe(taken)
  })
})

describe('the entry for a name is the one with the longest prefix', () => {
  const conf = confOf(
    ['simple.com', 'complex.com:4000/with/path', '*.so.simple.com', '*.simple.com', 'a.b.simple.com:5000', '*.com']
      .map((prefix, index) => `[[registry]]\nprefix = "${prefix}"\nlocation = "${index}.example"`)
      .join('\n'),
  )
  test.each<[name: string, prefix: string | undefined]>([
    ['simple.com/foo/bar', 'simple.com'],
    ['not.so.simple.com/x', '*.so.simple.com'],
    ['not.quite.simple.com:5000/with/path', '*.simple.com'],
    ['a.b.simple.com:5000/x', 'a.b.simple.com:5000'],
    ['complex.com:4000/with/path/and/beyond', 'complex.com:4000/with/path'],
    ['complex.com:4000/with/pathos', '*.com'],
    ['simple.comx/x', undefined],
    ['example.net/x', undefined],
  ])('%s: %s', (name, prefix) => expect(findRegistry(conf, name)?.prefix).toBe(prefix))
})
