import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { junit } from '../../src/report/junit.ts'
import { policyReports } from '../../src/report/policyreport.ts'
import { sarif } from '../../src/report/sarif.ts'
import type { Sheet } from '../../src/report/sheet.ts'
import { fetched } from './fetched.ts'
import { hostileNames, hostileSheet } from './hostile-sheets.ts'
import { complaint, strictValidator } from './shape.ts'
import { clusterSheet, context, goodSheet, smallSheet } from './sheets.ts'

const sheets: readonly (readonly [string, Sheet])[] = [
  ['of a small repository', smallSheet()],
  ['with nothing to be said', goodSheet()],
  ['of a cluster', clusterSheet(200)],
  ...hostileNames.map((name): [string, Sheet] => [`of ${JSON.stringify(name.slice(0, 40))}`, hostileSheet(name)]),
]

// The schema is of draft 4, which differs, as far as it goes, in the name of its own address.
const sarifSchema = (): object => {
  const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(fetched('sarif.json'), 'utf8'))
  return schema
}

describe('SARIF', () => {
  // One of its patterns is none to a reader of Unicode.
  const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(sarifSchema())

  test.each(sheets)('a report %s is valid by its published schema', (_, sheet) => {
    expect(complaint(validate, JSON.parse(sarif(sheet, context)))).toBeUndefined()
  })

  test('a report without its runs is not, so that the schema does look', () => {
    expect(complaint(validate, { version: '2.1.0' })).toMatch('runs')
  })
})

describe('JUnit', () => {
  const problems = (xml: string): string => {
    const run = spawnSync('xmllint', ['--noout', '--schema', fetched('junit.xsd'), '-'], {
      input: xml,
      encoding: 'utf8',
    })
    return run.status === 0 ? '' : run.stderr
  }

  test.each(sheets)('a report %s is valid by the schema of Jenkins', (_, sheet) => {
    expect(problems(junit(sheet, context))).toBe('')
  })

  test('a suite without a name is not, so that the schema does look', () => {
    expect(problems('<testsuites><testsuite/></testsuites>')).toMatch('name')
  })
})

describe('OpenReports', () => {
  const validator = (file: string) => {
    const crd = parse(readFileSync(fetched(file), 'utf8'))
    const { metadata: _, ...properties } = crd.spec.versions[0].schema.openAPIV3Schema.properties
    return strictValidator({ type: 'object', properties: { ...properties, metadata: {} } })
  }
  const validate = {
    Report: validator('openreports.io_reports.yaml'),
    ClusterReport: validator('openreports.io_clusterreports.yaml'),
  }

  test.each(sheets)('the reports %s have no field that the definition lacks', (_, sheet) => {
    const reports = policyReports(sheet, { ...context, command: 'audit' }, 'openreports.io')
    for (const report of reports)
      expect(complaint(validate[report.kind as keyof typeof validate], report)).toBeUndefined()
    expect(reports.length).toBeGreaterThan(0)
  })
})
