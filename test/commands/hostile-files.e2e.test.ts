import { execFile } from 'node:child_process'
import { symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, it } from 'vitest'
import { deployment } from '../cli/read.ts'
import { folder } from './run-pullgate.ts'

const main = join(import.meta.dirname, '../../src/main.ts')
const mebibyte = 1024 * 1024
const header = 'apiVersion: v1\nkind: Pod\n'

const bomb = Array.from({ length: 40 }, (_, at) => `a${at}: &a${at} [${at === 0 ? 'x' : `*a${at - 1}, *a${at - 1}`}]\n`)

/** A file by its name, and what is said of it; undefined: nothing, for it has nothing of Kubernetes. */
const rows: readonly (readonly [name: string, text: () => string | Uint8Array, said: string])[] = [
  ['bomb.yaml', () => `${header}${bomb.join('')}`, 'stands for more than 1000000 values'],
  ['deep.yaml', () => `${header}spec: ${'['.repeat(20_000)}${']'.repeat(20_000)}\n`, 'nested deeper than 200 levels'],
  ['documents.yaml', () => '---\n'.repeat(1_000_000), 'has more than 100000 documents'],
  ['quotes.yaml', () => `${header}image: "${'a'.repeat(60 * mebibyte)}"\n`, 'a text is longer than 4194304 characters'],
  ['lines.yaml', () => `${header}image: a\n${'\n'.repeat(60 * mebibyte)}`, 'more than 500000 words, signs and lines'],
  [
    'words.yaml',
    () => `${header}spec: [${'image, '.repeat(8 * mebibyte)}]\n`,
    'more than 500000 words, signs and lines',
  ],
  ['binary.yaml', () => new Uint8Array(mebibyte).fill(7).fill(0, 0, 100), 'is no text'],
  ['half.yaml', () => Buffer.from([0x61, 0x3a, 0xff, 0x0a]), 'is not UTF-8 (line 1)'],
]

const links = [
  ['a.yaml', 'b.yaml', 'is a link that leads to itself'],
  ['b.yaml', 'a.yaml', 'is a link that leads to itself'],
  ['zero.yaml', '/dev/zero', 'is no plain file'],
  // The kernel calls it a plain file, and gives nothing of it.
  ['memory.yaml', '/proc/self/mem', 'cannot be read (EIO)'],
] as const

let at: string

beforeAll(async () => {
  at = await folder()
})

// Tells at the end what the process took at the most.
const telling = `data:text/javascript,process.on('exit',()=>process.stderr.write('peak '+process.resourceUsage().maxRSS+'\\n'))`

it('files that are made to hurt are refused in a sentence each, hide nothing, and take no more than 1 GiB together', async () => {
  for (const [name, text] of rows) await writeFile(join(at, name), text())
  for (const [name, target] of links) await symlink(target, join(at, name))
  await symlink('..', join(at, 'up'))
  await symlink('.', join(at, 'here'))
  await writeFile(join(at, 'huge.yaml'), header)
  await truncate(join(at, 'huge.yaml'), 200 * mebibyte)
  await promisify(execFile)('mkfifo', [join(at, 'pipe.yaml')])
  await writeFile(join(at, 'lost.yaml'), deployment('127.0.0.1:1/lost:1'))
  const names = [...rows.map(([name]) => name), ...links.map(([name]) => name), 'huge.yaml', 'pipe.yaml', 'none.yaml']
  const args = ['--import', telling, main, 'check', '.', ...names, '-o', 'json', '--unknown', 'pass']
  const ended = await new Promise<{ readonly code: unknown; readonly stdout: string; readonly stderr: string }>(
    resolve => {
      execFile(process.execPath, args, { cwd: at }, (error, stdout, stderr) =>
        resolve({ code: error?.code ?? 0, stdout, stderr }),
      )
    },
  )
  const [, peak] = /^peak (\d+)$/m.exec(ended.stderr) ?? []
  console.log(`the peak of the whole: ${Math.round(Number(peak) / 1024)} MiB`)
  expect(ended.code).toBe(2)
  for (const [name, , said] of [...rows, ...links, ['huge.yaml', '', 'is larger than 64 MiB, which no manifest is']])
    expect(ended.stderr.split('\n').filter(line => line.startsWith(name as string))).toEqual([
      expect.stringContaining(said as string),
    ])
  expect(ended.stderr).toContain('pipe.yaml is no plain file\n')
  expect(ended.stderr).toContain('none.yaml does not exist\n')
  expect(JSON.parse(ended.stdout).findings.map(({ file }: { readonly file: string }) => file)).toEqual(['lost.yaml'])
  expect(Number(peak)).toBeLessThan(1024 * 1024)
})
