import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** How a program ended, and what it said. */
export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** How a program is run. */
export interface RunOptions {
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
  readonly input?: string
}

/** Where Pullgate begins. */
export const pullgateMain: string = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

const mostBytes = 64 * 1024 * 1024
const patienceMs = 60_000

/** Runs a program until it ends; no code is an exception. */
export const runProgram = (path: string, args: readonly string[], options: RunOptions): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const { folder: cwd, environment, input = '' } = options
    const env = { PATH: process.env['PATH'], HOME: cwd, ...environment }
    const child = execFile(
      path,
      args,
      { cwd, env, maxBuffer: mostBytes, timeout: patienceMs },
      (error, stdout, stderr) => {
        if (error !== null && typeof error.code !== 'number') reject(error)
        else resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr })
      },
    )
    child.stdin?.end(input)
  })
