import { posix } from 'node:path'
import { type Executable, readExecutable } from './executable.ts'
import type { TarEntry } from './tar.ts'

/** What stands at a path. Hard links are followed like the symbolic ones. */
export type Kept = Executable | { readonly kind: 'directory' } | { readonly kind: 'link'; readonly target: string }

/** What a layer has to do with files that can be started. Paths begin with a slash and have no dots in them. */
export interface LayerFiles {
  readonly entries: ReadonlyMap<string, Kept>
  /** What the layers below had at these paths is gone. */
  readonly removed: ReadonlySet<string>
  /** What the layers below had in these directories is gone. */
  readonly opaque: ReadonlySet<string>
}

/** Something of a layer that was kept. */
export interface Noted {
  readonly path: string
  readonly kept: Kept | undefined
}

/** A layer that is being read. */
export interface LayerInReading {
  readonly files: LayerFiles
  /** Keeps what matters of an entry: undefined where nothing does. */
  readonly add: (entry: TarEntry) => Noted | undefined
}

// PATH_MAX (include/uapi/linux/limits.h).
const mostPathCharacters = 4096

// The marks of the OCI's image-spec layer.md, which come from AUFS; that has some more of its own.
const removedPrefix = '.wh.'
const ownPrefix = '.wh..wh.'
const opaqueName = '.wh..wh..opq'

/** Files that cannot be executed are left out: they are most of an image, and the memory is for a stranger's names. */
const keptOf = (entry: TarEntry): Kept | undefined => {
  switch (entry.kind) {
    case 'directory':
      return { kind: 'directory' }
    case 'symbolic-link':
      return { kind: 'link', target: entry.target }
    case 'hard-link':
      // Its target is a path of the archive, from the root.
      return { kind: 'link', target: `/${entry.target}` }
    case 'file':
      return entry.isExecutable ? readExecutable(entry.head) : undefined
  }
}

/** A layer of which nothing has been read yet. */
export const createLayerInReading = (): LayerInReading => {
  const [entries, removed, opaque] = [new Map<string, Kept>(), new Set<string>(), new Set<string>()]

  const addMark = (directory: string, name: string): Noted | undefined => {
    if (name === opaqueName) opaque.add(directory)
    if (name.startsWith(ownPrefix)) return undefined
    const path = posix.join(directory, name.slice(removedPrefix.length))
    removed.add(path)
    return { path, kept: undefined }
  }

  const add = (entry: TarEntry): Noted | undefined => {
    if (entry.path.length > mostPathCharacters) return undefined
    const path = posix.resolve('/', entry.path)
    const name = posix.basename(path)
    if (name.startsWith(removedPrefix)) return addMark(posix.dirname(path), name)
    const kept = keptOf(entry)
    if (kept === undefined || (kept.kind === 'link' && kept.target.length > mostPathCharacters)) return undefined
    entries.set(path, kept)
    return { path, kept }
  }
  return { files: { entries, removed, opaque }, add }
}
