import { describe, expect, test } from 'vitest'
import { policyReports } from '../../src/report/policyreport.ts'
import { storedFindings, withStored } from '../../src/report/stored.ts'
import { found, fromFile, judged, object } from './entries.ts'
import { context, sheet } from './sheets.ts'

const audit = { ...context, command: 'audit' } as const
const deploymentIn = (namespace: string) =>
  fromFile('a.yaml', 1, object('Deployment', namespace, 'web'), [judged('a:1', [found.denied, found.unreachable])])

describe('findings that stand in a report', () => {
  test.each(['wgpolicyk8s.io', 'openreports.io'] as const)('of %s are read as they were written', group => {
    const written = sheet([deploymentIn('shop')])
    const [report] = policyReports(written, audit, group)
    expect(storedFindings(JSON.parse(JSON.stringify(report)))).toEqual(
      written.findings.map(finding => ({
        ...finding,
        ...{ place: undefined, hint: '', isNew: undefined },
        message: [finding.message, finding.hint].filter(text => text !== '').join('; '),
      })),
    )
  })

  test.each([
    [undefined],
    [{ results: 'x' }],
    [{ results: [null, 7, {}, { source: 'pullgate', rule: 'no-code' }, { source: 'other', rule: 'denied' }] }],
  ])('are none in %j', report => {
    expect(storedFindings(report)).toEqual([])
  })

  test('stand beside our own, and are counted with them', () => {
    const [own, other] = [sheet([deploymentIn('shop')]), sheet([deploymentIn('billing')])]
    const both = withStored(own, other.findings)
    expect(both.findings).toHaveLength(own.findings.length + other.findings.length)
    expect([both.summary.objects, both.summary.images, both.summary.deny]).toEqual([2, 1, 2 * own.summary.deny])
    expect(both.summary.namespaces.map(({ namespace }) => namespace).toSorted()).toEqual(['billing', 'shop'])
    expect(withStored(own, [])).toBe(own)
  })
})
