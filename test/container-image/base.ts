import { execFile } from 'node:child_process'
import { copyFile, mkdir, realpath, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

const put = async (folder: string, path: string, from: string): Promise<void> => {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await copyFile(await realpath(from), join(folder, path))
}

/** The files that a program is linked with, by the paths at which it looks for them. */
const librariesOf = async (program: string): Promise<readonly string[]> => {
  const { stdout } = await run('ldd', [program])
  return stdout.split('\n').flatMap(line => /(?:=> )?(\/\S+) \(0x/.exec(line)?.[1] ?? [])
}

/**
 * Furnishes a folder as the base of the Dockerfile is: Node at its place, what it is linked with, and nobody but root and nonroot. No
 * registry of images is asked; what the distroless base has besides, such as authorities, is copied from this machine where it has it.
 */
export const makeBase = async (folder: string): Promise<void> => {
  await put(folder, 'nodejs/bin/node', process.execPath)
  for (const library of await librariesOf(process.execPath)) await put(folder, library, library)
  await mkdir(join(folder, 'etc'), { recursive: true })
  await put(folder, 'etc/ssl/certs/ca-certificates.crt', '/etc/ssl/certs/ca-certificates.crt').catch(() => undefined)
  await writeFile(
    join(folder, 'etc/passwd'),
    'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532::/home/nonroot:/sbin/nologin\n',
  )
  await writeFile(join(folder, 'etc/group'), 'root:x:0:\nnonroot:x:65532:\n')
  await writeFile(join(folder, 'etc/nsswitch.conf'), 'hosts: files dns\n')
  await Promise.all(
    ['tmp', 'home/nonroot', 'proc', 'sys', 'dev'].map(name => mkdir(join(folder, name), { recursive: true })),
  )
}
