import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

const root = join(import.meta.dirname, '../..')

// Tells at the end what the process took at the most.
const telling = `data:text/javascript,process.on('exit',()=>process.stderr.write('\\npeak '+process.resourceUsage().maxRSS+' KiB\\n'))`

/** How an audit runs. */
export interface AuditRun {
  readonly kubeconfig: string
  /** Its working directory. */
  readonly folder: string
  readonly args: readonly string[]
  /** Given to Node itself. */
  readonly nodeFlags?: readonly string[]
}

/** What it came to. */
export interface AuditEnd {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly peakMiB: number
}

/** An audit that runs. */
export interface RunningAudit {
  readonly pid: number
  readonly stop: (signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL') => void
  readonly end: Promise<AuditEnd>
}

/** Starts `pullgate audit` as a process of its own. */
export const startAudit = ({ kubeconfig, folder, args, nodeFlags = [] }: AuditRun): RunningAudit => {
  const child = spawn(
    process.execPath,
    [...nodeFlags, '--import', telling, join(root, 'src/main.ts'), 'audit', ...args],
    {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder, KUBECONFIG: kubeconfig, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const ended = async (): Promise<AuditEnd> => {
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
    return { code, stdout, stderr, peakMiB: Math.round(Number(/peak (\d+) KiB/.exec(stderr)?.[1] ?? 0) / 1024) }
  }
  return { pid: child.pid ?? 0, stop: signal => void child.kill(signal), end: ended() }
}
