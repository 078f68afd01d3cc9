/** A file in an archive. */
export interface ArchivedFile {
  readonly path: string
  readonly mode: number
  readonly bytes: Uint8Array
}

// POSIX ustar: header and contents each fill whole blocks, and two empty blocks end the archive.
const blockBytes = 512

const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, '0')}\0`

/** The checksum counts its own field as eight spaces. */
const checksum = (header: Uint8Array): number => header.reduce((sum, byte) => sum + byte, 0) + 8 * 0x20

const headerOf = ({ path, mode, bytes }: ArchivedFile): Uint8Array => {
  const header = Buffer.alloc(blockBytes)
  header.write(path, 0)
  header.write(octal(mode, 8), 100)
  header.write(octal(0, 8), 108)
  header.write(octal(0, 8), 116)
  header.write(octal(bytes.length, 12), 124)
  header.write(octal(0, 12), 136)
  header.write('0', 156)
  header.write('ustar\x0000', 257)
  header.write(`${checksum(header).toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

const padding = (length: number): Uint8Array => Buffer.alloc((blockBytes - (length % blockBytes)) % blockBytes)

/** An archive of the files; equal files give equal bytes. */
export const tarOf = (files: readonly ArchivedFile[]): Uint8Array =>
  Buffer.concat([
    ...files.flatMap(file => [headerOf(file), file.bytes, padding(file.bytes.length)]),
    Buffer.alloc(2 * blockBytes),
  ])
