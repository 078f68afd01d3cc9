import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '../../cluster/real/folder.ts'
import { startPart } from '../../cluster/real/part.ts'
import { statusOf } from '../../cluster/real/status-of.ts'
import { debianFolder } from './built.ts'

/** How a docker-registry is set up. */
export interface DockerRegistryOptions {
  readonly address: string
  readonly port: number
  /** Lines of an htpasswd file, in bcrypt; without them everybody may pull and push. */
  readonly htpasswd?: string
  readonly tls?: { readonly cert: string; readonly key: string }
}

/** Debian's docker-registry, as it runs. */
export interface DockerRegistry {
  readonly url: string
  readonly logFile: string
  readonly close: (keepLogs?: boolean) => Promise<void>
}

const configOf = (options: DockerRegistryOptions, at: (name: string) => string): object => ({
  version: '0.1',
  log: { level: 'info', accesslog: { disabled: false } },
  storage: { filesystem: { rootdirectory: at('content') }, delete: { enabled: true } },
  http: {
    addr: `${options.address}:${options.port}`,
    secret: 'for one replica',
    ...(options.tls ? { tls: { certificate: at('cert.pem'), key: at('key.pem') } } : {}),
  },
  // Without this it refuses a schema 1 manifest, which a test may want to push.
  compatibility: { schema1: { enabled: true } },
  ...(options.htpasswd === undefined ? {} : { auth: { htpasswd: { realm: 'Registry Realm', path: at('htpasswd') } } }),
})

/** Starts one, with a folder of its own. */
export const startDockerRegistry = async (
  options: DockerRegistryOptions,
  signal: AbortSignal,
): Promise<DockerRegistry> => {
  const folder = await makeFolder('registry')
  const at = (name: string): string => join(folder.path, name)
  await writeFile(at('htpasswd'), options.htpasswd ?? '')
  await writeFile(at('cert.pem'), options.tls?.cert ?? '')
  await writeFile(at('key.pem'), options.tls?.key ?? '')
  // YAML reads JSON.
  await writeFile(at('config.yml'), JSON.stringify(configOf(options, at)))
  const url = `${options.tls ? 'https' : 'http'}://${options.address}:${options.port}`
  const logFile = join(folder.logs, 'docker-registry.log')
  const started = startPart(
    {
      name: 'docker-registry',
      path: join(debianFolder(), 'docker-registry'),
      args: ['serve', at('config.yml')],
      logFile,
      // Its password is for its members.
      isReady: async () => [200, 401].includes(await statusOf(`${url}/v2/`)),
    },
    signal,
  )
  const part = await started.catch(async error => {
    await folder.clear(true)
    throw error
  })
  const close: DockerRegistry['close'] = async (keepLogs = false) => {
    // It waits for idle connections when it is asked nicely.
    await part.end('SIGKILL')
    await folder.clear(keepLogs)
  }
  return { url, logFile, close }
}
