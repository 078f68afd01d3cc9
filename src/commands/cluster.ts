import type { LookupFailure } from '../cluster/api-failure.ts'
import type { Cluster } from '../cluster/cluster.ts'
import type { FollowEvent } from '../cluster/follow.ts'
import type { PodSources, ReadObject } from '../credentials/pod-secrets.ts'
import type { AccountSource } from '../credentials/provider/account-proof.ts'
import { fail, ok, type Result } from '../lib/result.ts'
import type { Mode } from '../verdict/policy.ts'
import type { Environment } from './surroundings.ts'
import { version } from './version.ts'

/** Which cluster a command works with. */
export interface ClusterChoice {
  readonly environment: Environment
  /** A context of the kubeconfig; undefined: the cluster that this process runs in, if it does. */
  readonly context: string | undefined
  /** For how long a Secret or a ServiceAccount is taken to be as it was; seconds unless given. */
  readonly foundSeconds?: number
  readonly log: (text: string) => void
  /** Told how the following of the cluster goes. */
  readonly observe?: (event: FollowEvent) => void
}

// Long enough that a burst of reviews reads a secret once, short enough that a new one counts soon.
const foundSeconds = 5

const eventSentence = (event: FollowEvent): string | undefined =>
  event.kind === 'failed'
    ? `${event.path} of the cluster cannot be followed (${event.failure.kind}); it is tried on.`
    : undefined

/** Connects to the cluster that is meant; undefined where none is, and a sentence where one is and cannot be had. */
export const connectCluster = async (choice: ClusterChoice): Promise<Result<Cluster | undefined, string>> => {
  const { environment, context } = choice
  const isMeant = context !== undefined || environment['KUBERNETES_SERVICE_HOST'] !== undefined
  return isMeant ? connectCurrent(choice) : ok(undefined)
}

/** Connects to the cluster that kubectl would speak to, else to the one that this process runs in; a sentence where it cannot. */
export const connectCurrent = async (choice: ClusterChoice): Promise<Result<Cluster, string>> => {
  const { environment, context, log } = choice
  const foundFor = choice.foundSeconds ?? foundSeconds
  const { findCluster } = await import('../cluster/find-cluster.ts')
  const { openCluster } = await import('../cluster/cluster.ts')
  const { noClusterSentence } = await import('../cluster/no-cluster.ts')
  const nowMs = (): number => performance.now()
  const access = await findCluster({ environment, homeDirectory: environment['HOME'] ?? '/', context, nowMs })
  if (!access.ok) return fail(noClusterSentence(access.error))
  const told = new Set<string>()
  const observe = (event: FollowEvent): void => {
    choice.observe?.(event)
    const sentence = eventSentence(event)
    if (sentence !== undefined && !told.has(sentence)) log(sentence)
    if (sentence !== undefined) told.add(sentence)
  }
  const userAgent = `pullgate/${version}`
  return ok(
    openCluster({ access: access.value, userAgent, foundSeconds: foundFor, nowMs, random: Math.random, observe }),
  )
}

const problemOf = ({ kind }: LookupFailure): 'missing' | 'unreadable' => (kind === 'missing' ? 'missing' : 'unreadable')

interface Lookup<T> {
  readonly get: (namespace: string, name: string, signal: AbortSignal) => Promise<Result<T, LookupFailure>>
  readonly getAnew: (namespace: string, name: string, signal: AbortSignal) => Promise<Result<T, LookupFailure>>
}

const reading =
  <T, V>({ get, getAnew }: Lookup<T>, take: (object: T) => V): ReadObject<V> =>
  async (namespace, name, anew, signal) => {
    const found = await (anew ? getAnew : get)(namespace, name, signal)
    return found.ok ? ok(take(found.value)) : fail(problemOf(found.error))
  }

/** Where the pull secrets of a cluster's pods, and the tokens of its accounts, come from. */
export const sourcesOf = ({ secrets, serviceAccounts, requestToken }: Cluster): PodSources & AccountSource => ({
  secret: reading(secrets, secret => secret),
  accountSecrets: reading(serviceAccounts, ({ imagePullSecrets }) => imagePullSecrets),
  findAccount: async (namespace, name, signal) => {
    const found = await serviceAccounts.get(namespace, name, signal)
    return found.ok ? found.value : undefined
  },
  requestToken,
})

const modes: Readonly<Record<string, Mode>> = { enforce: 'enforce', warn: 'warn', audit: 'audit', off: 'off' }

/** The mode that holds in a namespace. One whose label cannot be read is never treated as though it had none: it may be to be left alone. */
export const namespaceModes =
  ({ namespaces }: { readonly namespaces: Pick<Cluster['namespaces'], 'modeOf'> }) =>
  async (namespace: string, mode: Mode, signal: AbortSignal): Promise<Mode> => {
    if (namespace === '') return mode
    const own = await namespaces.modeOf(namespace, signal)
    switch (own.kind) {
      case 'label':
        return Object.hasOwn(modes, own.value) ? (modes[own.value] ?? mode) : mode
      case 'none':
        return mode
      case 'unknown':
        return mode === 'enforce' ? 'warn' : mode
    }
  }
