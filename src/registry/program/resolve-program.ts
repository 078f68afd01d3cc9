import { posix } from 'node:path'
import type { Executable } from './executable.ts'
import { createFindFile, type FindFile, type Found } from './find-file.ts'
import type { LayerFiles } from './layer-files.ts'

/** What a container is started with. */
export interface Start {
  /** Entrypoint and command, as they are after the pod's own. */
  readonly argv: readonly string[]
  /** The value of PATH. */
  readonly path: string
  readonly workingDirectory: string
}

/** The program that a start comes to. `names`: what to wait for while it is not there. */
export type Outcome =
  | Exclude<Executable, { kind: 'script' }>
  | { readonly kind: 'missing'; readonly names: ReadonlySet<string> }

// As Linux: an interpreter may be a script itself, but not for ever (fs/exec.c, exec_binprm).
const mostInterpreters = 5

const mostDirectories = 32

/** The directories that are looked through for a name without a slash. */
export const searchedDirectories = ({ path, workingDirectory }: Start): readonly string[] =>
  path
    .split(':', mostDirectories)
    .map(directory => `${directory.startsWith('/') ? '' : `${workingDirectory}/`}${directory}`)

const candidates = (start: Start): readonly string[] => {
  const [program] = start.argv
  if (program === undefined || program === '') return []
  if (program.startsWith('/')) return [program]
  if (program.includes('/')) return [`${start.workingDirectory}/${program}`]
  return searchedDirectories(start).map(directory => `${directory}/${program}`)
}

const firstFile = (find: FindFile, paths: readonly string[]): Executable | readonly Found[] => {
  const misses: Found[] = []
  for (const path of paths) {
    const found = find(path)
    if (found.kind === 'file') return found.file
    misses.push(found)
  }
  return misses
}

const namesOf = (misses: readonly Found[]): ReadonlySet<string> =>
  new Set(misses.flatMap(miss => (miss.kind === 'missing' && miss.name !== '' ? miss.name : [])))

/** Follows a start to its program, through links and the interpreters of scripts. The top layer comes first. */
export const resolveProgram = (start: Start, layers: readonly LayerFiles[]): Outcome => {
  const find = createFindFile(layers)
  let paths = candidates(start)
  for (let depth = 0; depth <= mostInterpreters; depth++) {
    const file = firstFile(find, paths)
    if (!('kind' in file)) return { kind: 'missing', names: namesOf(file) }
    if (file.kind !== 'script') return file
    paths = [posix.isAbsolute(file.interpreter) ? file.interpreter : `${start.workingDirectory}/${file.interpreter}`]
  }
  return { kind: 'unread' }
}
