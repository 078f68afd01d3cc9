import { describe, expect, it } from 'vitest'
import { createKnowledge } from '../../src/audit/knowledge.ts'
import { firstRound } from '../../src/audit/round.ts'
import type { SheetEntry } from '../../src/report/sheet-of.ts'

const keptAt = { namespace: 'pullgate', name: 'audit' }
const objectIn = (namespace: string) => ({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'web' })
const ownerIn = (namespace: string) => ({
  ...{ object: objectIn(namespace), uid: namespace, pods: 1, workloads: [], running: new Map() },
})
const entryIn = (namespace: string): SheetEntry => ({
  report: { object: objectIn(namespace), onEveryNode: false, verdicts: [] },
  ...{ placeOf: () => undefined, waived: () => false, pods: 1 },
})
const stockOf = (namespaces: readonly string[], gaps: readonly string[] = []) => ({
  ...{ owners: namespaces.map(ownerIn), gaps },
})
const working = (namespaces: readonly string[], gaps: readonly string[] = []) => {
  const knowledge = createKnowledge(keptAt)
  knowledge.turn({ kind: 'taken' })
  knowledge.counted(firstRound(0))
  knowledge.stood(stockOf(namespaces, gaps))
  return knowledge
}
const theirs = { kind: 'theirs', holder: 'audit-7' } as const

describe('what a replica of the audit knows', () => {
  it('is nothing at the beginning, and it says so', () => {
    expect(createKnowledge(keptAt).gaps()).toEqual(['Nothing was looked at yet: this replica has just begun.'])
  })

  it('is nothing where another one works: it names that one, and where its finds are', () => {
    const knowledge = createKnowledge(keptAt)
    knowledge.turn(theirs)
    expect(knowledge.gaps()).toEqual([
      'This replica stands by: audit-7 holds the Lease pullgate/audit, and its page shows what is found, as do the reports in the cluster (kubectl get policyreports,reports -A).',
    ])
  })

  it('is nothing where the lease cannot be taken, with the reason', () => {
    const knowledge = createKnowledge(keptAt)
    knowledge.turn({ kind: 'unsure', failure: 'forbidden' })
    expect(knowledge.gaps().join()).toContain('the Lease pullgate/audit could not be taken (forbidden)')
  })

  it('is whole once each namespace was looked at, and has the gaps of the cluster', () => {
    const knowledge = working(['a', 'b'], ['pods in namespace c could not be listed.'])
    expect(knowledge.gaps()).toEqual([
      'No round is done yet: 0 of 2 namespaces were looked at since this replica began.',
      'pods in namespace c could not be listed.',
    ])
    knowledge.found('a', [entryIn('a')])
    expect(knowledge.gaps()[0]).toContain('1 of 2 namespaces')
    knowledge.found('b', [])
    expect(knowledge.gaps()).toEqual(['pods in namespace c could not be listed.'])
    expect(knowledge.entries()).toHaveLength(1)
  })

  it('tells after a restart what was found before, and where', () => {
    const knowledge = working(['a', 'b', 'c'])
    const before = new Map([['b', { 'not-found': 2, denied: 1 }]])
    knowledge.counted({ startedMs: 0, done: new Map([['a', { 'not-found': 3 }]]), before })
    knowledge.found('c', [])
    expect(knowledge.gaps()).toEqual([
      '1 of 3 namespaces were looked at since this replica began. Of 2 of the others it is known what was found before that, 5 not-found, 1 denied: see the reports in the cluster (kubectl get policyreports,reports -A).',
    ])
  })

  it('is old where the cluster cannot be read any more, and it says so', () => {
    const knowledge = working(['a'])
    knowledge.found('a', [entryIn('a')])
    knowledge.stood('The cluster cannot be read: busy.')
    expect(knowledge.gaps()).toEqual(['The cluster cannot be read: busy. What stands here was found before that.'])
    knowledge.stood(stockOf(['a']))
    expect(knowledge.gaps()).toEqual([])
  })

  it('is marked as old once another replica works, and forgotten when it is its turn again', () => {
    const knowledge = working(['a'])
    knowledge.found('a', [entryIn('a')])
    knowledge.turn(theirs)
    expect(knowledge.gaps().join()).toContain('What stands here was found before that, and is not looked at any more.')
    knowledge.turn({ kind: 'taken' })
    expect(knowledge.entries()).toEqual([])
    expect(knowledge.gaps().join()).toContain('0 of 1 namespace was looked at')
  })

  it('has another version when something else is known, and no other when it is told the same', () => {
    const knowledge = createKnowledge(keptAt)
    knowledge.turn(theirs)
    const before = knowledge.version()
    knowledge.turn({ ...theirs })
    expect(knowledge.version()).toBe(before)
    knowledge.turn({ kind: 'taken' })
    expect(knowledge.version()).toBeGreaterThan(before)
  })
})
