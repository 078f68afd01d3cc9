import { firing } from '../../lib/abort.ts'

const close = async (iterator: AsyncIterator<unknown>): Promise<void> => {
  try {
    await iterator.return?.()
  } catch {
    // Nobody is left who would want to know.
  }
}

/**
 * The first bytes of a stream. A stream that breaks, or is still silent when the signal fires, ends here as one that is
 * cut: what came before it is good.
 */
export async function* boundedBytes(
  source: AsyncIterable<Uint8Array>,
  most: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  const iterator = source[Symbol.asyncIterator]()
  const over = firing(signal)
  const silenced = over.fired.then(() => undefined)
  try {
    let left = most
    while (left > 0 && !signal.aborted) {
      const next = await Promise.race([iterator.next(), silenced])
      if (next === undefined || next.done) return
      const chunk = next.value.subarray(0, left)
      // One for an empty chunk, of which there may be many.
      left -= Math.max(1, chunk.length)
      yield chunk
    }
  } catch {
    return
  } finally {
    over.release()
    // Not waited for: a stream that does not answer does not close in time either.
    void close(iterator)
  }
}
