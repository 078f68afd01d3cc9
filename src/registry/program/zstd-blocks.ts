import type { ByteReader } from './byte-reader.ts'

/** The first bytes of a frame of zstd, or of a skippable one, which holds nothing of the content (RFC 8878 §3.1). */
export const isZstdMagic = (magic: number): boolean => magic === 0xfd2fb528 || isSkippable(magic)

const isSkippable = (magic: number): boolean => (magic & 0xfffffff0) >>> 0 === 0x184d2a50

/** Bytes behind the descriptor of a frame (§3.1.1.1): window, dictionary, size of the content. */
const frameHeaderBytes = (descriptor: number): number => {
  const isSingleSegment = (descriptor & 0x20) !== 0
  const contentSize = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0
  return (isSingleSegment ? 0 : 1) + ([0, 1, 2, 4][descriptor & 3] ?? 0) + contentSize
}

const runLength = 1

// 16 MiB are some 400 blocks, or some thousands where every file has a frame of its own. Each costs a turn of its own, even
// an empty one of three bytes.
const mostBlocks = 50_000

/**
 * The frames of a stream, block by block. Node's decompressor leaves out the rest of what it was handed when a frame ends
 * within it, and layers that can be read in parts (zstd:chunked) have a frame for each file: so no piece holds the end of
 * one frame and the beginning of the next.
 */
export async function* zstdBlocks(reader: ByteReader): AsyncGenerator<Uint8Array, void> {
  let left = mostBlocks
  try {
    for (let magic = await nextMagic(reader); magic !== undefined && left-- > 0; magic = await nextMagic(reader)) {
      if (isSkippable(magic.readUInt32LE())) await skipFrame(reader)
      else yield* frameBlocks(reader, magic, () => left-- > 0)
    }
  } finally {
    await reader.close()
  }
}

const nextMagic = async (reader: ByteReader): Promise<Buffer | undefined> => {
  const magic = await reader.take(4)
  return magic.length === 4 && isZstdMagic(magic.readUInt32LE()) ? magic : undefined
}

const skipFrame = async (reader: ByteReader): Promise<void> => {
  const length = await reader.take(4)
  await reader.skip(length.length < 4 ? 0 : length.readUInt32LE())
}

async function* frameBlocks(
  reader: ByteReader,
  magic: Buffer,
  mayGoOn: () => boolean,
): AsyncGenerator<Uint8Array, void> {
  const start = await reader.take(1)
  const descriptor = start[0] ?? 0
  yield Buffer.concat([magic, start, await reader.take(frameHeaderBytes(descriptor))])
  for (let isLast = false; !isLast && mayGoOn(); ) {
    const head = await reader.take(3)
    if (head.length < 3) return
    const header = head.readUIntLE(0, 3)
    isLast = (header & 1) !== 0
    const hasChecksum = isLast && (descriptor & 4) !== 0
    const bytes = ((header >> 1) & 3) === runLength ? 1 : header >> 3
    yield Buffer.concat([head, await reader.take(bytes + (hasChecksum ? 4 : 0))])
  }
}
