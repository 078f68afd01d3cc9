import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tarOf } from '../../../src/demo/tar.ts'
import { headBytes } from '../../../src/registry/program/executable.ts'
import { readTar, type TarEntry } from '../../../src/registry/program/tar.ts'
import {
  allOf,
  archiveOf,
  blocks,
  directory,
  type Entry,
  entryBytes,
  hardLink,
  link,
  long,
  pax,
  program,
  streamOf,
  summed,
} from './archive.ts'
import { amd64 } from './headers.ts'

const told = (entry: TarEntry): string => {
  switch (entry.kind) {
    case 'directory':
      return `${entry.path} is a directory`
    case 'symbolic-link':
    case 'hard-link':
      return `${entry.path} is a ${entry.kind} to ${entry.target}`
    case 'file':
      return entry.isExecutable
        ? `${entry.path} is executable: ${entry.head.toString('latin1', 0, 8)}`
        : `${entry.path} is a file`
  }
}

const read = async (archive: Uint8Array, chunkBytes?: number): Promise<readonly string[]> =>
  (await allOf(readTar(streamOf(archive, chunkBytes)))).map(told)

const file = (path: string, text = 'x'): Entry => program(path, Buffer.from(text))

describe('an archive', () => {
  test('has files, links and directories, in chunks of any size', async () => {
    const archive = archiveOf(
      directory('bin'),
      { ...file('bin/notes', 'words'), mode: 0o644 },
      file('bin/tool', 'tool'),
      link('bin/sh', 'tool'),
      hardLink('bin/ash', 'bin/tool'),
      { path: 'dev/null', type: '3' },
      { path: 'dev/pipe', type: '6' },
      file('last', 'last'),
    )
    for (const chunkBytes of [1, 7, 511, 512, 513, 100_000])
      expect(await read(archive, chunkBytes)).toEqual([
        'bin/ is a directory',
        'bin/notes is a file',
        'bin/tool is executable: tool',
        'bin/sh is a symbolic-link to tool',
        'bin/ash is a hard-link to bin/tool',
        'last is executable: last',
      ])
  })

  test('of the demo is read', async () => {
    const archive = tarOf([
      { path: 'app', mode: 0o755, bytes: amd64 },
      { path: 'web/page', mode: 0o644, bytes: Buffer.from('page') },
    ])
    expect(await read(archive)).toEqual(['app is executable: \x7fELF\x02\x01\x01\0', 'web/page is a file'])
  })

  test('gives the beginning of a long file, and goes on behind it', async () => {
    const archive = archiveOf(program('big', Buffer.alloc(70_001, 'b')), file('next'))
    const [big, next] = await allOf(readTar(streamOf(archive, 1000)))
    expect(big).toMatchObject({ kind: 'file', head: Buffer.alloc(headBytes, 'b') })
    expect(next).toMatchObject({ path: 'next' })
  })

  test.each<readonly [string, readonly Entry[], readonly string[]]>([
    ['a long name of GNU', [long('L', 'a/'.repeat(90)), file('short')], [`${'a/'.repeat(90)} is executable: x`]],
    [
      'a long target of GNU',
      [long('K', 't'.repeat(200)), link('l', 'short')],
      [`l is a symbolic-link to ${'t'.repeat(200)}`],
    ],
    ['both', [long('K', 'target'), long('L', 'name'), link('l', 'short')], ['name is a symbolic-link to target']],
    ['a path of POSIX', [pax({ mtime: '1.5', path: 'größer' }), file('short')], ['größer is executable: x']],
    ['a target of POSIX', [pax({ linkpath: 'there' }), link('l', 'short')], ['l is a symbolic-link to there']],
    [
      'a size of POSIX',
      [pax({ size: '3' }), { ...file('f', 'abc'), size: 0 }, file('g')],
      ['f is executable: abc', 'g is executable: x'],
    ],
    ['what goes for all', [pax({ path: 'nobody' }, 'g'), file('f')], ['f is executable: x']],
    [
      'an extension of one only',
      [pax({ path: 'one' }), file('f'), file('g')],
      ['one is executable: x', 'g is executable: x'],
    ],
    ['the prefix of a name', [{ ...file('f'), prefix: 'a/b' }], ['a/b/f is executable: x']],
    ["no prefix in GNU's format", [{ ...file('f'), prefix: 'times', magic: 'ustar  \0' }], ['f is executable: x']],
    [
      'no format at all',
      [
        { ...file('f'), magic: '', type: '\0' },
        { path: 'd/', magic: '', type: '\0' },
      ],
      ['f is executable: x', 'd/ is a directory'],
    ],
    ['a contiguous file', [{ ...file('f'), type: '7' }], ['f is executable: x']],
    [
      'a size in binary',
      [{ ...file('f', 'abc'), sizeField: Buffer.from([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3]) }, file('g')],
      ['f is executable: abc', 'g is executable: x'],
    ],
    [
      'a link that names a size',
      [{ ...link('l', 't'), size: 99 }, file('g')],
      ['l is a symbolic-link to t', 'g is executable: x'],
    ],
    ['an unknown kind', [{ ...file('f', 'abc'), type: 'V' }, file('g')], ['g is executable: x']],
    [
      'a sparse file of POSIX',
      [pax({ 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0', 'GNU.sparse.name': 'f' }), file('f'), file('g')],
      ['g is executable: x'],
    ],
  ])('is read with %s', async (_, entries, expected) => {
    expect(await read(archiveOf(...entries))).toEqual(expected)
  })

  test('is read past an old sparse file, whose map goes on for blocks', async () => {
    const map = (goesOn: boolean): Buffer => Buffer.alloc(512, 0).fill(goesOn ? 1 : 0, 504, 505)
    const header = entryBytes({ path: 's', type: 'S', size: 600, isContinued: true })
    const data = blocks(Buffer.alloc(600, 's'))
    const archive = Buffer.concat([header, map(true), map(false), data, archiveOf(file('g'))])
    expect(await read(archive)).toEqual(['g is executable: x'])
  })
})

describe('a broken archive', () => {
  const good = entryBytes(file('good'))
  const goodHeader = (change: (header: Buffer) => void): Buffer => {
    const header = entryBytes(file('bad'))
    change(header)
    return summed(header.subarray(0, 512))
  }
  const huge = (first: number): Buffer => Buffer.from([first, ...Array<number>(11).fill(0xff)])

  test.each<readonly [string, Uint8Array]>([
    ['at its end', Buffer.alloc(1024)],
    ['at something else', Buffer.from('<html>'.repeat(200))],
    ['at a wrong checksum', entryBytes(file('bad')).fill('X', 0, 1)],
    ['at a size below zero', entryBytes({ path: 'bad', sizeField: huge(0xff) })],
    ['at a size beyond all measure', entryBytes({ path: 'bad', sizeField: huge(0x80) })],
    ['at a size that is no number', goodHeader(header => header.write('12x4567', 124))],
    ['at a mode that is no number', goodHeader(header => header.write('rwxr-x', 100))],
    [
      'at a name without end',
      Buffer.concat([entryBytes({ path: 'x', type: 'L', size: 2 ** 30 }), Buffer.alloc(4096, 'n')]),
    ],
    ['at records without a length', entryBytes({ path: 'x', type: 'x', bytes: Buffer.from('path=x\n') })],
    ['at records that count too much', entryBytes({ path: 'x', type: 'x', bytes: Buffer.from('99 path=x\n') })],
    ['at records that count nothing', entryBytes({ path: 'x', type: 'x', bytes: Buffer.from('0 path=x\n') })],
    [
      'at a size in a record that is no number',
      entryBytes({ path: 'x', type: 'x', bytes: Buffer.from('11 size=-1\n') }),
    ],
  ])('ends %s, and what came before counts', async (_, bad) => {
    expect(await read(Buffer.concat([good, bad, good]))).toEqual(['good is executable: x'])
  })

  test('that is cut keeps what is complete', async () => {
    const archive = archiveOf(file('a'), program('b', Buffer.alloc(2000, 'b')), file('c'))
    const names = async (length: number): Promise<string> =>
      (await allOf(readTar(streamOf(archive.subarray(0, length))))).map(({ path }) => path).join('')
    // 512 and 1 for a; the block of b's header and as much as is looked at of it; its four blocks and c.
    const [a, b, c] = [513, 1024 + 512 + headBytes, 1024 + 512 + 2048 + 513]
    const rows = [
      [0, ''],
      [a - 1, ''],
      [a, 'a'],
      [b - 1, 'a'],
      [b, 'ab'],
      [c - 1, 'ab'],
      [c, 'abc'],
      [archive.length, 'abc'],
    ] as const
    for (const [length, expected] of rows) expect(await names(length), String(length)).toBe(expected)
  })
})

describe('an archive that tar makes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pullgate-tar-'))
  const deep = join('deep', ...Array<string>(8).fill('directory-with-a-long-name'))
  beforeAll(() => {
    mkdirSync(join(folder, deep), { recursive: true })
    writeFileSync(join(folder, deep, 'tool'), 'tool', { mode: 0o755 })
    writeFileSync(join(folder, 'page'), 'page', { mode: 0o644 })
    symlinkSync(join('/', deep, 'tool'), join(folder, 'soft'))
    linkSync(join(folder, deep, 'tool'), join(folder, 'hard'))
    writeFileSync(join(folder, 'sparse'), 'begin', { mode: 0o755 })
    truncateSync(join(folder, 'sparse'), 1_000_000)
    writeFileSync(join(folder, 'zlast'), 'last', { mode: 0o755 })
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test.each(['gnu', 'pax'])('in the format %s is read with its long names, links and holes', async format => {
    const options = [`--format=${format}`, '--sparse', '--sort=name', '-cf', '-', '-C', folder, '.']
    const seen = await read(execFileSync('tar', options, { maxBuffer: 4_000_000 }))
    expect(seen.filter(line => !line.endsWith('directory'))).toEqual([
      `./${deep}/tool is executable: tool`,
      `./hard is a hard-link to ./${deep}/tool`,
      './page is a file',
      `./soft is a symbolic-link to /${deep}/tool`,
      './zlast is executable: last',
    ])
  })
})

describe('whatever an archive holds', () => {
  const entry: fc.Arbitrary<Entry> = fc.record(
    {
      path: fc.string({ maxLength: 120 }),
      type: fc.constantFrom('0', '1', '2', '5', '7', 'x', 'g', 'L', 'K', 'S', '\0', 'V'),
      mode: fc.nat(0o777),
      target: fc.string({ maxLength: 20 }),
      bytes: fc.uint8Array({ maxLength: 60 }),
      size: fc.oneof(fc.nat(1200), fc.constantFrom(2 ** 20 + 1, 2 ** 32)),
      sizeField: fc.uint8Array({ maxLength: 12 }),
      isContinued: fc.boolean(),
    },
    { requiredKeys: ['path', 'type'] },
  )
  const records = fc.dictionary(fc.constantFrom('path', 'size', 'linkpath', 'GNU.sparse.map', '__proto__'), fc.string())
  const part = fc.oneof(
    { weight: 3, arbitrary: entry },
    records.map(each => pax(each)),
  )
  const change = fc.record({ at: fc.nat(6000), byte: fc.nat(255) })

  test('it is read to an end, without a complaint', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(part, { maxLength: 4 }),
        fc.array(change, { maxLength: 3 }),
        fc.nat(8000),
        fc.integer({ min: 1, max: 3000 }),
        async (entries, changes, length, chunkBytes) => {
          const archive = archiveOf(...entries)
          for (const { at, byte } of changes) if (at < archive.length) archive[at] = byte
          const seen = await allOf(readTar(streamOf(archive.subarray(0, length), chunkBytes)))
          expect(seen.length).toBeLessThanOrEqual(archive.length / 512)
        },
      ),
      { numRuns: 20_000 },
    )
  })
})
