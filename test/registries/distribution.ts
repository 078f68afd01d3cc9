import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RealRegistry } from './kinds.ts'
import { startProgram } from './program.ts'

/** How a registry of the project distribution is set up; left alone, it lets everybody in over plain HTTP. */
export interface DistributionOptions {
  readonly tls?: { readonly cert: string; readonly key: string }
  /** Lines of an htpasswd file, in bcrypt. */
  readonly htpasswd?: string
  readonly tokens?: {
    readonly realm: string
    readonly service: string
    readonly issuer: string
    readonly trusted: string
  }
  /** The registry whose content it fetches and keeps. */
  readonly proxyOf?: string
  /** Tags on a page at the most, where it is of the newer kind. */
  readonly mostTags?: number
}

const writeFiles = async (folder: string, files: Readonly<Record<string, string>>): Promise<void> => {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
}

const authOf = ({ htpasswd, tokens }: DistributionOptions, at: (name: string) => string): object => {
  if (htpasswd !== undefined) return { auth: { htpasswd: { realm: 'Registry Realm', path: at('htpasswd') } } }
  if (tokens === undefined) return {}
  const { realm, service, issuer } = tokens
  return { auth: { token: { realm, service, issuer, rootcertbundle: at('trusted.pem') } } }
}

// YAML reads JSON.
const configOf = (options: DistributionOptions, at: (name: string) => string): string =>
  JSON.stringify({
    version: '0.1',
    log: { level: 'info', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: at('content') }, delete: { enabled: true } },
    http: {
      addr: '127.0.0.1:0',
      secret: 'shared by replicas of one registry',
      ...(options.tls ? { tls: { certificate: at('cert.pem'), key: at('key.pem') } } : {}),
    },
    // Only the older one knows the format before digests named content, and takes it only where it is told to.
    compatibility: { schema1: { enabled: true } },
    ...(options.proxyOf === undefined ? {} : { proxy: { remoteurl: options.proxyOf } }),
    ...(options.mostTags === undefined ? {} : { tags: { maxtags: options.mostTags } }),
    ...authOf(options, at),
  })

/** Starts a registry of the project distribution, whoever packaged it, with a folder of its own. */
export const startDistribution = async (path: string, options: DistributionOptions = {}): Promise<RealRegistry> => {
  const folder = await mkdtemp(join(tmpdir(), 'pullgate-registry-'))
  const at = (name: string): string => join(folder, name)
  await writeFiles(folder, {
    'cert.pem': options.tls?.cert ?? '',
    'key.pem': options.tls?.key ?? '',
    htpasswd: options.htpasswd ?? '',
    'trusted.pem': options.tokens?.trusted ?? '',
    'config.yml': configOf(options, at),
  })
  // Without the second it looks for a collector of traces.
  const environment = { HOME: folder, OTEL_TRACES_EXPORTER: 'none' }
  const ready = /listening on ([^\s,"]+)/
  const remove = () => rm(folder, { recursive: true, force: true })
  const program = await startProgram(path, ['serve', at('config.yml')], ready, environment).catch(async error => {
    await remove()
    throw error
  })
  const { found: host, log } = program
  const close = async (): Promise<void> => {
    await program.close()
    await remove()
  }
  return { host, url: `${options.tls ? 'https' : 'http'}://${host}`, log, close }
}
