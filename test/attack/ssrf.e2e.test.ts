import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Findings } from './ssrf/child.ts'
import { addressesIn, type Tally } from './ssrf/corpus.ts'
import { destinations } from './ssrf/destinations.ts'
import { runInNamespace } from './ssrf/namespace.ts'
import { wordsOf } from './words.ts'

let findings: Findings

beforeAll(async () => {
  findings = (await runInNamespace(join(import.meta.dirname, 'ssrf/child.ts'))) as Findings
})

const sum = (tallies: readonly Tally[], count: (tally: Tally) => number): number =>
  tallies.reduce((total, tally) => total + count(tally), 0)

describe('in a network where every address there is would answer', () => {
  test('a stranger has at least sixty ways to write an inner address at ten positions', () => {
    expect(new Set(destinations.map(({ host }) => host)).size).toBeGreaterThanOrEqual(60)
    expect(findings.guarded.length).toBeGreaterThanOrEqual(10)
    for (const { position, asked } of findings.guarded) expect([position, asked >= 60]).toEqual([position, true])
    expect(sum(findings.guarded, ({ asked }) => asked)).toBeGreaterThanOrEqual(600)
  })

  test('nobody inside accepts a connection that a stranger asked for', () => {
    const { guarded } = findings
    console.log(
      `ssrf: ${sum(guarded, ({ asked }) => asked)} destinations at ${guarded.length} positions, ` +
        `${sum(guarded, ({ inside }) => inside.length)} connections inside, ` +
        `${sum(guarded, ({ told }) => told.length)} texts with a resolved address`,
    )
    expect(guarded.filter(({ inside }) => inside.length > 0)).toEqual([])
  })

  test('nobody is told what a name resolves to', () => {
    expect(findings.guarded.flatMap(({ told }) => told)).toEqual([])
  })

  test('an address that a name resolved to would be seen in the words', () => {
    const words = wordsOf({ host: '10.96.0.1:443', step: 'token', kind: 'blocked' }, 'registry.example/web:1')
    expect(addressesIn(words, { host: 'name.example', answers: ['10.96.0.1'] })).toContain('10.96.0.1')
  })

  test('without a guard somebody inside accepts from every position at which an address is used', () => {
    const { unguarded } = findings
    const total = sum(unguarded, ({ inside }) => inside.length)
    console.log(`ssrf without a guard: ${total} connections inside`)
    for (const { position, isFollowed, inside } of unguarded)
      expect([position, inside.length > 50]).toEqual([position, isFollowed])
  })

  test('every bait at a position where no address is used was laid before somebody', () => {
    for (const { position, asked, baited } of findings.guarded.filter(({ isFollowed }) => !isFollowed))
      expect([position, baited]).toEqual([position, asked])
  })

  test('sixty honest registries and more are reached, and every server of theirs answers', () => {
    const { visits } = findings
    const answers = visits.reduce((total, { answered }) => total + answered, 0)
    console.log(`ssrf: ${visits.length} honest registries, ${answers} answers by their servers`)
    expect(visits.length).toBeGreaterThanOrEqual(60)
    expect(visits.filter(({ failures, unheard }) => failures.length > 0 || unheard.length > 0)).toEqual([])
  })
})
