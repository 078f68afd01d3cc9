import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { formats } from '../../src/report/formats.ts'
import { json } from '../../src/report/json.ts'
import { found, fromFile, judged, object } from './entries.ts'
import { complaint } from './shape.ts'
import { context, sheet } from './sheets.ts'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/report.md'), 'utf8')

test('docs/report.md has a row for each format, and for no other', () => {
  const rows = [...page.matchAll(/^\| `([a-z]+)` \| [^|]+ \| [^|]+ \|$/gm)].map(([, name]) => name)
  expect(rows).toEqual(Object.keys(formats))
})

test('its example is what is written, and the schema takes it', () => {
  const example = JSON.parse(/```json\n(.*?)```/s.exec(page)?.[1] ?? '')
  const schema = JSON.parse(readFileSync(join(root, 'schemas/report.v1.json'), 'utf8'))
  expect(complaint(new Ajv2020({ strictTypes: false }).compile(schema), example)).toBeUndefined()
  const use = { path: 'spec.template.spec.containers[0].image' }
  const verdict = judged('registry.example/shop/web:1.40', [found.notFound], use)
  const written = json(
    sheet([fromFile('deploy/web.yaml', 12, object('Deployment', 'shop', 'web'), [verdict])]),
    context,
  )
  expect(example).toEqual(JSON.parse(written))
})
