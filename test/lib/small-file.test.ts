import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readSmallFile } from '../../src/lib/small-file.ts'
import { closedAfterTest } from '../support/lifetime.ts'

const mebibyte = 1024 * 1024

const fileOf = async (bytes: Buffer): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'pullgate-file-'))
  closedAfterTest({ close: () => rm(folder, { recursive: true }) })
  const file = join(folder, 'file')
  await writeFile(file, bytes)
  return file
}

test.each([0, 1, 16_383, 16_384, 16_385, 131_072, 200_000, mebibyte])(
  'a file of %i bytes is read as it is',
  async size => {
    const bytes = Buffer.from(Array.from({ length: size }, (_, at) => (at * 31) % 251))
    const read = await readSmallFile(await fileOf(bytes))
    expect(read.ok && read.value.equals(bytes)).toBe(true)
  },
)

test('one byte more than 1 MiB is too much', async () => {
  const read = await readSmallFile(await fileOf(Buffer.alloc(mebibyte + 1)))
  expect(read).toMatchObject({ ok: false, error: { problem: 'too-large' } })
})

test('a file that has more than the system says is read to its end', async () => {
  const read = await readSmallFile('/proc/self/status')
  expect(read.ok && read.value.toString()).toContain('Name:')
})
