import type { TarHeader } from './tar-header.ts'

/** What the entries before an entry say of it, in the place of its header. */
export interface TarExtension {
  readonly path: string | undefined
  readonly target: string | undefined
  readonly sizeBytes: number | undefined
  readonly isSparse: boolean
}

/** Nothing said. */
export const noExtension: TarExtension = { path: undefined, target: undefined, sizeBytes: undefined, isSparse: false }

/** Whether an entry says something of the next one (or, 'g', of all that follow, to which containerd does not listen). */
export const isExtension = (type: string): boolean => 'xgLK'.includes(type)

/** The records of POSIX: a length that counts itself, a blank, a name, "=", a value, a line end. */
const paxRecords = (body: Buffer): ReadonlyMap<string, string> | undefined => {
  const records = new Map<string, string>()
  for (let at = 0; at < body.length; ) {
    const length = /^(\d{1,7}) /.exec(body.toString('latin1', at, at + 8))?.[1] ?? ''
    const end = at + Number(length)
    const equals = body.indexOf('=', at + length.length)
    if (length === '' || end > body.length || equals < 0 || equals >= end - 1 || body[end - 1] !== 0x0a)
      return undefined
    records.set(body.toString('utf8', at + length.length + 1, equals), body.toString('utf8', equals + 1, end - 1))
    at = end
  }
  return records
}

const withPax = (before: TarExtension, body: Buffer): TarExtension | undefined => {
  const records = paxRecords(body)
  const size = records?.get('size')
  if (records === undefined || (size !== undefined && !/^\d{1,15}$/.test(size))) return undefined
  return {
    path: before.path ?? records.get('path'),
    target: before.target ?? records.get('linkpath'),
    sizeBytes: size === undefined ? before.sizeBytes : Number(size),
    isSparse: before.isSparse || [...records.keys()].some(name => name.startsWith('GNU.sparse.')),
  }
}

const longText = (body: Buffer): string => body.toString('utf8').split('\0', 1)[0] ?? ''

/** Adds what an entry of that type says; undefined where it is broken. */
export const extended = (before: TarExtension, type: string, body: Buffer): TarExtension | undefined => {
  // GNU's names stand above those of POSIX, as in Go's archive/tar.
  if (type === 'L') return { ...before, path: longText(body) }
  if (type === 'K') return { ...before, target: longText(body) }
  return type === 'x' ? withPax(before, body) : before
}

/** The header as it is meant. */
export const withExtension = (header: TarHeader, { path, target, sizeBytes }: TarExtension): TarHeader => ({
  ...header,
  path: path ?? header.path,
  target: target ?? header.target,
  sizeBytes: sizeBytes ?? header.sizeBytes,
})
