import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = new URL('.', import.meta.url)
const cache = new URL('../../../.cache/machine/', here)

// In the order in which the shell's * has them, as in setup.
const hashOf = (folder: string): string => {
  const hash = createHash('sha256')
  const names = readdirSync(new URL(`${folder}/`, here)).toSorted()
  for (const name of names) hash.update(readFileSync(new URL(`${folder}/${name}`, here)))
  return hash.digest('hex').slice(0, 16)
}

const found = (url: URL, how: string): string => {
  const path = fileURLToPath(url)
  if (existsSync(path)) return path
  throw new Error(`${path} is not there: run ${how} first`)
}

/** The lines of containerd that a node can run. */
export type ContainerdLine = '2' | '1.7'

/** The folder with containerd, its shim and ctr. */
export const containerdFolder = (line: ContainerdLine): string =>
  found(
    new URL(`containerd-${line}-${hashOf(`containerd-${line}`)}`, cache),
    line === '2' ? 'test/node/machine/setup' : `test/node/machine/setup ${line}`,
  )

/** An architecture that the program inside test images is built for. */
export type BoxArchitecture = 'amd64' | 'arm64' | '386'

/** The static program inside test images; it sleeps until it is told to stop. `box exit 3` ends with 3. */
export const boxProgram = (architecture: BoxArchitecture): Uint8Array =>
  readFileSync(found(new URL(`box-${hashOf('box')}/${architecture}`, cache), 'test/node/machine/setup'))

/** Debian's runc, docker-registry and CNI plugins. */
export const debianFolder = (): string => found(new URL('debian/bin', cache), 'test/node/machine/setup')
