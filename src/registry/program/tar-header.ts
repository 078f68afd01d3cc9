/** What the header of an entry says, before the entries that extend it. */
export interface TarHeader {
  readonly path: string
  readonly mode: number
  readonly sizeBytes: number
  /** '0' regular, '1' hard link, '2' symbolic link, '5' directory, 'x', 'g', 'L' and 'K' extend others, 'S' sparse. */
  readonly type: string
  readonly target: string
  /** Whether a block of an old sparse map follows. */
  readonly isContinued: boolean
}

/** Header and contents each fill whole blocks. */
export const blockBytes = 512

// No file is larger, and the sum of two still counts exactly.
const mostSizeBytes = 2 ** 52

const textAt = (block: Buffer, at: number, width: number): string => {
  const end = block.indexOf(0, at)
  return block.toString('utf8', at, end < 0 ? at + width : Math.min(end, at + width))
}

/** Octal digits among blanks, or, for what they cannot hold, binary with the first bit set; below zero is no number. */
const numberAt = (block: Buffer, at: number, width: number): number | undefined => {
  const first = block.readUInt8(at)
  if (first >= 0xc0) return undefined
  if (first >= 0x80) {
    const bytes = block.subarray(at + 1, at + width)
    return bytes.reduce((sum, byte) => sum * 256 + byte, first & 0x3f)
  }
  const text = block.toString('latin1', at, at + width)
  const [, octal] = /^[ \0]*([0-7]*)(?:[ \0]|$)/.exec(text) ?? []
  if (octal === undefined) return undefined
  return octal === '' ? 0 : Number.parseInt(octal, 8)
}

/** The checksum counts its own field as eight blanks; some old writers added the bytes up as signed ones. */
const isIntact = (block: Buffer): boolean => {
  const said = numberAt(block, 148, 8)
  let [unsigned, signed] = [8 * 0x20, 8 * 0x20]
  for (let at = 0; at < blockBytes; at++) {
    const byte = at >= 148 && at < 156 ? 0 : (block[at] ?? 0)
    unsigned += byte
    signed += (byte << 24) >> 24
  }
  return said === unsigned || said === signed
}

const pathOf = (block: Buffer): string => {
  const [name, prefix] = [textAt(block, 0, 100), textAt(block, 345, 155)]
  // GNU's own format ends its magic with blanks and has other fields in the place of the prefix.
  const isPosix = block.toString('latin1', 257, 263) === 'ustar\0'
  return isPosix && prefix !== '' ? `${prefix}/${name}` : name
}

/** Reads a header; the block of zeroes at the end of an archive is none, nor is anything else that is broken. */
export const readTarHeader = (block: Buffer): TarHeader | undefined => {
  if (block.length < blockBytes || !isIntact(block)) return undefined
  const [mode, sizeBytes] = [numberAt(block, 100, 8), numberAt(block, 124, 12)]
  if (mode === undefined || sizeBytes === undefined || sizeBytes > mostSizeBytes) return undefined
  const path = pathOf(block)
  const flag = block.toString('latin1', 156, 157)
  // Before POSIX a regular file had no flag, and a directory was one that ended with a slash.
  const type = flag === '\0' ? (path.endsWith('/') ? '5' : '0') : flag
  return { path, mode, sizeBytes, type, target: textAt(block, 157, 100), isContinued: block[482] !== 0 }
}
