import { dirname, resolve } from 'node:path'
import type { KubeConfig, User } from '@kubernetes/client-node'
import { parse } from 'yaml'
import { fail, ok, type Result } from '../lib/result.ts'
import { readSmallFile } from '../lib/small-file.ts'
import { asList, asText, ownProperty, propertyAt } from '../lib/untrusted.ts'
import type { NoCluster } from './no-cluster.ts'

/** Loaded only when a kubeconfig is read: it costs a third of a second and 80 MB. */
const client = () => import('@kubernetes/client-node')

const tokenFileOf = (document: unknown, user: string): string | undefined => {
  const entry = asList(ownProperty(document, 'users')).find(each => asText(ownProperty(each, 'name')) === user)
  return asText(propertyAt(entry, 'user', 'tokenFile'))
}

/** The library looks for `token-file`, which no kubeconfig has: the field is tokenFile (client-go, tools/clientcmd/api/v1/types.go). */
const withTokenFile = (user: User, document: unknown, directory: string): User => {
  const tokenFile = tokenFileOf(document, user.name)
  if (!tokenFile || user.token) return user
  return { ...user, authProvider: { name: 'tokenFile', config: { tokenFile: resolve(directory, tokenFile) } } }
}

/** What YAML's reader complains of may quote a token: it goes no further. */
const parsed = async (file: string, text: string): Promise<Result<KubeConfig, NoCluster>> => {
  const { KubeConfig } = await client()
  const config = new KubeConfig()
  try {
    config.loadFromString(text, { onInvalidEntry: 'filter' })
    config.makePathsAbsolute(dirname(file))
    const document: unknown = parse(text)
    config.users = config.users.map(user => withTokenFile(user, document, dirname(file)))
    return ok(config)
  } catch {
    return fail({ kind: 'malformed', file })
  }
}

const readOne = async (file: string): Promise<Result<KubeConfig, NoCluster>> => {
  const read = await readSmallFile(file)
  return read.ok
    ? parsed(file, read.value.toString('utf8'))
    : fail({ kind: 'unreadable', file, code: read.error.code ?? 'too large' })
}

const firstOfEachName = <T extends { readonly name: string }>(entries: readonly T[]): readonly T[] =>
  [...new Map(entries.toReversed().map(entry => [entry.name, entry])).values()].toReversed()

const merged = async (configs: readonly KubeConfig[]): Promise<KubeConfig> => {
  const { KubeConfig } = await client()
  const config = new KubeConfig()
  config.loadFromOptions({
    clusters: firstOfEachName(configs.flatMap(({ clusters }) => clusters)),
    users: firstOfEachName(configs.flatMap(({ users }) => users)),
    contexts: firstOfEachName(configs.flatMap(({ contexts }) => contexts)),
    currentContext: configs.map(({ currentContext }) => currentContext).find(Boolean),
  })
  return config
}

const isAbsent = (read: Result<unknown, NoCluster>): boolean =>
  !read.ok && read.error.kind === 'unreadable' && read.error.code === 'ENOENT'

/** Reads kubeconfig files into one: of equal names the first counts, and files that do not exist count for nothing, as for kubectl. */
export const loadKubeConfig = async (files: readonly string[]): Promise<Result<KubeConfig, NoCluster>> => {
  const reads = await Promise.all(files.map(readOne))
  const there = reads.every(isAbsent) ? reads : reads.filter(read => !isAbsent(read))
  const configs: KubeConfig[] = []
  for (const read of there) {
    if (!read.ok) return read
    configs.push(read.value)
  }
  return ok(await merged(configs))
}
