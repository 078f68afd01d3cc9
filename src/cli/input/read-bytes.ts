import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { fail, ok, type Result } from '../../lib/result.ts'
import { codeOf } from '../../lib/small-file.ts'
import { mostInputBytes, tooLarge } from './text-of-bytes.ts'

/** What the system said, as the end of a sentence that begins with a name. */
export const systemWords = (error: unknown): string => {
  const code = codeOf(error)
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'does not exist'
    case 'EACCES':
    case 'EPERM':
      return 'may not be read by this user'
    case 'ELOOP':
      return 'is a link that leads to itself'
    default:
      return `cannot be read (${code || 'unknown reason'})`
  }
}

/** The bytes of a plain file; a failure is the end of a sentence that begins with its name. */
export const readBytes = async (path: string): Promise<Result<Buffer, string>> => {
  try {
    // Not blocking: to open a pipe would otherwise wait until somebody writes to it.
    await using handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const stats = await handle.stat()
    if (!stats.isFile()) return fail('is no plain file')
    if (stats.size > mostInputBytes) return fail(tooLarge)
    return ok(await handle.readFile())
  } catch (error) {
    return fail(systemWords(error))
  }
}

/** The bytes of a stream to its end; undefined where there are too many. */
export const readStream = async (stream: AsyncIterable<Uint8Array | string>): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk)
    length += bytes.length
    if (length > mostInputBytes) return undefined
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}
