/** How a report names a file: relative to the root of the sources, or whole. */
export interface FileUri {
  readonly uri: string
  readonly isRelative: boolean
}

const encoded = (path: string): string => path.toWellFormed().split('/').map(encodeURIComponent).join('/')

/** The URI of a file; of one that was named from the file system's root, the whole of it. */
export const fileUri = (file: string): FileUri => {
  const path = file.replaceAll('\\', '/')
  if (/^[A-Za-z]:\//.test(path))
    return { uri: `file:///${path.slice(0, 2)}${encoded(path.slice(2))}`, isRelative: false }
  if (path.startsWith('/')) return { uri: `file://${encoded(path)}`, isRelative: false }
  return { uri: encoded(path.replace(/^(?:\.\/+)+/, '')), isRelative: true }
}
