import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { compare } from '../../src/report/compare.ts'
import { json } from '../../src/report/json.ts'
import type { Sheet } from '../../src/report/sheet.ts'
import { allCodes } from '../../src/verdict/codes.ts'
import { hostileNames, hostileSheet } from './hostile-sheets.ts'
import { complaint } from './shape.ts'
import { clusterSheet, context, goodSheet, smallSheet } from './sheets.ts'

const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../schemas/report.v1.json'), 'utf8'))
const validate = new Ajv2020({ strictTypes: false }).compile(schema)

describe('the published schema of the JSON report', () => {
  const sheets: readonly (readonly [string, Sheet])[] = [
    ['of a small repository', smallSheet()],
    ['with nothing to be said', goodSheet()],
    ['of a cluster, with gaps', clusterSheet(200)],
    ['held against an earlier one', compare(smallSheet(), new Set(['gone']))],
    ...hostileNames.map(name => [`of ${JSON.stringify(name.slice(0, 40))}`, hostileSheet(name)] as const),
  ]

  test.each(sheets)('describes a report %s', (_, sheet) => {
    expect(complaint(validate, JSON.parse(json(sheet, context)))).toBeUndefined()
  })

  test('knows every code, in the order of the table', () => {
    expect(schema.$defs.code.enum).toEqual(allCodes)
  })

  test('is closed: a property that it does not name is a mistake', () => {
    const report = JSON.parse(json(smallSheet(), context))
    for (const place of [report, report.summary, report.images[0], report.findings[0], report.findings[0].object]) {
      place.surprise = true
      expect(complaint(validate, report)).toMatch('additional properties')
      delete place.surprise
    }
    expect(complaint(validate, report)).toBeUndefined()
  })
})

test('names come through JSON as they were written', () => {
  for (const name of hostileNames) {
    const text = json(hostileSheet(name), context)
    expect(JSON.parse(text).images[0].image).toBe(name)
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/)
  }
})
