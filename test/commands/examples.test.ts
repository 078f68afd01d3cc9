import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { stock } from '../../src/demo/stock.ts'
import { registryFor } from '../support/lifetime.ts'
import { folder, pullgate } from './run-pullgate.ts'

const root = join(import.meta.dirname, '../..')

test('the examples show a mistake of each kind, against the demo’s registry', async () => {
  const registry = await registryFor({ shelf: stock })
  const certs = await folder()
  await mkdir(join(certs, 'registry.example'))
  await writeFile(join(certs, 'registry.example/hosts.toml'), `server = "http://${registry.host}"\n`)
  const { code, stdout, stderr } = await pullgate(['check', 'examples', '--certs-dir', certs, '-o', 'json'], {
    folder: root,
  })
  expect(stderr).toBe('')
  expect(code).toBe(1)
  const { findings, summary } = JSON.parse(stdout)
  expect(
    findings.map(({ code, file, line, column }: Record<string, unknown>) => `${code} ${file}:${line}:${column}`),
  ).toEqual([
    'not-found examples/mistakes.yaml:13:22',
    'other-platform examples/mistakes.yaml:23:22',
    'broken-image examples/mistakes.yaml:35:26',
    'invalid-reference examples/mistakes.yaml:42:18',
  ])
  expect(summary).toMatchObject({ images: 7 })
})
