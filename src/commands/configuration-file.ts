import { isUtf8 } from 'node:buffer'
import { stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Complaint } from '../config/complaint.ts'
import type { Configuration } from '../config/configuration.ts'
import { defaultConfiguration } from '../config/defaults.ts'
import type { Origin } from '../config/origin.ts'
import { fail, ok, type Result } from '../lib/result.ts'
import { codeOf, type FileProblem, readSmallFile } from '../lib/small-file.ts'

/** A file of configuration, by its path as it is shown, and whether somebody named it. */
export interface ConfigurationFile {
  readonly path: string
  readonly origin: Origin
}

/** What a file says. */
export interface ReadFile {
  readonly text: string
  readonly configuration: Configuration
}

/** The configuration that holds, and where it is from: undefined where there is no file. */
export interface Loaded {
  readonly configuration: Configuration
  readonly from: (ConfigurationFile & Pick<ReadFile, 'text'>) | undefined
}

/** Why a file cannot be used, in lines for people, and what was read. */
export interface Unusable {
  readonly text: string | undefined
  readonly lines: readonly string[]
}

const usualName = 'pullgate.yaml'

const problemLine = (path: string, { problem, code }: FileProblem): string =>
  problem === 'too-large'
    ? `${path} is larger than 1 MiB, which no configuration is.`
    : `${path} cannot be read (${code || 'unknown reason'}): no configuration was taken from it.`

/** A complaint as editors and terminals know it: `file:line:column: path: what`. */
const complaintLine = (path: string, complaint: Complaint): string =>
  [`${path}:${complaint.line}:${complaint.column}`, complaint.path, complaint.what]
    .filter(part => part !== '')
    .join(': ')

/** What the file says, with the paths in it taken from the folder that it stands in. */
const withWholePaths = (configuration: Configuration, folder: string): Configuration => {
  const { registries, credentials, serve } = configuration
  const whole = (path: string): string => resolve(folder, path)
  const { registriesConf, registriesYaml } = registries
  const { dockerConfig, providers } = credentials
  const { certificates, clientCa } = serve
  return {
    ...configuration,
    registries: {
      ...registries,
      certsDir: registries.certsDir.map(whole),
      ca: registries.ca.map(whole),
      ...(registriesConf === undefined ? {} : { registriesConf: whole(registriesConf) }),
      ...(registriesYaml === undefined ? {} : { registriesYaml: whole(registriesYaml) }),
    },
    credentials: {
      ...credentials,
      ...(dockerConfig === undefined ? {} : { dockerConfig: whole(dockerConfig) }),
      ...(providers === undefined
        ? {}
        : { providers: { config: whole(providers.config), binDir: whole(providers.binDir) } }),
    },
    serve: {
      ...serve,
      certificates:
        certificates === 'self' ? certificates : { cert: whole(certificates.cert), key: whole(certificates.key) },
      ...(clientCa === undefined ? {} : { clientCa: whole(clientCa) }),
    },
  }
}

/** Reads a file of configuration; the folder is the one that paths are taken from. */
export const readConfigurationFile = async (
  { path, origin }: ConfigurationFile,
  folder: string,
): Promise<Result<ReadFile, Unusable>> => {
  const whole = resolve(folder, path)
  const bytes = await readSmallFile(whole)
  if (!bytes.ok) return fail({ text: undefined, lines: [problemLine(path, bytes.error)] })
  const text = bytes.value.toString()
  if (!isUtf8(bytes.value)) return fail({ text, lines: [`${path} is not UTF-8.`] })
  // Most runs have no file, and its validator takes a tenth of a second to load.
  const { readConfiguration } = await import('../config/read.ts')
  const read = readConfiguration(text, origin)
  if (!read.ok) return fail({ text, lines: read.error.map(complaint => complaintLine(path, complaint)) })
  return ok({ text, configuration: withWholePaths(read.value, dirname(whole)) })
}

/** Whether there is something of this name; if that cannot be told, there may be. */
const isThere = async (path: string): Promise<boolean> => {
  try {
    await stat(path)
    return true
  } catch (error) {
    return !['ENOENT', 'ENOTDIR'].includes(codeOf(error))
  }
}

/** The root of the repository that a folder is in: the nearest folder with a .git, which in a work tree is a file. */
const repositoryRoot = async (folder: string): Promise<string | undefined> => {
  if (await isThere(join(folder, '.git'))) return folder
  const parent = dirname(folder)
  return parent === folder ? undefined : repositoryRoot(parent)
}

const findFile = async (folder: string): Promise<ConfigurationFile | undefined> => {
  if (await isThere(join(folder, usualName))) return { path: usualName, origin: 'found' }
  const root = await repositoryRoot(folder)
  const path = root === undefined ? undefined : join(root, usualName)
  return path !== undefined && (await isThere(path)) ? { path, origin: 'found' } : undefined
}

/**
 * The configuration that holds in a folder: of the file that was named, else of pullgate.yaml in the folder or in the root of
 * its repository, else the defaults.
 */
export const loadConfiguration = async (
  named: string | undefined,
  folder: string,
): Promise<Result<Loaded, readonly string[]>> => {
  const file: ConfigurationFile | undefined =
    named === undefined ? await findFile(folder) : { path: named, origin: 'named' }
  if (file === undefined) return ok({ configuration: defaultConfiguration(), from: undefined })
  const read = await readConfigurationFile(file, folder)
  if (!read.ok) return fail(read.error.lines)
  return ok({ configuration: read.value.configuration, from: { ...file, text: read.value.text } })
}
