import { gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Digest, digestOf } from '../../../src/image/digest.ts'
import { formatPlatform } from '../../../src/image/platform.ts'
import { fail, ok } from '../../../src/lib/result.ts'
import type { Layer } from '../../../src/registry/program/layer.ts'
import { commonLook, type LookOptions, lookAtProgram, type OpenLayer } from '../../../src/registry/program/look.ts'
import type { Program } from '../../../src/registry/program/program.ts'
import { shareOf } from '../../../src/registry/program/reading-order.ts'
import type { Start } from '../../../src/registry/program/resolve-program.ts'
import { archiveOf, directory, type Entry, link, mark, pax, program, script, streamOf } from './archive.ts'
import { amd64, arm64, elf, pe } from './headers.ts'

const s390x = elf({ machine: 22, bits: 64, order: 'big' })
const oci = 'application/vnd.oci.image.layer.v1.tar+gzip'
const never = new AbortController().signal
const path = '/usr/local/bin:/usr/bin:/bin'

interface Blob extends Layer {
  readonly bytes: Uint8Array
}

const blobOf = (bytes: Uint8Array, rest: Partial<Layer> = {}): Blob => ({
  digest: digestOf(bytes),
  mediaType: oci,
  sizeBytes: bytes.length,
  bytes,
  ...rest,
})

const layerOf = (...entries: readonly Entry[]): Blob => blobOf(gzipSync(archiveOf(...entries)))

/** A store of layers that notes what is read of it. */
const storeOf = (layers: readonly Blob[]) => {
  const opened: Digest[] = []
  let bytesRead = 0
  const openLayer: OpenLayer = async ({ digest }) => {
    opened.push(digest)
    const blob = layers.find(layer => layer.digest === digest)
    if (blob === undefined) return fail({ host: 'r', step: 'program', kind: 'timed-out' })
    const counting = async function* (): AsyncGenerator<Uint8Array, void> {
      for await (const chunk of streamOf(blob.bytes, 16_384)) {
        bytesRead += chunk.length
        yield chunk
      }
    }
    return ok(counting())
  }
  const order = (): readonly number[] => opened.map(digest => layers.findIndex(layer => layer.digest === digest))
  return { openLayer, order, bytesRead: () => bytesRead }
}

const told = (found: Program): string =>
  found.kind === 'found' ? formatPlatform(found.platform).replace('linux/', '') : found.kind

const startWith = (...argv: readonly string[]): Start => ({ argv, path, workingDirectory: '/' })

const look = async (start: Start, layers: readonly Blob[], options: Partial<LookOptions> = {}, signal = never) => {
  const store = storeOf(layers)
  const found = await lookAtProgram({ ...start, layers }, store.openLayer, { ...commonLook, ...options }, signal)
  return { found: told(found), order: store.order(), bytesRead: store.bytesRead() }
}

/** Does not pack. */
const ballast = (bytes: number, seed = 1): Entry => {
  const content = Buffer.alloc(bytes)
  let state = seed
  for (let at = 0; at < bytes; at++) {
    state = Math.imul(state, 1_664_525) + 1_013_904_223
    content[at] = state >>> 24
  }
  return { path: `ballast${seed}`, mode: 0o644, bytes: content }
}

const megabyte = 1024 * 1024

describe('a look into the layers', () => {
  test.each<readonly [string, readonly string[], readonly Blob[], string]>([
    ['the entrypoint', ['/app'], [layerOf(program('app', arm64))], 'arm64'],
    ['the command along PATH', ['node', 'x.js'], [layerOf(program('usr/local/bin/node', amd64))], 'amd64'],
    [
      'it among others',
      ['/app'],
      [layerOf(program('tool', amd64), program('app', arm64), program('z', amd64))],
      'arm64',
    ],
    ['it above another layer', ['/app'], [layerOf(program('app', amd64)), layerOf(program('app', arm64))], 'arm64'],
    [
      'its interpreter in the base',
      ['/run'],
      [layerOf(program('bin/sh', s390x)), layerOf(script('run', '/bin/sh'))],
      's390x',
    ],
    [
      'it behind a link that was seen before',
      ['sh'],
      [layerOf(program('usr/bin/dash', arm64)), layerOf(link('bin/sh', '/usr/bin/dash'))],
      'arm64',
    ],
    [
      'it behind a linked directory that comes last',
      ['/bin/sh'],
      [layerOf(program('usr/bin/sh', arm64), program('x', amd64), link('bin', 'usr/bin'))],
      'arm64',
    ],
    [
      'any other, if the entrypoint is not there',
      ['/app'],
      [layerOf(program('tool', arm64)), layerOf(program('more', arm64))],
      'arm64',
    ],
    [
      'any other, if the entrypoint was removed',
      ['/app'],
      [layerOf(program('app', arm64)), layerOf(mark('.wh.app'))],
      'arm64',
    ],
    ['any other, if nothing is started', [], [layerOf(program('tool', arm64))], 'arm64'],
    [
      'any other, if the entrypoint cannot be read',
      ['/app'],
      [layerOf(program('tool', arm64), program('app', Buffer.from('?')))],
      'arm64',
    ],
    [
      'none, if those do not agree',
      ['/app'],
      [layerOf(program('tool', arm64)), layerOf(program('more', amd64))],
      'not-found',
    ],
    [
      'those along PATH first',
      ['/app'],
      [
        layerOf(
          program('usr/bin/tool', arm64),
          program('lib/x64.node', amd64),
          program('lib/x.exe', pe({ machine: 0x8664 })),
        ),
      ],
      'arm64',
    ],
    [
      'none, if nothing is executable',
      ['/app'],
      [layerOf({ ...program('app', arm64), mode: 0o644 }, directory('d'))],
      'not-found',
    ],
    [
      'none, if nothing has a header',
      ['/app'],
      [layerOf(script('app', '/bin/sh'), program('x', Buffer.from('?')))],
      'not-found',
    ],
    ['none, without layers', ['/app'], [], 'not-found'],
  ])('finds %s', async (_, argv, layers, expected) => {
    expect((await look(startWith(...argv), layers)).found).toBe(expected)
  })

  test.each<readonly [string, Blob]>([
    ['packed by zstd and called gzip', blobOf(zstdCompressSync(archiveOf(program('app', arm64))))],
    ['not packed and called gzip', blobOf(archiveOf(program('app', arm64)))],
    ['packed by gzip and called nothing', blobOf(gzipSync(archiveOf(program('app', arm64))), { mediaType: '' })],
    ['larger than it is called', { ...layerOf(program('app', arm64)), sizeBytes: 100 }],
    ['smaller than it is called', { ...layerOf(program('app', arm64)), sizeBytes: 2 ** 50 }],
  ])('reads a layer that is %s', async (_, layer) => {
    expect((await look(startWith('/app'), [layer])).found).toBe('arm64')
  })

  test.each<readonly [string, Blob]>([
    ['is another thing', blobOf(Buffer.from('<html>'.repeat(1000)))],
    [
      'is damaged',
      blobOf(Buffer.from(gzipSync(archiveOf(program('app', amd64), ballast(100_000)))).fill(0, 0x40, 0x400)),
    ],
    ['is encrypted', { ...layerOf(program('app', amd64)), mediaType: `${oci}+encrypted` }],
    ['is empty', blobOf(Buffer.alloc(0), { sizeBytes: 50 })],
  ])('passes over a layer that %s', async (_, layer) => {
    expect((await look(startWith('/app'), [layerOf(program('app', arm64)), layer])).found).toBe('arm64')
  })

  test('passes over a layer that cannot be had', async () => {
    const [had, missing] = [layerOf(program('app', arm64)), layerOf(program('app', amd64))]
    const { openLayer } = storeOf([had])
    const found = await lookAtProgram({ ...startWith('/app'), layers: [had, missing] }, openLayer, commonLook, never)
    expect(told(found)).toBe('arm64')
  })

  test.each<readonly [string, number, string]>([
    ['with a program that is complete, or so far that it can be read', 512 + 1024, 'arm64'],
    ['with a program of which too little came', 512 + 1023, 'not-found'],
  ])('takes a layer that breaks off %s', async (_, length, expected) => {
    const archive = archiveOf(program('tool', Buffer.concat([arm64, Buffer.alloc(9000)])))
    const openLayer: OpenLayer = async () =>
      ok(
        (async function* () {
          yield archive.subarray(0, length)
          throw new Error('reset')
        })(),
      )
    const question = { ...startWith('/app'), layers: [blobOf(archive)] }
    expect(told(await lookAtProgram(question, openLayer, commonLook, never))).toBe(expected)
  })
})

describe('what a look costs', () => {
  const base = layerOf(directory('bin'), program('bin/sh', amd64), ballast(2 * megabyte, 1))
  const middle = layerOf(program('usr/local/bin/node', amd64), ballast(2 * megabyte, 2))
  const app = layerOf(ballast(megabyte, 3))
  const entry = layerOf(script('entry', '/bin/sh'))
  const empty = blobOf(gzipSync(Buffer.alloc(1024)), { sizeBytes: 32 })
  const layers = [base, middle, app, empty, entry]

  test('is one small layer, where that is enough', async () => {
    const small = layerOf(program('app', amd64))
    expect(await look(startWith('/app'), [base, middle, app, empty, small])).toMatchObject({
      found: 'amd64',
      order: [4],
    })
  })

  test('is the beginning of a large layer, where the program stands there', async () => {
    const { found, order, bytesRead } = await look(startWith('node'), layers)
    expect({ found, order }).toEqual({ found: 'amd64', order: [4, 2, 1] })
    expect(bytesRead).toBeLessThan(entry.sizeBytes + app.sizeBytes + 300_000)
  })

  test('is never more bytes than allowed, of which each layer has its share', async () => {
    const { found, order, bytesRead } = await look(startWith('/entry'), layers, { mostBytes: 600_000 })
    expect({ found, order }).toEqual({ found: 'amd64', order: [4, 2, 1, 0] })
    expect(bytesRead).toBeLessThan(600_000 + layers.length * 16_384)
  })

  test('is never more requests than allowed', async () => {
    expect(await look(startWith('/entry'), layers, { mostLayers: 2 })).toMatchObject({ order: [4, 2] })
  })

  test('is shared out evenly, and what one layer does not need the next ones get', () => {
    const sized = (sizeBytes: number): Layer => ({ digest: `sha256:${'a'.repeat(64)}`, mediaType: '', sizeBytes })
    expect(shareOf(sized(50 * megabyte), 4, 16 * megabyte)).toBe(4 * megabyte)
    expect(shareOf(sized(1000), 4, megabyte)).toBe(megabyte / 2)
    expect(shareOf(sized(1000), 4, 10)).toBe(10)
    expect(shareOf(sized(1000), 1, 16 * megabyte)).toBe(16 * megabyte)
  })

  test('is bounded for a bomb', async () => {
    const zeroes: Entry = { path: 'zeroes', mode: 0o644, bytes: Buffer.alloc(32 * megabyte) }
    for (const pack of [gzipSync, zstdCompressSync]) {
      const bomb = blobOf(pack(archiveOf(zeroes, program('app', amd64))))
      expect(await look(startWith('/app'), [bomb], { mostUnpackedBytes: megabyte })).toMatchObject({
        found: 'not-found',
      })
      expect(await look(startWith('/app'), [bomb])).toMatchObject({ found: 'amd64' })
    }
  })

  test('is bounded for an archive without end, be it names, headers or links', async () => {
    const header = archiveOf(link('app', 'app')).subarray(0, 512)
    const name = archiveOf({ path: 'x', type: 'x', bytes: Buffer.from('7 a=bc\n') }).subarray(0, 1024)
    for (const part of [header, name, archiveOf(directory('d')).subarray(0, 512)]) {
      const endless: OpenLayer = async () =>
        ok(
          (async function* () {
            for (;;) yield Buffer.concat(Array<Buffer>(64).fill(part))
          })(),
        )
      const layers = [blobOf(Buffer.alloc(1000))]
      const found = await lookAtProgram({ ...startWith('/app'), layers }, endless, commonLook, never)
      expect(told(found)).toBe('not-found')
    }
  })

  test('is bounded for a flood of names', async () => {
    let count = 0
    const openLayer: OpenLayer = async () =>
      ok(
        (async function* () {
          const target = pax({ linkpath: 'x'.repeat(4000) })
          for (; ; count++) yield archiveOf(target, link(`l${count}`, '')).subarray(0, -1024)
        })(),
      )
    const options = { ...commonLook, mostBytes: 1024 * megabyte, mostUnpackedBytes: 1024 * megabyte }
    const question = { ...startWith('/app'), layers: [blobOf(Buffer.alloc(100)), blobOf(Buffer.alloc(101))] }
    expect(told(await lookAtProgram(question, openLayer, options, never))).toBe('not-found')
    // 16 MiB of names.
    expect(count).toBeLessThan(4200)
  })
})

describe('the signal of a look', () => {
  const archive = archiveOf(program('tool', arm64), ballast(5000))

  test('that has fired leaves everything alone', async () => {
    const { found, order } = await look(startWith('/app'), [blobOf(archive)], {}, AbortSignal.abort())
    expect({ found, order }).toEqual({ found: 'not-found', order: [] })
  })

  test('ends it with what was seen, though the registry says no more', async () => {
    const stop = new AbortController()
    const openLayer: OpenLayer = async () =>
      ok(
        (async function* () {
          yield archive.subarray(0, 2048)
          stop.abort()
          await new Promise(() => {})
        })(),
      )
    const question = { ...startWith('/app'), layers: [blobOf(archive)] }
    expect(told(await lookAtProgram(question, openLayer, commonLook, stop.signal))).toBe('arm64')
  })

  test('ends it though a layer never opens', async () => {
    const stop = new AbortController()
    const openLayer: OpenLayer = () => {
      stop.abort()
      return new Promise(() => {})
    }
    const question = { ...startWith('/app'), layers: [blobOf(archive)] }
    expect(told(await lookAtProgram(question, openLayer, commonLook, stop.signal))).toBe('not-found')
  })

  test('of a layer fires when enough was read, and before the next one is opened', async () => {
    const signals: AbortSignal[] = []
    const bytes = archiveOf(program('app', arm64), ballast(megabyte))
    const openLayer: OpenLayer = async (_, signal) => {
      expect(signals.every(({ aborted }) => aborted)).toBe(true)
      signals.push(signal)
      return ok(streamOf(signals.length === 1 ? archive : bytes, 4096))
    }
    const layers = [blobOf(bytes), blobOf(archive)]
    await lookAtProgram({ ...startWith('/app'), layers }, openLayer, commonLook, never)
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true])
  })
})

describe('whatever the layers hold', () => {
  const entries = fc.array(
    fc.oneof(
      fc
        .tuple(fc.constantFrom('app', 'bin/app', 'b', 'd/app'), fc.constantFrom('app', '/b', 'd', '../d/app'))
        .map(([from, to]) => link(from, to)),
      fc.constantFrom(
        ...['app', 'b', 'd', 'bin/app'].flatMap(at => [
          program(at, amd64),
          script(at, '/b'),
          directory(at),
          mark(`.wh.${at}`),
        ]),
      ),
      fc.constant(mark('d/.wh..wh..opq')),
    ),
    { maxLength: 5 },
  )
  const change = fc.record({ at: fc.nat(3000), byte: fc.nat(255) })
  const layer = fc.tuple(entries, fc.array(change, { maxLength: 2 }), fc.nat(6000)).map(([list, changes, cut]) => {
    const bytes = archiveOf(...list)
    for (const { at, byte } of changes) if (at < bytes.length) bytes[at] = byte
    return blobOf(bytes.subarray(0, cut), { sizeBytes: 1000 })
  })

  test('the look comes to an end, and says amd64 or nothing', { timeout: 30_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(layer, { maxLength: 3 }),
        fc.constantFrom('/app', 'app', './d/app'),
        async (layers, argv0) => {
          expect((await look(startWith(argv0), layers)).found).toMatch(/^(amd64|not-found)$/)
        },
      ),
      { numRuns: 2000 },
    )
  })
})
