/** Takes bytes from a stream in the portions that a format wants. */
export interface ByteReader {
  /** The next bytes; fewer where the stream ends. */
  readonly take: (count: number) => Promise<Buffer>
  /** Passes over bytes, as far as there are any. */
  readonly skip: (count: number) => Promise<void>
  /** All the bytes that are left, as they come. */
  readonly rest: () => AsyncGenerator<Uint8Array, void>
  /** Closes the stream. */
  readonly close: () => Promise<void>
}

const empty = Buffer.alloc(0)
const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength)

/** Reads a stream in portions. */
export const createByteReader = (source: AsyncIterable<Uint8Array>): ByteReader => {
  const iterator = source[Symbol.asyncIterator]()
  let held: Buffer = empty

  /** Whether there are more bytes in hand than before. */
  const fetch = async (): Promise<boolean> => {
    const next = await iterator.next()
    if (next.done) return false
    held = asBuffer(next.value)
    return true
  }

  const split = (count: number): Buffer => {
    const taken = held.subarray(0, count)
    held = held.subarray(count)
    return taken
  }

  const close = async (): Promise<void> => void (await iterator.return?.())

  return {
    take: async count => {
      if (held.length >= count) return split(count)
      const parts = [split(held.length)]
      let missing = count - (parts[0]?.length ?? 0)
      while (missing > 0 && (await fetch())) {
        const part = split(missing)
        missing -= part.length
        parts.push(part)
      }
      return Buffer.concat(parts)
    },
    skip: async count => {
      let left = count - split(count).length
      while (left > 0 && (await fetch())) left -= split(left).length
    },
    rest: async function* () {
      try {
        if (held.length > 0) yield split(held.length)
        while (await fetch()) yield split(held.length)
      } finally {
        await close()
      }
    },
    close,
  }
}
