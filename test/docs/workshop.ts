import { execFile } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { EmbeddedRegistry } from '../../src/demo/registry.ts'
import { stock } from '../../src/demo/stock.ts'
import { closedAfterTest, registryFor } from '../support/lifetime.ts'

const root = join(import.meta.dirname, '../..')

/** How a script ended. */
export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A folder to type commands in: it has `pullgate` on its PATH, and `registry.example` is the registry of the demo. */
export interface Workshop {
  readonly folder: string
  readonly registry: EmbeddedRegistry
  readonly write: (files: Readonly<Record<string, string>>) => Promise<void>
  /** Puts a program of a few lines of shell on the PATH. */
  readonly program: (name: string, script: string) => Promise<void>
  readonly shell: (script: string, environment?: Readonly<Record<string, string>>) => Promise<Ended>
}

/** A manifest whose image is there. */
export const goodManifest = `apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop }
spec:
  containers:
    - name: web
      image: registry.example/shop/web:1.4.0
`

/** One whose image is not; it stands in line 7, column 14. */
export const badManifest = goodManifest.replace('1.4.0', '1.4')

// Where registry.example is, a found configuration may not say: the nodes of those who read the page know it.
const pullgateScript = (folder: string): string => `[ "$1" != check ] || {
  shift
  set -- check '--certs-dir=${folder}/certs.d' "$@"
}
exec '${process.execPath}' '${root}/src/main.ts' "$@"`

/** A workshop that lives as long as the test. */
export const workshopFor = async (): Promise<Workshop> => {
  const registry = await registryFor({ shelf: stock })
  const top = await mkdtemp(join(tmpdir(), 'pullgate-workshop-'))
  closedAfterTest({ close: () => rm(top, { recursive: true }) })
  const [folder, bin] = [join(top, 'work'), join(top, 'bin')]
  const write: Workshop['write'] = async files => {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true })
      await writeFile(join(folder, name), text)
    }
  }
  const program: Workshop['program'] = async (name, script) => {
    await mkdir(bin, { recursive: true })
    await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`)
    await chmod(join(bin, name), 0o755)
  }
  const shell: Workshop['shell'] = (script, environment = {}) =>
    new Promise(resolve => {
      const env = {
        PATH: `${bin}:${dirname(process.execPath)}:${process.env['PATH']}`,
        HOME: top,
        // A bash that finds a socket at its standard input, as Node gives it, reads the machine's bashrc, unless another shell started it.
        SHLVL: '1',
        // What TypeScript becomes is kept from one start to the next.
        NODE_COMPILE_CACHE: join(root, '.cache/compiled'),
        ...environment,
      }
      execFile('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder, env }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
      )
    })
  await program('pullgate', pullgateScript(folder))
  await write({ 'certs.d/registry.example/hosts.toml': `server = "http://${registry.host}"\n` })
  await cp(join(root, 'examples'), join(folder, 'examples'), { recursive: true })
  return { folder, registry, write, program, shell }
}
