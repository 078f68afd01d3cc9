import type { Readable, Writable } from 'node:stream'

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>

/** What a command may use of the process that runs it. */
export interface Surroundings {
  readonly argv: readonly string[]
  readonly environment: Environment
  /** The working folder. */
  readonly folder: string
  /** Undefined: nothing is piped in. */
  readonly stdin?: Readable
  readonly stdout: Writable & { readonly isTTY?: boolean }
  readonly stderr: Writable & { readonly isTTY?: boolean }
  /** Calls back when somebody asks the process to end. */
  readonly onStop: (stop: () => void) => void
  /** Calls back whenever somebody says that the configuration is to be read anew. */
  readonly onReload: (reload: () => void) => void
}

/** How a process ends: done, findings, wrong usage or unreadable input, could not be determined. */
export const exitCodes = { done: 0, findings: 1, usage: 2, undetermined: 3 } as const
