import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Ways into a network namespace: as root, as anybody where the system lets them, and by sudo where it does not. */
const ways = [
  ['unshare', '--net'],
  ['unshare', '--user', '--map-root-user', '--net'],
  ['sudo', '-n', 'unshare', '--net'],
] as const

const leads = async ([command, ...before]: (typeof ways)[number]): Promise<boolean> =>
  run(command, [...before, 'ip', 'link', 'set', 'lo', 'up']).then(
    () => true,
    () => false,
  )

const wayIn = async (): Promise<(typeof ways)[number]> => {
  for (const way of ways) if (await leads(way)) return way
  throw new Error(
    'no network namespace can be made: this needs root, or leave for users to make namespaces, and the packages util-linux and iproute2',
  )
}

/** Runs a script of ours in a network namespace of its own, and gives the JSON that it printed. */
export const runInNamespace = async (script: string): Promise<unknown> => {
  const [command, ...before] = await wayIn()
  const { stdout } = await run(command, [...before, process.execPath, script], { maxBuffer: 64 * 1024 * 1024 })
  return JSON.parse(stdout)
}

/** Makes every address there is an address of the namespace that we are in: whoever is dialled is this machine. */
export const ownEveryAddress = async (): Promise<void> => {
  await run('ip', ['link', 'set', 'lo', 'up'])
  // "local" routes: what is sent to these addresses is delivered here, and a listener on the wildcard accepts it.
  await run('ip', ['route', 'add', 'local', '0.0.0.0/0', 'dev', 'lo'])
  await run('ip', ['-6', 'route', 'add', 'local', '::/0', 'dev', 'lo'])
}
