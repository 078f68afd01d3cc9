import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)
const inNamespace = join(import.meta.dirname, 'in-namespace')

test('what runs in namespaces sees loopback and 192.0.2.10 to 29, and neither the names nor the sockets of the machine', async () => {
  const { stdout } = await run(inNamespace, [
    'bash',
    '-c',
    'ip -brief -4 address; cat /etc/hosts; ls /run/dbus /run/systemd 2>&- ; ps -e | wc -l',
  ])
  expect(stdout).toMatch(
    /^lo +UNKNOWN +127\.0\.0\.1\/8 (192\.0\.2\.[12]\d\/32 ){20}\n127\.0\.0\.1 localhost \S+\n\d\n$/,
  )
})

test('a command that fails hands on its status, and leaves its logs', async () => {
  const script = 'echo why > $PULLGATE_FOLDER/logs/part.log; echo much > $PULLGATE_FOLDER/data; exit 3'
  const failed = await run(inNamespace, ['bash', '-c', script]).catch((error: unknown) => error)
  const { code, stderr } = failed as { readonly code: number; readonly stderr: string }
  const logs = /the logs of what ran are in (\S+)/.exec(stderr)?.[1] ?? ''
  expect([code, existsSync(join(logs, 'part.log')), existsSync(join(logs, '../data'))]).toEqual([3, true, false])
  await rm(join(logs, '..'), { recursive: true })
})

test('an interrupted command may end what it has to; all that it left behind is gone with it', async () => {
  const script =
    'trap "exit 0" TERM; mount -t tmpfs left $PULLGATE_FOLDER; setsid sleep 3456 & echo $PULLGATE_FOLDER; wait'
  const child = spawn(inNamespace, ['bash', '-c', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const closed = once(child, 'close')
  const [folder] = await once(createInterface(child.stdout), 'line')
  child.kill('SIGTERM')
  expect(await closed).toEqual([0, null])
  const { stdout } = await run('ps', ['-e', '-o', 'args'])
  expect([existsSync(folder), stdout.includes('sleep 3456')]).toEqual([false, false])
})
