import { pipeline } from 'node:stream'
import { constants, createGunzip, createZstdDecompress } from 'node:zlib'
import { createByteReader } from './byte-reader.ts'
import { isZstdMagic, zstdBlocks } from './zstd-blocks.ts'

// RFC 1952: two bytes, and the one method that there is.
const gzipMagic = Buffer.from([0x1f, 0x8b, 0x08])

const chunkSize = 64 * 1024

// Without an end the formats are broken; what came before the cut is wanted all the same.
const gunzip = () => createGunzip({ chunkSize, finishFlush: constants.Z_SYNC_FLUSH })

// 2^25: 32 MiB of memory, the most that the encoder of BuildKit and containerd asks for (klauspost/compress, SpeedBestCompression).
const mostWindowLog = 25

const unzstd = () =>
  createZstdDecompress({
    chunkSize,
    finishFlush: constants.ZSTD_e_continue,
    params: { [constants.ZSTD_d_windowLogMax]: mostWindowLog },
  })

const through = (
  packed: AsyncIterable<Uint8Array>,
  decompressor: ReturnType<typeof gunzip | typeof unzstd>,
): AsyncIterable<Uint8Array> => {
  // What breaks is told to the reader of the decompressor.
  pipeline(packed, decompressor, () => {})
  return decompressor
}

async function* startingWith(start: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  yield start
  yield* rest
}

/**
 * A layer's archive. As in containerd (pkg/archive/compression), the first bytes say how it is packed: a media type may
 * lie. The reader bounds what comes out.
 */
export async function* unpackedBytes(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const peeking = createByteReader(packed)
  const start = await peeking.take(4)
  const all = startingWith(start, peeking.rest())
  if (start.length === 4 && isZstdMagic(start.readUInt32LE()))
    yield* through(zstdBlocks(createByteReader(all)), unzstd())
  else if (start.subarray(0, 3).equals(gzipMagic)) yield* through(all, gunzip())
  else yield* all
}
