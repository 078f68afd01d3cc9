import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readGoRegexp, replaceAll } from '../../../../src/registry/hosts/k3s/go-regexp.ts'
import { processorClock } from '../../../support/processor-clock.ts'

const replaced = (pattern: string, text: string, template: string): string => {
  const regexp = readGoRegexp(pattern)
  return regexp.ok ? replaceAll(regexp.value, text, template) : regexp.error
}

// A variable of a Go template, in braces.
const braced = (name: string): string => `$\{${name}}`

describe('a pattern replaces as in Go', () => {
  test.each<[pattern: string, text: string, template: string, expected: string]>([
    ['^rancher/(.*)', 'rancher/pause', 'proj/images/$1', 'proj/images/pause'],
    ['^rancher/(.*)', 'library/rancher/pause', 'x/$1', 'library/rancher/pause'],
    ['(.*)', 'abc', 'hub/$1', 'hub/abc'],
    ['(.*)', '', 'x$1', 'x'],
    ['a', 'aba', 'x', 'xbx'],
    ['b*', 'abc', '-', '-a-c-'],
    ['$', 'abc', '/x', 'abc/x'],
    ['\\Aa\\z', 'a', 'b', 'b'],
    ['(?P<org>[^/]+)/(?<name>.+)', 'team/app', `$name/${braced('org')}`, 'app/team'],
    ['(a)(b)?', 'ac', '$1-$2', 'a-c'],
    ['(.*)', 'a', '$1x', ''],
    ['(.*)', 'a', `${braced('1')}x`, 'ax'],
    ['(.*)', 'a', '$0$$1', 'a$1'],
    ['(.*)', 'a', `$&$\`${braced('')}$`, `$&$\`${braced('')}$`],
    ['(.*)', 'a', '$2$toString', ''],
    ['[]a]+', 'aab', 'x', 'xb'],
    ['[^]a]', 'ab', 'x', 'ax'],
    ['a{,2}', 'a{,2}', 'x', 'x'],
    ['(?i)^TEAM/', 'team/app', 'x/', 'x/app'],
    ['(?:foo|bar)/', 'bar/x', '', 'x'],
    ['a.c', 'a.c/abc', 'x', 'x/x'],
    ['\\.', 'a.b', '-', 'a-b'],
    ['(ab){2}', 'ababab', 'x', 'xab'],
    ['', 'ab', '-', '-a-b-'],
  ])('%s on %s, by %s: %s', (pattern, text, template, expected) =>
    expect(replaced(pattern, text, template)).toBe(expected),
  )
})

describe('a pattern is none', () => {
  test.each(
    '( ) * a** a{2}{3} (?=a) (?!a) (?<=a)b (?<!a)b (?>a) (a)\\1 \\ \\h [a [b-a] a{2,1} a{1001} (?P<n>a)(?P<n>b)'.split(
      ' ',
    ),
  )('%s, to Go either', pattern => expect(replaced(pattern, 'a', 'b')).toBe('not-a-pattern'))

  test.each<[pattern: string, why: string]>([
    ['(a*)*', 'a repetition of a repetition'],
    ['^(a+)+$', 'a repetition of a repetition'],
    ['(a|a)*b', 'a repetition of a choice'],
    ['(?:(?:a?){9}){9}', 'a repetition of what may be left out'],
    ['.*.*.*x', 'three repetitions, and anything before them'],
    ['^.*.*.*.*x', 'four repetitions'],
    ['a?'.repeat(30), 'much that may be left out'],
    ['(?:a|b)'.repeat(30), 'many choices'],
    ['^*', 'a repetition of a place'],
    ['[[:alpha:]]', 'a class of another syntax'],
    ['\\pL', 'a class of Unicode'],
    ['\\x61', 'a character by its number'],
    ['\\101', 'a character by its number'],
    ['\\Qa\\E', 'a quotation'],
    ['a(?i:b)', 'a flag for a part'],
    ['\u00e9', 'a letter that no name has'],
    ['a'.repeat(1001), 'too long'],
  ])('%s, but only here: %s', pattern => expect(replaced(pattern, 'a', 'b')).toBe('not-read'))
})

const part = fc.constantFrom(
  ...'a b / . .* (.*) (.+) ^ $ [a-z] [^/]+ ? * + {2} {1,9} {3,} | ( (?: ) (a|b) (a?) \\. \\w \\b (?i) [ ] *? x'.split(
    ' ',
  ),
)

test('whatever the pattern, the longest name is rewritten or let be in no time', () => {
  const names = ['a'.repeat(255), 'a/'.repeat(127), 'ab.x'.repeat(63)]
  const pattern = fc.oneof(
    fc.array(part, { maxLength: 8 }).map(parts => parts.join('')),
    fc.string({ maxLength: 20 }),
  )
  let slowest = 0
  fc.assert(
    fc.property(pattern, fc.constantFrom(...names), (given, name) => {
      const spentMs = processorClock()
      replaced(given, name, '$1')
      slowest = Math.max(slowest, spentMs())
    }),
    { numRuns: 20_000 },
  )
  expect(slowest).toBeLessThan(1_000)
})
