import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfiguration } from '../../src/config/read.ts'
import { schema } from '../../src/config/schema.ts'
import { configurationPage } from './page.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/configuration.md'), 'utf8')

test('docs/configuration.md says what the schema says; `npm run docs` makes it anew', () => {
  expect(page).toBe(configurationPage())
})

test('each option has its row, and each row its words', () => {
  const rows = page.split('\n').filter(line => line.startsWith('| `'))
  expect(rows.length).toBeGreaterThan(40)
  for (const line of rows) expect(line).toMatch(/^\| `[^`]+` \| [^|]+ \| [^|]*\| [A-Z][^|]+\. \|$/)
})

test('its example is valid', () => {
  const example = /```yaml\n([^`]+)```/.exec(page)?.[1] ?? 'no example'
  expect(readConfiguration(example, 'found')).toMatchObject({ ok: true })
})

test('every group of the schema is closed, and everything in it is described', () => {
  const walk = (part: Record<string, unknown>, path: string): void => {
    expect(part['description'], path).toBeTypeOf('string')
    if (part['type'] === 'object') expect(part['additionalProperties'], path).toBeDefined()
    const others = part['additionalProperties']
    if (typeof others === 'object' && others !== null) walk(others as Record<string, unknown>, `${path}.*`)
    for (const [name, inner] of Object.entries((part['properties'] ?? {}) as Record<string, Record<string, unknown>>))
      walk(inner, `${path}.${name}`)
  }
  walk(schema, '')
})
