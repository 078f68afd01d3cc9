import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

/** A program that runs beside the tests. */
export interface PartOptions {
  readonly name: string
  readonly path: string
  readonly args: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** Its log is added to this file. */
  readonly logFile: string
  /** Whether it is ready; a throw is a no. */
  readonly isReady: () => Promise<boolean>
  readonly readyMs?: number
}

/** A part that runs. */
export interface Part {
  readonly name: string
  /** How it ended, where it has ended without being told to. */
  readonly endedBy: () => string | undefined
  /** Ends it; whoever does not end in ten seconds is killed. */
  readonly end: (signal?: 'SIGTERM' | 'SIGKILL') => Promise<void>
}

const readyMsUsually = 60_000
const endMs = 10_000
const pauseMs = 100
const lastLines = 15

const tailOf = (logFile: string): string => {
  const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n')
  return lines.slice(-lastLines).join('\n')
}

interface Child {
  /** How it ended, where it has. */
  readonly ended: () => string | undefined
  readonly end: Part['end']
}

const spawnPart = ({ path, args, environment, logFile }: PartOptions): Child => {
  const log = openSync(logFile, 'a')
  // The kernel ends the part when the thread that started it ends, however that came about. Nothing of this machine's own
  // environment is handed on, which may hold a proxy.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', path, ...args], {
    stdio: ['ignore', log, log],
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', ...environment },
  })
  closeSync(log)
  let ended: string | undefined
  const closed = once(child, 'close').then(
    ([code, by]) => {
      ended = by === null ? `ended with code ${code}` : `was ended by ${by}`
    },
    (error: Error) => {
      ended = `did not start: ${error.message}`
    },
  )
  const end: Child['end'] = async (kind = 'SIGTERM') => {
    if (ended === undefined) child.kill(kind)
    const impatient = setTimeout(() => child.kill('SIGKILL'), endMs)
    await closed
    clearTimeout(impatient)
  }
  return { ended: () => ended, end }
}

// Why it will not get ready, once that is plain. What answers in the name of one that has ended is another program.
const awaitReady = async (child: Child, options: PartOptions, signal: AbortSignal): Promise<string | undefined> => {
  const { isReady, readyMs = readyMsUsually } = options
  const lateAt = performance.now() + readyMs
  while (!(await isReady().catch(() => false)) || child.ended() !== undefined) {
    if (child.ended() !== undefined) return child.ended()
    if (signal.aborted) return 'was not waited for any longer'
    if (performance.now() > lateAt) return `was not ready in ${readyMs / 1000} s`
    await wait(pauseMs)
  }
  return undefined
}

/** Starts a part, and waits until it is ready; one that does not get there is ended, and its name and last lines are in the error. */
export const startPart = async (options: PartOptions, signal: AbortSignal): Promise<Part> => {
  const { name, logFile } = options
  const child = spawnPart(options)
  const fault = await awaitReady(child, options, signal)
  if (fault !== undefined) {
    await child.end()
    throw new Error(`${name} ${fault}. The end of its log (${logFile}):\n${tailOf(logFile)}`)
  }
  let isTold = false
  const end: Part['end'] = kind => {
    isTold = child.ended() === undefined
    return child.end(kind)
  }
  return { name, endedBy: () => (isTold ? undefined : child.ended()), end }
}
