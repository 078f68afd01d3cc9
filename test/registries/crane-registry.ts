import { built } from './built.ts'
import type { RealRegistry } from './kinds.ts'
import { startProgram } from './program.ts'

/** Starts the registry that is inside crane; it knows plain HTTP only, lets everybody in, and keeps its content in memory. */
export const startCraneRegistry = async (): Promise<RealRegistry> => {
  const args = ['registry', 'serve', '--address', '127.0.0.1:0']
  const { found: port, log, close } = await startProgram(built.crane, args, /serving on port (\d+)/)
  const host = `127.0.0.1:${port}`
  return { host, url: `http://${host}`, log, close }
}
