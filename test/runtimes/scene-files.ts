import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { imageOf } from './host-behaviour.ts'
import type { Scene, Wire } from './scene.ts'
import { mostHosts, type Street } from './street.ts'

/** The files of a node, which both sides read. */
export interface SceneFiles {
  readonly emptyDir: string
  readonly certsDir: string
  readonly authFile: string
  /** Writes down where the hosts of a scene are, and says what its image is called. */
  readonly write: (scene: Scene) => Promise<{ readonly image: string; readonly registriesConf: string }>
  readonly remove: () => Promise<void>
}

const entryOf = ({ hosts }: Scene, names: readonly string[]): string => {
  const upstream = names.at(-1) ?? ''
  const lines = ['[[registry]]', `prefix = "${upstream}"`, `location = "${upstream}"`]
  lines.push(`insecure = ${hosts.at(-1)?.insecure === true}`)
  for (const [index, { insecure }] of hosts.slice(0, -1).entries())
    lines.push('[[registry.mirror]]', `location = "${names[index]}/mirror"`, `insecure = ${insecure}`)
  return `${lines.join('\n')}\n`
}

const wires: readonly Wire[] = ['tls', 'plain', 'stranger', 'closed']

/** Makes the files, with the authority for all hosts but the strangers. */
export const makeSceneFiles = async (street: Street): Promise<SceneFiles> => {
  const root = await mkdtemp(join(tmpdir(), 'runtimes-'))
  const [emptyDir, certsDir] = [join(root, 'empty'), join(root, 'certs.d')]
  await mkdir(emptyDir)
  for (let host = 0; host < mostHosts; host++)
    for (const wire of wires.filter(each => each !== 'stranger')) {
      await mkdir(join(certsDir, street.nameOf(host, wire)), { recursive: true })
      await writeFile(join(certsDir, street.nameOf(host, wire), 'ca.crt'), street.ca)
    }
  let written = 0
  return {
    emptyDir,
    certsDir,
    authFile: join(root, 'auth.json'),
    write: async scene => {
      const names = scene.hosts.map(({ wire }, index) => street.nameOf(index, wire))
      // Either side remembers a file by its name.
      written += 1
      const registriesConf = join(root, `registries-${written}.conf`)
      await writeFile(registriesConf, entryOf(scene, names))
      const target = scene.by === 'tag' ? ':1' : `@${imageOf(scene).top.digest}`
      return { image: `${names.at(-1)}/shop/web${target}`, registriesConf }
    },
    remove: () => rm(root, { recursive: true }),
  }
}
