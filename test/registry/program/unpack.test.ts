import { constants, gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { boundedBytes } from '../../../src/registry/program/bounded.ts'
import { createByteReader } from '../../../src/registry/program/byte-reader.ts'
import { unpackedBytes } from '../../../src/registry/program/unpack.ts'
import { zstdBlocks } from '../../../src/registry/program/zstd-blocks.ts'
import { allOf, streamOf } from './archive.ts'

const never = new AbortController().signal

/** Repeats itself only after a while, so that no format packs it into nothing. */
const noise = (length: number): Buffer => {
  const bytes = Buffer.alloc(length)
  let state = 1
  for (let at = 0; at < length; at++) {
    state = Math.imul(state, 1_664_525) + 1_013_904_223
    bytes[at] = state >>> 24
  }
  return bytes
}

const unpacked = async (packed: Uint8Array, chunkBytes?: number, most = 2 ** 30): Promise<Buffer> =>
  Buffer.concat(await allOf(boundedBytes(unpackedBytes(streamOf(packed, chunkBytes)), most, never)))

const content = noise(300_000)
const skippable = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3])
const flagged = { params: { [constants.ZSTD_c_checksumFlag]: 1, [constants.ZSTD_c_contentSizeFlag]: 0 } }
const half = [content.subarray(0, 150_000), content.subarray(150_000)] as const

describe('a layer', () => {
  test.each<readonly [string, Uint8Array]>([
    ['as it is', content],
    ['by gzip', gzipSync(content)],
    ['by gzip in two members', Buffer.concat(half.map(each => gzipSync(each)))],
    ['by gzip, with zeroes behind it', Buffer.concat([gzipSync(content), Buffer.alloc(1000)])],
    ['by zstd', zstdCompressSync(content)],
    ['by zstd with a checksum and no size', zstdCompressSync(content, flagged)],
    ['by zstd in two frames', Buffer.concat(half.map(each => zstdCompressSync(each, flagged)))],
    ['by zstd with a skippable frame first', Buffer.concat([skippable, zstdCompressSync(content)])],
    [
      'by zstd with skippable frames between',
      Buffer.concat([skippable, ...half.flatMap(each => [zstdCompressSync(each), skippable])]),
    ],
    [
      'by zstd in a thousand frames',
      Buffer.concat(
        Array.from({ length: 1000 }, (_, at) => zstdCompressSync(content.subarray(at * 300, at * 300 + 300))),
      ),
    ],
  ])('packed %s is unpacked, whatever the chunks', async (_, packed) => {
    for (const chunkBytes of [997, 65_536, packed.length])
      expect((await unpacked(packed, chunkBytes)).equals(content), String(chunkBytes)).toBe(true)
  })

  test('that is empty or tiny is what it is', async () => {
    for (const text of ['', 'a', 'abc', 'abcd']) expect(String(await unpacked(Buffer.from(text)))).toBe(text)
  })

  test.each<readonly [string, Uint8Array, number]>([
    ['gzip', gzipSync(content), 1000],
    ['zstd', zstdCompressSync(content), 128 * 1024],
  ])('packed by %s that is cut gives what comes before the cut', async (_, packed, most) => {
    const before = await unpacked(packed.subarray(0, 200_000))
    expect(before.length).toBeGreaterThanOrEqual(200_000 - most)
    expect(before.equals(content.subarray(0, before.length))).toBe(true)
  })

  test.each<readonly [string, Buffer]>([
    ['gzip', gzipSync(content)],
    ['zstd', zstdCompressSync(content, flagged)],
  ])('packed by %s that is damaged ends', async (_, packed) => {
    const damaged = Buffer.from(packed)
    damaged.fill(0x55, 1000, 3000)
    expect((await unpacked(damaged)).length).toBeLessThanOrEqual(content.length + 131_072)
  })

  test('that wants more memory than its kind needs is left alone', async () => {
    const greedy = { params: { [constants.ZSTD_c_windowLog]: 27, [constants.ZSTD_c_contentSizeFlag]: 0 } }
    const { createZstdCompress } = await import('node:zlib')
    const stream = createZstdCompress(greedy)
    stream.end(content)
    expect(await unpacked(Buffer.concat(await allOf<Buffer>(stream)))).toHaveLength(0)
  })
})

describe('a bomb', () => {
  const most = 4 * 1024 * 1024
  const zeroes = Buffer.alloc(256 * 1024 * 1024)

  test.each<readonly [string, () => Uint8Array]>([
    ['gzip', () => gzipSync(zeroes.subarray(0, 64 * 1024 * 1024))],
    ['gzip in many members', () => Buffer.concat(Array<Buffer>(100).fill(gzipSync(zeroes.subarray(0, 1024 * 1024))))],
    ['zstd', () => zstdCompressSync(zeroes)],
    [
      'zstd in many frames',
      () => Buffer.concat(Array<Buffer>(100).fill(zstdCompressSync(zeroes.subarray(0, 1024 * 1024)))),
    ],
  ])('of %s gives no more than was asked for, and needs no more memory', async (_, pack) => {
    const bomb = pack()
    const before = process.memoryUsage().arrayBuffers
    let length = 0
    let highest = 0
    for await (const chunk of boundedBytes(unpackedBytes(streamOf(bomb)), most, never)) {
      length += chunk.length
      highest = Math.max(highest, process.memoryUsage().arrayBuffers)
    }
    expect(length).toBe(most)
    expect(highest - before).toBeLessThan(16 * 1024 * 1024)
  })

  test('of blocks that hold nothing is counted out', async () => {
    const start = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58])
    const bomb = Buffer.concat([start, Buffer.alloc(600_000)])
    const blocks = await allOf(zstdBlocks(createByteReader(streamOf(bomb))))
    expect(blocks.length).toBeLessThanOrEqual(50_001)
  })
})

describe('the bound on a stream', () => {
  test('ends it at the very byte, and closes it', async () => {
    let isClosed = false
    const endless = async function* (): AsyncGenerator<Uint8Array, void> {
      try {
        for (;;) yield Buffer.alloc(1000)
      } finally {
        isClosed = true
      }
    }
    expect(Buffer.concat(await allOf(boundedBytes(endless(), 2500, never)))).toHaveLength(2500)
    expect(isClosed).toBe(true)
  })

  test('ends a stream of nothing but empty chunks', async () => {
    const empty = async function* (): AsyncGenerator<Uint8Array, void> {
      for (;;) yield Buffer.alloc(0)
    }
    expect(Buffer.concat(await allOf(boundedBytes(empty(), 5000, never)))).toHaveLength(0)
  })

  test('takes a stream that breaks as one that is cut', async () => {
    const broken = async function* (): AsyncGenerator<Uint8Array, void> {
      yield Buffer.from('before')
      throw new Error('reset')
    }
    expect(Buffer.concat(await allOf(boundedBytes(broken(), 5000, never))).toString()).toBe('before')
  })

  test('ends a stream that is silent when the signal fires', async () => {
    const stop = new AbortController()
    const silent = async function* (): AsyncGenerator<Uint8Array, void> {
      yield Buffer.from('before')
      stop.abort()
      await new Promise(() => {})
    }
    expect(Buffer.concat(await allOf(boundedBytes(silent(), 5000, stop.signal))).toString()).toBe('before')
  })
})

describe('whatever a layer holds', () => {
  const start = fc.constantFrom(
    gzipSync('hello'),
    zstdCompressSync('hello'),
    Buffer.concat([skippable, zstdCompressSync('hello', flagged)]),
    Buffer.from([0x1f, 0x8b, 0x08]),
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd]),
    Buffer.alloc(0),
  )

  test('it is unpacked to an end, without a complaint', { timeout: 30_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        start,
        fc.uint8Array({ maxLength: 60 }),
        fc.nat(100),
        fc.nat(100),
        async (head, tail, cut, at) => {
          const bytes = Buffer.concat([head, tail]).subarray(0, cut)
          if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ 0x10
          expect((await unpacked(bytes, 16, 100_000)).length).toBeLessThanOrEqual(100_000)
        },
      ),
      { numRuns: 2000 },
    )
  })
})
