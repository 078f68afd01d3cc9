import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { deployment } from '../cli/read.ts'
import { folder } from './run-pullgate.ts'

const run = promisify(execFile)
const main = join(import.meta.dirname, '../../src/main.ts')

// Tells at the end which packages were loaded.
const telling = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module'
  const loaded = new Set()
  const nameOf = url => /node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url)?.[1]
  registerHooks({
    load: (url, context, next) => {
      loaded.add(nameOf(url))
      return next(url, context)
    },
  })
  process.on('exit', () => process.stderr.write('loaded ' + [...loaded].join(' ') + '\\n'))
`)}`

const loadedBy = async (at: string, ...args: readonly string[]): Promise<readonly string[]> => {
  const environment = { PATH: process.env['PATH'], HOME: at, CI: '1' }
  const { stderr } = await run(process.execPath, ['--import', telling, main, ...args], { cwd: at, env: environment })
  return /^loaded (.*)$/m.exec(stderr)?.[1]?.split(' ') ?? []
}

const askers = ['undici', 'lru-cache', 'smol-toml']
const others = ['@kubernetes/client-node', '@peculiar/x509', 'fastify', 'pino', 'prom-client', 'reflect-metadata']

test('a check loads what it needs: no validator without a configuration, no client of a cluster without --cluster', async () => {
  const at = await folder()
  await writeFile(join(at, 'web.yaml'), deployment('127.0.0.1:1/shop/web:1'))
  const asking = await loadedBy(at, 'check', 'web.yaml', '--unknown', 'pass')
  expect(asking).toEqual(expect.arrayContaining([...askers, 'yaml']))
  for (const name of [...others, 'ajv']) expect(asking).not.toContain(name)
  const unasked = await loadedBy(at, 'check', 'web.yaml', '--mode', 'off')
  expect(unasked).toContain('yaml')
  for (const name of [...others, ...askers, 'ajv']) expect(unasked).not.toContain(name)
})

test('--version loads little more than what reads arguments', async () => {
  const loaded = await loadedBy(await folder(), '--version')
  expect(loaded).toContain('commander')
  for (const name of [...others, ...askers, 'ajv', 'yaml']) expect(loaded).not.toContain(name)
})
