import { push } from '../../registries/push.ts'
import { boxImage } from './box-image.ts'
import { type DockerRegistry, startDockerRegistry } from './docker-registry.ts'

/** The password file of the private registry: `rig` with `secret`, in bcrypt of the lowest cost. */
const htpasswd = 'rig:$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n'

/** Who may read and write in the private registry. */
export const member = { username: 'rig', password: 'secret' } as const

/** Where the registries of a node listen. */
export interface RegistryAddresses {
  readonly open: { readonly address: string; readonly port: number }
  readonly private: { readonly address: string; readonly port: number }
}

/** The registries beside a node: one for everybody, and one for members. */
export interface Registries {
  /** As a reference names it. */
  readonly open: string
  readonly private: string
  /** What pods wait in, in the open one. */
  readonly pauseImage: string
  readonly close: (keepLogs?: boolean) => Promise<void>
}

const pause = { repository: 'machine/pause', tag: '1' } as const

/** Starts them, and pushes the image that pods wait in. `names` are those that references have for them. */
export const startRegistries = async (
  addresses: RegistryAddresses,
  names: { readonly open: string; readonly private: string },
  signal: AbortSignal,
): Promise<Registries> => {
  const started: DockerRegistry[] = []
  const close: Registries['close'] = async keepLogs => {
    for (const registry of started.splice(0)) await registry.close(keepLogs)
  }
  const start = async (): Promise<void> => {
    const open = await startDockerRegistry(addresses.open, signal)
    started.push(open)
    await push({ url: open.url, ...pause }, boxImage('pause'))
    started.push(await startDockerRegistry({ ...addresses.private, htpasswd }, signal))
  }
  await start().catch(async error => {
    await close(true)
    throw error
  })
  return { ...names, pauseImage: `${names.open}/${pause.repository}:${pause.tag}`, close }
}
