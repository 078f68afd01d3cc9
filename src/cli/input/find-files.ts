import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import type { InputProblem } from './input-problem.ts'
import { problemWith } from './input-problem.ts'
import type { IsMeant } from './path-pattern.ts'
import { systemWords } from './read-bytes.ts'

/** A file to be read. */
export interface FoundFile {
  /** Its whole path. */
  readonly path: string
  /** As it is shown: from the working folder, with forward slashes. */
  readonly name: string
  /** Whether somebody named it. */
  readonly isNamed: boolean
}

/** What was found under some paths. */
export interface FoundFiles {
  readonly files: readonly FoundFile[]
  readonly problems: readonly InputProblem[]
}

/** Options of a search. */
export interface SearchOptions {
  /** The working folder. */
  readonly folder: string
  /** Undefined: files that end in .yaml, .yml or .json. */
  readonly include: IsMeant | undefined
  readonly exclude: IsMeant
  /** Whether workflows of GitHub are looked for, though their folder is hidden. */
  readonly workflows: boolean
}

const mostFiles = 100_000
const mostLevels = 64

const isManifestName = (name: string): boolean => /\.(?:ya?ml|json)$/i.test(name)

interface Search extends SearchOptions {
  readonly files: Map<string, FoundFile>
  readonly problems: InputProblem[]
  isFull: boolean
}

const shownName = (path: string, folder: string): string => {
  const near = relative(folder, path)
  const name = near === '' ? '.' : near.startsWith('..') ? path : near
  return sep === '/' ? name : name.replaceAll(sep, '/')
}

const add = (search: Search, path: string, isNamed: boolean): void => {
  const known = search.files.get(path)
  if (known !== undefined) {
    // It was found in a folder, and is named besides.
    if (isNamed) search.files.set(path, { ...known, isNamed })
  } else if (search.files.size < mostFiles)
    search.files.set(path, { path, name: shownName(path, search.folder), isNamed })
  else if (!search.isFull) {
    search.isFull = true
    search.problems.push(
      problemWith(
        shownName(path, search.folder),
        `is one of more than ${mostFiles} files: name folders that hold fewer`,
      ),
    )
  }
}

const kindOf = async (path: string, entry: Dirent): Promise<'file' | 'folder' | 'other'> => {
  if (entry.isDirectory()) return 'folder'
  if (entry.isFile()) return 'file'
  // A link to a file is read. One to a folder is not followed: it may lead back, and what is inside has a path of its own.
  const isFile =
    entry.isSymbolicLink() &&
    (await stat(path).then(
      stats => stats.isFile(),
      () => false,
    ))
  return isFile ? 'file' : 'other'
}

const isWanted = ({ include, exclude, folder }: Search, path: string, name: string): boolean => {
  const shown = shownName(path, folder)
  return (include?.(shown) ?? isManifestName(name)) && !exclude(shown)
}

/** A hidden folder is passed over, but for the one where GitHub keeps workflows. */
const isEntered = (search: Search, path: string, name: string): boolean => {
  if (name === 'node_modules' || search.exclude(shownName(path, search.folder))) return false
  return !name.startsWith('.') || (search.workflows && name === '.github')
}

/** The templates of a chart are no YAML yet. */
const isChartPart = (name: string): boolean => name === 'templates' || name === 'charts'

const entriesOf = async (search: Search, path: string): Promise<readonly Dirent[]> => {
  try {
    const entries = await readdir(path, { withFileTypes: true })
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    search.problems.push(problemWith(shownName(path, search.folder), systemWords(error)))
    return []
  }
}

const searchFolder = async (search: Search, folder: string, level: number): Promise<void> => {
  const shown = shownName(folder, search.folder)
  if (level > mostLevels) {
    search.problems.push(problemWith(shown, `is nested deeper than ${mostLevels} folders`))
    return
  }
  const entries = await entriesOf(search, folder)
  const isChart = entries.some(({ name }) => name === 'Chart.yaml')
  if (isChart)
    search.problems.push(problemWith(shown, `is a Helm chart: its templates are checked with --helm ${shown}`, 'note'))
  for (const entry of entries) {
    if (search.isFull) return
    const path = join(folder, entry.name)
    const kind = await kindOf(path, entry)
    if (kind === 'file' && !entry.name.startsWith('.') && isWanted(search, path, entry.name)) add(search, path, false)
    const isSkipped = isChart && isChartPart(entry.name)
    if (kind === 'folder' && !isSkipped && isEntered(search, path, entry.name))
      await searchFolder(search, path, level + 1)
  }
}

/** Finds the files under paths that somebody named: files as they are, folders with all that is below. */
export const findFiles = async (paths: readonly string[], options: SearchOptions): Promise<FoundFiles> => {
  const search: Search = { ...options, files: new Map(), problems: [], isFull: false }
  for (const named of paths) {
    const path = resolve(options.folder, named)
    try {
      if ((await stat(path)).isDirectory()) await searchFolder(search, path, 0)
      else add(search, path, true)
    } catch (error) {
      search.problems.push(problemWith(named, systemWords(error)))
    }
  }
  return { files: [...search.files.values()], problems: search.problems }
}
