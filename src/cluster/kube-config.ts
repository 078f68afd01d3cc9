import type { RequestOptions } from 'node:https'
import type { KubeConfig } from '@kubernetes/client-node'
import { fail, ok, type Result } from '../lib/result.ts'
import type { ClusterAccess, Presented } from './identity.ts'
import { loadKubeConfig } from './kube-config-files.ts'
import type { NoCluster } from './no-cluster.ts'
import { createIdentity } from './presenting.ts'

/** Which context of which files. */
export interface KubeConfigOptions {
  /** The first that names something wins, as for kubectl. */
  readonly files: readonly string[]
  /** Undefined: the current one. */
  readonly context: string | undefined
  readonly nowMs: () => number
}

const pem = (value: unknown): string | undefined =>
  typeof value === 'string' || Buffer.isBuffer(value) ? value.toString() : undefined

const headersOf = ({ headers, auth }: RequestOptions): Readonly<Record<string, string>> => {
  const texts = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)] as const)
  const basic = auth ? { authorization: `Basic ${Buffer.from(auth).toString('base64')}` } : {}
  return { ...Object.fromEntries(texts), ...basic }
}

const presentedBy = (options: RequestOptions, isProxied: boolean): Presented => ({
  headers: headersOf(options),
  terms: {
    ca: pem(options.ca),
    cert: pem(options.cert),
    key: pem(options.key),
    serverName: options.servername,
    verify: options.rejectUnauthorized !== false,
    // Without a proxy our own: the library's keeps no connection open, and knows a renewed certificate only by another user's name.
    through:
      isProxied && typeof options.agent === 'object'
        ? (options.agent as NonNullable<Presented['terms']['through']>)
        : undefined,
  },
})

/** Runs credential plugins, refreshes tokens and reads files. What the library throws may hold what they printed: it goes no further. */
const present = async (config: KubeConfig): Promise<Result<Presented, 'no-credentials'>> => {
  const options: RequestOptions = {}
  try {
    await config.applyToHTTPSOptions(options)
    return ok(presentedBy(options, Boolean(config.getCurrentCluster()?.proxyUrl)))
  } catch {
    return fail('no-credentials')
  }
}

const chosen = (config: KubeConfig, wanted: string | undefined): Result<KubeConfig, NoCluster> => {
  const context = config.getContextObject(wanted ?? config.currentContext)
  if (context === null) {
    const known = config.contexts.map(({ name }) => name)
    return fail({ kind: 'no-context', wanted: wanted ?? (config.currentContext || undefined), known })
  }
  config.setCurrentContext(context.name)
  const [cluster, user] = [config.getCurrentCluster(), config.getCurrentUser()]
  if (cluster === null) return fail({ kind: 'incomplete', context: context.name, lacks: 'cluster' })
  if (user === null) return fail({ kind: 'incomplete', context: context.name, lacks: 'user' })
  const isAddress = URL.canParse(cluster.server) && cluster.server.startsWith('https://')
  return isAddress ? ok(config) : fail({ kind: 'bad-server', context: context.name })
}

/** The way to the API server that kubeconfig files name. */
export const fromKubeConfig = async (options: KubeConfigOptions): Promise<Result<ClusterAccess, NoCluster>> => {
  const { files, context, nowMs } = options
  const loaded = await loadKubeConfig(files)
  if (!loaded.ok) return loaded
  const choice = chosen(loaded.value, context)
  if (!choice.ok) return choice
  const name = choice.value.getCurrentContext()
  let config = choice.value
  // A new one forgets what plugins said before, and sees what a login wrote since. The context stays: others may switch theirs.
  const reload = async (): Promise<void> => {
    const again = await loadKubeConfig(files)
    const same = again.ok ? chosen(again.value, name) : again
    if (same.ok) config = same.value
  }
  const read = async (anew: boolean): ReturnType<typeof present> => {
    if (anew) await reload()
    return present(config)
  }
  return ok({
    server: config.getCurrentCluster()?.server ?? '',
    identity: createIdentity(nowMs, read),
    namespace: config.getContextObject(name)?.namespace || 'default',
  })
}
