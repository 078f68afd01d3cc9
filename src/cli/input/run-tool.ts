import { execFile } from 'node:child_process'
import { fail, ok, type Result } from '../../lib/result.ts'
import { printable } from '../../verdict/text.ts'
import { mostInputBytes } from './text-of-bytes.ts'

/** A program of the user's, found on the PATH. */
export interface Tool {
  readonly program: string
  readonly args: readonly string[]
  readonly folder: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Why it gave nothing: it is not there, or what it said itself. */
export type ToolProblem = { readonly kind: 'missing' } | { readonly kind: 'failed'; readonly words: string }

const mostWords = 600

// The last lines of a program's complaint tell the reason.
const lastWords = (stderr: string): string =>
  printable(stderr.trim().split('\n').slice(-3).join(' | ')).slice(-mostWords)

/** Runs a program to its end, without a shell, and gives what it prints. */
export const runTool = (
  { program, args, folder, environment }: Tool,
  signal: AbortSignal,
): Promise<Result<Buffer, ToolProblem>> =>
  new Promise(resolve => {
    const options = {
      cwd: folder,
      env: { ...environment },
      maxBuffer: mostInputBytes,
      signal,
      encoding: 'buffer',
    } as const
    const child = execFile(program, [...args], options, (error, stdout, stderr) => {
      if (error === null) resolve(ok(stdout))
      else if (error.code === 'ENOENT') resolve(fail({ kind: 'missing' }))
      else
        resolve(
          fail({ kind: 'failed', words: lastWords(stderr.toString()) || error.message.split('\n')[0] || 'it failed' }),
        )
    })
    child.stdin?.end()
  })
