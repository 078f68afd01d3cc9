import { readdir, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fail, ok, type Result } from '../../lib/result.ts'
import { codeOf, readSmallFile } from '../../lib/small-file.ts'
import { parseProviders } from './parse-providers.ts'
import type { ProviderConfig } from './provider-config.ts'

/** What is wrong with the configuration of providers, and where; without a place where it is the file as a whole. */
export interface LoadProblem {
  readonly file: string
  readonly line: number | undefined
  readonly column: number | undefined
  readonly what: string
}

const wholeFile = (file: string, what: string): LoadProblem => ({ file, line: undefined, column: undefined, what })

const endings = new Set(['.json', '.yaml', '.yml'])

/** The files of a path: itself, or those of a directory in the order of their names. */
const filesOf = async (path: string): Promise<Result<readonly string[], LoadProblem>> => {
  try {
    if (!(await stat(path)).isDirectory()) return ok([path])
    const found = (await readdir(path, { withFileTypes: true })).filter(
      entry => !entry.isDirectory() && endings.has(extname(entry.name)),
    )
    const files = found
      .map(({ name }) => join(path, name))
      .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    return files.length > 0 ? ok(files) : fail(wholeFile(path, 'holds no *.json, *.yaml or *.yml'))
  } catch (error) {
    return fail(wholeFile(path, `cannot be read: ${codeOf(error)}`))
  }
}

/** What one file says, and what is wrong with it. */
export interface LoadedFile {
  readonly providers: readonly ProviderConfig[]
  readonly problems: readonly LoadProblem[]
}

/** Reads the text of a file. */
export const loadText = (file: string, text: string): LoadedFile => {
  const { providers, problems } = parseProviders(text)
  return { providers, problems: problems.map(problem => ({ file, ...problem })) }
}

const loadFile = async (file: string): Promise<LoadedFile> => {
  const bytes = await readSmallFile(file)
  if (bytes.ok) return loadText(file, bytes.value.toString('utf8'))
  return { providers: [], problems: [wholeFile(file, `cannot be read: ${bytes.error.code ?? bytes.error.problem}`)] }
}

const repeated = (path: string, providers: readonly ProviderConfig[]): readonly LoadProblem[] => {
  const names = providers.map(({ name }) => name)
  const twice = new Set(names.filter((name, index) => name !== '' && names.indexOf(name) < index))
  return [...twice].map(name => wholeFile(path, `names the provider ${name} twice`))
}

/** Puts together what the files of a path say: all of their providers, or everything that is wrong. */
export const joinFiles = (
  path: string,
  loaded: readonly LoadedFile[],
): Result<readonly ProviderConfig[], readonly LoadProblem[]> => {
  const providers = loaded.flatMap(file => file.providers)
  const problems = [...loaded.flatMap(file => file.problems), ...repeated(path, providers)]
  if (problems.length > 0) return fail(problems)
  return providers.length > 0 ? ok(providers) : fail([wholeFile(path, 'must name a provider at least')])
}

/**
 * Loads the credential providers of a file, or of the files of a directory one after another, as the kubelet's
 * `--image-credential-provider-config`.
 */
export const loadProviders = async (path: string): Promise<ReturnType<typeof joinFiles>> => {
  const files = await filesOf(path)
  return files.ok ? joinFiles(path, await Promise.all(files.value.map(loadFile))) : fail([files.error])
}
