import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { fail, ok, type Result } from '../lib/result.ts'
import type { ProbeFailure } from './failure.ts'
import type { Take } from './send.ts'

/** Waits until there is room again, or nobody reads any more; no listener stays behind. */
const drained = async (stream: PassThrough): Promise<void> => {
  const over = new AbortController()
  const waits = ['drain', 'close'].map(event => once(stream, event, { signal: over.signal }))
  await Promise.race(waits)
  const left = Promise.allSettled(waits)
  over.abort()
  await left
}

/**
 * Turns what is handed over piece by piece into something that is read piece by piece: the stream as soon as its first
 * piece is there, or the failure where none came. Whoever stops reading stops the other side.
 */
export const streamed = async (
  start: (take: Take) => Promise<Result<unknown, ProbeFailure>>,
): Promise<Result<AsyncIterable<Uint8Array>, ProbeFailure>> => {
  const stream = new PassThrough()
  const began = Promise.withResolvers<Result<unknown, ProbeFailure>>()
  const take: Take = async chunk => {
    began.resolve(ok(undefined))
    if (stream.destroyed) return false
    if (!stream.write(chunk)) await drained(stream)
    return !stream.destroyed
  }
  void start(take).then(result => {
    began.resolve(result)
    stream.end()
  })
  const first = await began.promise
  return first.ok ? ok(stream) : fail(first.error)
}
