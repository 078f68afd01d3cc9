import { type ChildProcess, spawn } from 'node:child_process'
import { fail, ok, type Result } from '../lib/result.ts'

/** A program that is run to the end: never by a shell. */
export interface Run {
  /** A path, or a name that is looked for on the `PATH` of the environment. */
  readonly program: string
  readonly args: readonly string[]
  /** The whole environment. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly input: string
  readonly mostOutputBytes: number
}

/** Why a program gave no output to go by. */
export type RunProblem = 'missing' | 'not-runnable' | 'failed' | 'too-much-output' | 'timed-out'

/** What came of a program that gave no output to go by. */
export interface RunFailure {
  readonly problem: RunProblem
  /** What it had printed before. */
  readonly output: Buffer
  /** The beginning of its standard error: secrets may stand there. */
  readonly complaint: string
}

/** What came of a program: its output, or why there is none. */
export type RunResult = Result<Buffer, RunFailure>

const mostComplaintBytes = 4096

const problemOf = (error: Error): RunProblem =>
  'code' in error && error.code === 'ENOENT' ? 'missing' : 'not-runnable'

const start = ({ program, args, environment }: Run): ChildProcess | undefined => {
  try {
    return spawn(program, args, {
      env: environment,
      stdio: ['pipe', 'pipe', 'pipe'],
      shell: false,
      windowsHide: true,
    })
  } catch {
    // A name or an argument with a byte of zero in it.
    return undefined
  }
}

/** Runs a program and reads what it prints. When the signal fires the program is killed, and nobody waits for its children. */
export const runProgram = async (run: Run, signal: AbortSignal): Promise<RunResult> => {
  const nothing = { output: Buffer.alloc(0), complaint: '' }
  if (signal.aborted) return fail({ problem: 'timed-out', ...nothing })
  const child = start(run)
  if (child === undefined) return fail({ problem: 'not-runnable', ...nothing })
  return new Promise(resolve => {
    const chunks: Buffer[] = []
    let length = 0
    let complaint = Buffer.alloc(0)

    const end = (problem: RunProblem | undefined): void => {
      signal.removeEventListener('abort', abort)
      child.kill('SIGKILL')
      // A child of its own that lives on may hold the pipe open.
      child.stdout?.destroy()
      child.stderr?.destroy()
      child.stdin?.destroy()
      child.unref()
      const output = Buffer.concat(chunks)
      resolve(problem === undefined ? ok(output) : fail({ problem, output, complaint: complaint.toString() }))
    }
    const abort = (): void => end('timed-out')

    signal.addEventListener('abort', abort, { once: true })
    child.on('error', error => end(problemOf(error)))
    child.on('close', code => end(code === 0 ? undefined : 'failed'))
    child.stdout?.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length > run.mostOutputBytes) end('too-much-output')
      else chunks.push(chunk)
    })
    child.stderr?.on('data', (chunk: Buffer) => {
      if (complaint.length < mostComplaintBytes)
        complaint = Buffer.concat([complaint, chunk]).subarray(0, mostComplaintBytes)
    })
    // A program need not read its input; that it does not shows as an error of the pipe.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(run.input)
  })
}
