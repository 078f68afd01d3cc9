import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { run } from '../../src/commands/program.ts'
import type { Surroundings } from '../../src/commands/surroundings.ts'
import { closedAfterTest } from '../support/lifetime.ts'

/** What a command said, and how it ended. */
export interface Run {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A stream that keeps what is written to it. */
export const collector = (): { readonly stream: Writable; readonly text: () => string } => {
  const chunks: string[] = []
  const stream = new Writable({
    write: (chunk, _, done) => {
      chunks.push(String(chunk))
      done()
    },
  })
  return { stream, text: () => chunks.join('') }
}

/** A new folder that is gone after the test. */
export const folder = async (): Promise<string> => {
  const path = await mkdtemp(join(tmpdir(), 'pullgate-command-'))
  closedAfterTest({ close: () => rm(path, { recursive: true }) })
  return path
}

/** Runs a command as main.ts would, in a folder without configuration unless told otherwise. */
export const pullgate = async (argv: readonly string[], given: Partial<Surroundings> = {}): Promise<Run> => {
  const [stdout, stderr] = [collector(), collector()]
  const code = await run({
    argv,
    environment: {},
    folder: '/nonexistent',
    stdout: stdout.stream,
    stderr: stderr.stream,
    onStop: () => {},
    onReload: () => {},
    ...given,
  })
  return { code, stdout: stdout.text(), stderr: stderr.text() }
}
