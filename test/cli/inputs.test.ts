import { describe, expect, test } from 'vitest'
import { readImageList } from '../../src/cli/input/image-list.ts'
import { anyPattern, pathPattern } from '../../src/cli/input/path-pattern.ts'
import { piecesOf } from '../../src/cli/manifest/pieces.ts'
import { stepsOf } from '../../src/cli/manifest/steps.ts'
import { manifestSources } from '../../src/cli/manifest-sources.ts'
import { exitCodeOf } from '../../src/cli/outcome.ts'
import { createProgress } from '../../src/cli/output/progress.ts'
import type { PodSources } from '../../src/credentials/pod-secrets.ts'
import { fail, ok } from '../../src/lib/result.ts'
import { linesOf } from '../../src/lib/text-lines.ts'

describe('a pattern of paths', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['*.yaml', ['a.yaml', 'b/c/a.yaml'], ['a.yml', 'a.yaml.txt']],
    ['testdata', ['testdata', 'a/testdata', 'a/testdata/b.yaml'], ['testdata2', 'a/xtestdata']],
    ['a/*.yaml', ['a/b.yaml'], ['a/b/c.yaml', 'x/a/b.yaml']],
    ['**/b/*', ['b/x', 'a/b/x', 'a/b/x/y'], ['b']],
    ['a/**', ['a/b', 'a/b/c', 'a'], ['b/a']],
    ['./a/', ['a', 'a/b'], ['b']],
    ['a/**/**/**/**/z', ['a/z', 'a/b/c/z'], ['a/b']],
  ])('%s', (pattern, meant, others) => {
    expect(meant.filter(path => !pathPattern(pattern)(path))).toEqual([])
    expect(others.filter(pathPattern(pattern))).toEqual([])
  })

  test('takes no time, however it is made', () => {
    const isMeant = anyPattern([`${'**/'.repeat(200)}x`, `${'*a'.repeat(200)}b`])
    expect(isMeant('a/'.repeat(1000) + 'a'.repeat(10_000))).toBe(false)
  })
})

test('a text is cut where documents begin, and nowhere else', () => {
  const cut = (text: string) => piecesOf(text)?.map(piece => piece.text)
  expect(cut('a\n---\nb\n--- c\n---d\n ---\n')).toEqual(['a\n', '---\nb\n', '--- c\n---d\n ---\n'])
  expect(cut('---\r\na\r\n---\r\n')).toEqual(['---\r\na\r\n', '---\r\n'])
  expect(cut('%YAML 1.2\n---\na\n---\nb')).toEqual(['%YAML 1.2\n---\na\n', '---\nb'])
})

test('lines end by a line feed, and columns count what editors count', () => {
  const lines = linesOf('a\r\nü😀b\nc')
  expect([0, 3, 6, 8].map(lines.at)).toEqual([
    { line: 1, column: 1 },
    { line: 2, column: 1 },
    { line: 2, column: 4 },
    { line: 3, column: 1 },
  ])
  expect([1, 2, 3, 4].map(lines.text)).toEqual(['a', 'ü😀b', 'c', ''])
})

test('the path of an image is taken apart as it was written', () => {
  expect(stepsOf('spec.tasks[3]["odd.key \\"1\\""].0.image')).toEqual(
    ok(['spec', 'tasks', 3, 'odd.key "1"', '0', 'image']),
  )
  expect(stepsOf('spec..x')).toEqual(fail('malformed'))
})

test('a list of images has one a line', () => {
  expect(readImageList('# all\r\na:1\r\n\n  b:2 \na:1\n')).toEqual(['a:1', 'b:2'])
  expect(readImageList(Array.from({ length: 100_001 }, (_, at) => `a:${at}`).join('\n'))).toBeUndefined()
})

test('secrets are found in their namespace, and where one of both leaves it open; what is nowhere is not known', async () => {
  const secret = (name: string, namespace: string) =>
    ({ kind: 'secret', name, namespace, secret: { type: namespace || 'open', data: new Map() } }) as const
  const sealed = { kind: 'elsewhere', name: 'sealed', namespace: '' } as const
  const holdings = [secret('s', 'a'), secret('s', ''), secret('t', 'b'), sealed]
  const signal = new AbortController().signal
  const cluster: PodSources = { secret: async () => fail('missing'), accountSecrets: async () => ok(['x']) }
  const found = async (namespace: string, name: string, known?: PodSources) => {
    const result = await manifestSources(holdings, known).secret(namespace, name, false, signal)
    return result.ok ? result.value.type : result.error
  }
  expect(await found('a', 's')).toBe('a')
  expect(await found('c', 's')).toBe('open')
  expect(await found('', 't')).toBe('b')
  expect(await found('a', 't')).toBe('unreadable')
  expect(await found('a', 't', cluster)).toBe('missing')
  expect(await found('a', 'sealed', cluster)).toBe('unreadable')
})

test('progress is shown on a terminal alone, and not more often than anybody looks', () => {
  const shown = (isWatched: boolean): string => {
    let [text, nowMs] = ['', 0]
    const progress = createProgress({ write: more => (text += more), isWatched, nowMs: () => nowMs })
    for (nowMs = 0; nowMs < 250; nowMs += 10) progress.show(`${nowMs}`)
    progress.clear()
    return text.replaceAll('\r\u001b[2K', '|')
  }
  expect(shown(true)).toBe('|0|100|200|')
  expect(shown(false)).toBe('')
})

test('of several codes the first of 2, 1, 3 holds', () => {
  const strict = { failOn: 'deny', unknown: undefined } as const
  expect(exitCodeOf({ outcome: 'fail', warned: true, isUnreadable: true }, strict)).toBe(2)
  expect(exitCodeOf({ outcome: 'fail', warned: true, isUnreadable: false }, strict)).toBe(1)
  expect(exitCodeOf({ outcome: 'unknown', warned: true, isUnreadable: false }, strict)).toBe(3)
  expect(exitCodeOf({ outcome: 'unknown', warned: true, isUnreadable: false }, { ...strict, failOn: 'warn' })).toBe(1)
  expect(exitCodeOf({ outcome: 'unknown', warned: false, isUnreadable: false }, { ...strict, unknown: 'pass' })).toBe(0)
  expect(exitCodeOf({ outcome: 'pass', warned: true, isUnreadable: false }, strict)).toBe(0)
})
