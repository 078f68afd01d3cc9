import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { fail, ok, type Result } from './result.ts'

/** Why a file or a directory cannot be used. */
export interface FileProblem {
  readonly file: string
  readonly problem: 'unreadable' | 'too-large' | 'no-certificate' | 'no-key-pair'
  /** The system's code, such as EACCES, where it is the system that refuses. */
  readonly code: string | undefined
}

/** The system's code of an exception, or the empty text. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

/** The problem that an exception of the file system is. */
export const unreadable = (file: string, error: unknown): FileProblem => ({
  file,
  problem: 'unreadable',
  code: codeOf(error),
})

// 1 MiB: the CA bundle of a distribution has some 220 KiB.
const mostBytes = 1024 * 1024

// What most of them fit into.
const firstBytes = 16 * 1024

/** The bytes up to the end, or one more than may be: what the system says of a length need not hold, as in /proc. */
const readSome = async (handle: FileHandle): Promise<Buffer> => {
  let [bytes, length] = [Buffer.allocUnsafe(firstBytes), 0]
  for (;;) {
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length)
    length += bytesRead
    if (bytesRead === 0 || length > mostBytes) return bytes.subarray(0, length)
    if (length === bytes.length) bytes = Buffer.concat([bytes], Math.min(8 * bytes.length, mostBytes + 1))
  }
}

/** The bytes of a plain file of no more than 1 MiB. */
export const readSmallFile = async (file: string): Promise<Result<Buffer, FileProblem>> => {
  let handle: FileHandle | undefined
  try {
    // Not blocking: to open a pipe would otherwise wait until somebody writes to it.
    handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK)
    if (!(await handle.stat()).isFile()) return fail({ file, problem: 'unreadable', code: 'ENOTFILE' })
    const bytes = await readSome(handle)
    return bytes.length > mostBytes ? fail({ file, problem: 'too-large', code: undefined }) : ok(bytes)
  } catch (error) {
    return fail(unreadable(file, error))
  } finally {
    await handle?.close().catch(() => undefined)
  }
}
