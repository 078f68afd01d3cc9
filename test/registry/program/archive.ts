import { posix } from 'node:path'

/** An entry to be put into an archive, field by field: `type` is the flag, `size` may lie. */
export interface Entry {
  readonly path: string
  readonly type?: string
  readonly mode?: number
  readonly target?: string
  readonly prefix?: string
  readonly bytes?: Uint8Array
  readonly size?: number
  readonly sizeField?: Uint8Array
  readonly magic?: string
  readonly isContinued?: boolean
}

const blockBytes = 512

/** Contents, filled up to whole blocks. */
export const blocks = (bytes: Uint8Array): Buffer =>
  Buffer.concat([bytes, Buffer.alloc((blockBytes - (bytes.length % blockBytes)) % blockBytes)])

/** Puts the right checksum into a header. */
export const summed = (header: Buffer): Buffer => {
  header.fill(' ', 148, 156)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return header
}

const headerOf = (entry: Entry): Buffer => {
  const { path, type = '0', mode = 0o755, target = '', prefix = '', bytes, magic = 'ustar\x0000' } = entry
  const header = Buffer.alloc(blockBytes)
  header.write(path, 0, 100)
  header.write(`${mode.toString(8).padStart(7, '0')}\0`, 100)
  header.write(`${(entry.size ?? bytes?.length ?? 0).toString(8).padStart(11, '0')}\0`, 124)
  header.set(entry.sizeField ?? [], 124)
  header.write(type, 156, 'latin1')
  header.write(target, 157, 100)
  header.write(magic, 257, 'latin1')
  header.write(prefix, 345, 155)
  if (entry.isContinued) header[482] = 1
  return summed(header)
}

/** An entry alone. */
export const entryBytes = (entry: Entry): Buffer =>
  Buffer.concat([headerOf(entry), blocks(entry.bytes ?? new Uint8Array())])

/** An archive, with its end. */
export const archiveOf = (...entries: readonly Entry[]): Buffer =>
  Buffer.concat([...entries.map(entryBytes), Buffer.alloc(2 * blockBytes)])

const recordOf = ([name, value]: readonly [string, string]): string => {
  const rest = Buffer.byteLength(` ${name}=${value}\n`)
  const length = rest + String(rest + String(rest).length).length
  return `${length} ${name}=${value}\n`
}

/** The POSIX extension of the next entry. */
export const pax = (records: Readonly<Record<string, string>>, type = 'x'): Entry => ({
  path: 'PaxHeaders/x',
  type,
  bytes: Buffer.from(Object.entries(records).map(recordOf).join('')),
})

/** GNU's long name ('L') or long target ('K') of the next entry. */
export const long = (type: 'L' | 'K', text: string): Entry => ({
  path: '././@LongLink',
  type,
  bytes: Buffer.from(`${text}\0`),
  magic: 'ustar  \0',
})

/** A program, a link, a directory; `.wh.` marks are files. */
export const program = (path: string, bytes: Uint8Array): Entry => ({ path, bytes })
export const link = (path: string, target: string): Entry => ({ path, type: '2', mode: 0o777, target })
export const hardLink = (path: string, target: string): Entry => ({ path, type: '1', target })
export const directory = (path: string): Entry => ({ path: posix.join(path, '/'), type: '5' })
export const script = (path: string, interpreter: string): Entry => program(path, Buffer.from(`#!${interpreter}\n`))
export const mark = (path: string): Entry => ({ path, mode: 0o644 })

/** Bytes as a stream of chunks. */
export async function* streamOf(bytes: Uint8Array, chunkBytes = 64 * 1024): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes)
}

/** All of a stream. */
export const allOf = async <T>(stream: AsyncIterable<T>): Promise<readonly T[]> => {
  const all: T[] = []
  for await (const one of stream) all.push(one)
  return all
}
