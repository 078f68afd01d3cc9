import { describe, expect, test } from 'vitest'
import { readRewrite, rewritten } from '../../../../src/registry/hosts/k3s/rewrite.ts'

const rewriteOf = (pattern: string, replacement: string) => {
  const rewrite = readRewrite(pattern, replacement)
  if (!rewrite.ok) throw new Error(rewrite.error.what)
  return rewrite.value
}

test('the first rewrite that changes a name counts, and no other', () => {
  const rewrites = [rewriteOf('^none/', 'x/'), rewriteOf('^team/(.*)', 'one/$1'), rewriteOf('(.*)', 'two/$1')]
  expect(rewritten('team/app', rewrites)).toBe('one/app')
  expect(rewritten('app', rewrites)).toBe('two/app')
  expect(rewritten('app', [])).toBe('app')
})

test.each<[replacement: string, expected: string | undefined]>([
  ['/hub//$1/', 'hub/app'],
  ['./hub/$1', 'hub/app'],
  ['../$1', 'app'],
  ['', undefined],
  ['Hub/$1', undefined],
  ['hub:1/$1', undefined],
  ['hub/$1?x', undefined],
])('a name that becomes %s: %s', (replacement, expected) =>
  expect(rewritten('app', [rewriteOf('(.*)', replacement)])).toBe(expected),
)

describe('a rewrite is broken', () => {
  test.each<[pattern: string, replacement: string, isPassedOver: boolean, what: string]>([
    ['(?!a)', 'x', true, 'not a regular expression to Go'],
    ['(a+)+', 'x', false, 'not read here'],
    ['a\\.b', 'x', false, 'write each backslash twice'],
    ['a', '\\d', false, 'write each backslash twice'],
    ['a"b', 'x', false, 'write each backslash twice'],
    ['a\nb', 'x', false, 'write each backslash twice'],
  ])('%j = %j', (pattern, replacement, isPassedOver, what) => {
    const rewrite = readRewrite(pattern, replacement)
    expect(rewrite.ok ? 'fine' : rewrite.error).toEqual({ isPassedOver, what: expect.stringContaining(what) })
  })

  test('but not by backslashes that are written twice', () =>
    expect(rewritten('a.b', [rewriteOf('\\\\.', '-')])).toBe('a-b'))
})
