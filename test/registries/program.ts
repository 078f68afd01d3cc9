import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** A program that runs beside a test. */
export interface Program {
  /** What it wrote, for a test that fails. */
  readonly log: () => string
  /** What the pattern's group found in the log when the program was ready. */
  readonly found: string
  readonly close: () => Promise<void>
}

const readyMs = 20_000

/** Starts a program, which is ready when the pattern stands in its log. */
export const startProgram = async (
  path: string,
  args: readonly string[],
  ready: RegExp,
  environment: Readonly<Record<string, string>> = {},
): Promise<Program> => {
  // Nothing of this machine's own environment, which may hold a proxy.
  const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...environment } })
  let log = ''
  const closed = once(child, 'close')
  const found = await new Promise<string>((resolve, reject) => {
    const giveUp = (why: string): void => reject(new Error(`${path} ${why}\n${log}`))
    const late = setTimeout(() => giveUp('was not ready in time'), readyMs)
    const read = (chunk: Buffer): void => {
      log += chunk
      const match = ready.exec(log)?.[1]
      if (match === undefined) return
      clearTimeout(late)
      resolve(match)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('error', error => giveUp(`did not start: ${error.message}; run test/registries/setup first`))
    child.once('close', () => giveUp('ended'))
  }).catch((error: unknown) => {
    child.kill('SIGKILL')
    throw error
  })
  return {
    log: () => log,
    found,
    close: async () => {
      // These registries wait for idle connections when they are asked nicely.
      child.kill('SIGKILL')
      await closed
    },
  }
}
