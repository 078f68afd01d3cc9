import { type ByteReader, createByteReader } from './byte-reader.ts'
import { headBytes } from './executable.ts'
import { extended, isExtension, noExtension, type TarExtension, withExtension } from './tar-extension.ts'
import { blockBytes, readTarHeader, type TarHeader } from './tar-header.ts'

/** An entry of an archive, as far as it matters to what can be started. */
export type TarEntry =
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'symbolic-link' | 'hard-link'; readonly path: string; readonly target: string }
  /** A regular file. The first `headBytes` of it, or all; nothing of one that is not executable. */
  | { readonly kind: 'file'; readonly path: string; readonly isExecutable: boolean; readonly head: Buffer }

// As much as Go's archive/tar takes (maxSpecialFileSize).
const mostExtensionBytes = 1024 * 1024

const padded = (size: number): number => Math.ceil(size / blockBytes) * blockBytes

/** The block of a header, and what the entries before it say of it; undefined at the end, be it orderly or not. */
const nextHeader = async (
  reader: ByteReader,
): Promise<readonly [header: TarHeader, extension: TarExtension] | undefined> => {
  let extension = noExtension
  for (;;) {
    const header = readTarHeader(await reader.take(blockBytes))
    if (header === undefined) return undefined
    if (!isExtension(header.type)) return [withExtension(header, extension), extension]
    if (header.sizeBytes > mostExtensionBytes) return undefined
    const body = await reader.take(padded(header.sizeBytes))
    if (body.length < header.sizeBytes) return undefined
    const next = extended(extension, header.type, body.subarray(0, header.sizeBytes))
    if (next === undefined) return undefined
    extension = next
  }
}

/** The map of an old sparse file goes on behind its header, as long as each block says so. */
const skipSparseMap = async (reader: ByteReader, isContinued: boolean): Promise<void> => {
  for (let goesOn = isContinued; goesOn; ) goesOn = ((await reader.take(blockBytes))[504] ?? 0) !== 0
}

const regular = '07'
// Links, devices, directories and pipes have no contents, whatever size is named (Go's archive/tar, isHeaderOnlyType).
const withoutContents = '123456'

const linkKind = (type: string): 'symbolic-link' | 'hard-link' => (type === '2' ? 'symbolic-link' : 'hard-link')

/** A file whose beginning is cut off is none. */
const readFile = async (reader: ByteReader, { path, mode, sizeBytes }: TarHeader): Promise<TarEntry | undefined> => {
  const isExecutable = (mode & 0o111) !== 0
  const wanted = isExecutable ? Math.min(sizeBytes, headBytes) : 0
  const head = await reader.take(wanted)
  return head.length < wanted ? undefined : { kind: 'file', path, isExecutable, head }
}

/**
 * The entries of an archive. What is broken ends it, and so does a cut: everything complete before that counts, as the
 * beginning of a layer is all that is read of a large one. Sparse files and devices are passed over.
 */
export async function* readTar(archive: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry, void> {
  const reader = createByteReader(archive)
  try {
    for (let next = await nextHeader(reader); next !== undefined; next = await nextHeader(reader)) {
      const [header, { isSparse }] = next
      const { type, path, target, sizeBytes } = header
      if (type === '5') yield { kind: 'directory', path }
      else if (type === '1' || type === '2') yield { kind: linkKind(type), path, target }
      if (withoutContents.includes(type)) continue
      if (type === 'S') await skipSparseMap(reader, header.isContinued)
      const file = regular.includes(type) && !isSparse ? await readFile(reader, header) : undefined
      if (file !== undefined) yield file
      await reader.skip(padded(sizeBytes) - (file?.kind === 'file' ? file.head.length : 0))
    }
  } finally {
    await reader.close()
  }
}
