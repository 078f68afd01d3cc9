import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type FileProblem, unreadable } from '../lib/small-file.ts'
import { readAuthorities } from './hosts/tls-files.ts'

/** Where authorities stand that are trusted beside the system's own. */
export interface TrustSources {
  readonly files: readonly string[]
  /** Every file in them that holds a certificate counts. */
  readonly directories: readonly string[]
}

/** Options of a trust. */
export interface TrustOptions extends TrustSources {
  /** A clock in milliseconds that never goes back. */
  readonly nowMs: () => number
  /** Told of each source that cannot be read, once. */
  readonly complain: (problem: FileProblem) => void
}

/** The authorities as they were read last, as PEM; another array after a change. */
export type Trust = () => readonly string[]

// As often as controllers look whether a mounted file has changed.
const keptMs = 10_000

/** The sources that the variables of OpenSSL and Go name. */
export const trustOf = (environment: Readonly<Record<string, string | undefined>>): TrustSources => ({
  files: [environment['SSL_CERT_FILE'] ?? ''].filter(file => file !== ''),
  directories: (environment['SSL_CERT_DIR'] ?? '').split(':').filter(directory => directory !== ''),
})

const filesIn = async (directory: string): Promise<readonly string[] | FileProblem> => {
  try {
    const entries = await readdir(directory, { withFileTypes: true })
    return entries.filter(entry => !entry.isDirectory()).map(({ name }) => join(directory, name))
  } catch (error) {
    return unreadable(directory, error)
  }
}

interface Reading {
  readonly authorities: readonly string[]
  readonly problems: readonly FileProblem[]
}

const readDirectory = async (directory: string): Promise<Reading> => {
  const files = await filesIn(directory)
  if ('problem' in files) return { authorities: [], problems: [files] }
  const found = await Promise.all(files.map(readAuthorities))
  // Directories of authorities hold links, hashes and read-mes besides.
  return { authorities: found.flatMap(each => (each.ok ? each.value : [])), problems: [] }
}

const readFile = async (file: string): Promise<Reading> => {
  const found = await readAuthorities(file)
  return found.ok ? { authorities: found.value, problems: [] } : { authorities: [], problems: [found.error] }
}

const readAll = async ({ files, directories }: TrustSources): Promise<Reading> => {
  const readings = await Promise.all([...files.map(readFile), ...directories.map(readDirectory)])
  return {
    authorities: [...new Set(readings.flatMap(({ authorities }) => authorities))],
    problems: readings.flatMap(({ problems }) => problems),
  }
}

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((text, index) => text === b[index])

/** Reads the sources, and reads them anew behind the back of whoever asks after a while. */
export const createTrust = async (options: TrustOptions): Promise<Trust> => {
  const { nowMs, complain } = options
  const told = new Set<string>()
  let authorities: readonly string[] = []
  let readAtMs = nowMs()
  const read = async (): Promise<void> => {
    readAtMs = nowMs()
    const reading = await readAll(options)
    if (!isSame(reading.authorities, authorities)) authorities = reading.authorities
    for (const problem of reading.problems) {
      if (!told.has(problem.file)) complain(problem)
      told.add(problem.file)
    }
  }
  await read()
  return () => {
    if (nowMs() - readAtMs >= keptMs) void read()
    return authorities
  }
}
