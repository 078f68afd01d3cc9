import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { closedAfterTest } from '../support/lifetime.ts'

/** A directory that lives as long as the test. */
export const directoryForTest = async (): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'pullgate-credentials-'))
  closedAfterTest({ close: () => rm(directory, { recursive: true, force: true }) })
  return directory
}

/** Writes a shell script that can be run. */
export const writeProgram = async (directory: string, name: string, script: string): Promise<string> => {
  const file = join(directory, name)
  await writeFile(file, `#!/bin/sh\n${script}\n`)
  await chmod(file, 0o755)
  return file
}

/** The environment of the scripts: the directories of the usual tools, behind these. */
export const pathOf = (...directories: readonly string[]): { readonly PATH: string } => ({
  PATH: [...directories, '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
})
