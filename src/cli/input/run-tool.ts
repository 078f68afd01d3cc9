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

// helm's advice to those who typed it themselves: nobody can follow it here.
const advice = /^Use --debug flag/
const complaint = /^error: /i

/** The reason in a program's complaint: from where it says that there is an error, else its last lines. */
const lastWords = (stderr: string): string => {
  const lines = stderr.split('\n').map(line => line.trim())
  const said = lines.filter(line => line !== '' && !advice.test(line))
  const begins = said.findLastIndex(line => complaint.test(line))
  const words = said.slice(begins < 0 ? -3 : begins).join(' ')
  return printable(words.replace(complaint, '')).slice(0, mostWords)
}

/** What Node says of a program that was ended for its length or its slowness, in words for whoever started it. */
const endedWords = ({ code, message }: { readonly code?: unknown; readonly message: string }): string => {
  if (code === 'ABORT_ERR') return 'it takes too long'
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return 'it says more than 64 MiB'
  return message.split('\n')[0] || 'it failed'
}

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
      else {
        const isEnded = error.killed === true || error.code === 'ABORT_ERR'
        resolve(fail({ kind: 'failed', words: (isEnded ? '' : lastWords(stderr.toString())) || endedWords(error) }))
      }
    })
    child.stdin?.end()
  })
