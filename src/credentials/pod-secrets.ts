import type { Result } from '../lib/result.ts'
import type { PullAs } from '../workload/pull-as.ts'
import type { DockerEntry } from './docker-config.ts'
import type { CredentialNote } from './note.ts'
import { type PullSecret, readPullSecret } from './pull-secret.ts'

/** Reads one object; that there is none is an answer, and that it cannot be read is none. */
export type ReadObject<T> = (
  namespace: string,
  name: string,
  anew: boolean,
  signal: AbortSignal,
) => Promise<Result<T, 'missing' | 'unreadable'>>

/** Where a pod's pull secrets are read. */
export interface PodSources {
  readonly secret: ReadObject<PullSecret>
  /** The names of a ServiceAccount's pull secrets. */
  readonly accountSecrets: ReadObject<readonly string[]>
}

/** In whose name a workload's images are pulled, and whether its ServiceAccount's secrets are still to be added. */
export interface PullingPod {
  readonly pullAs: PullAs
  /** Admission adds them to pods before they come here, and to templates never. */
  readonly addsAccountSecrets: boolean
}

/** What a pod's secrets hold. */
export interface PodSecrets {
  readonly entries: readonly DockerEntry[]
  readonly notes: readonly CredentialNote[]
}

const only = (note: CredentialNote): PodSecrets => ({ entries: [], notes: [note] })

const readSecret = async (
  read: ReadObject<PullSecret>,
  { namespace }: PullAs,
  name: string,
  anew: boolean,
  signal: AbortSignal,
): Promise<PodSecrets> => {
  const secret = await read(namespace, name, anew, signal)
  if (!secret.ok)
    return only(
      secret.error === 'missing'
        ? { kind: 'missing-secret', secret: name }
        : { kind: 'unreadable', source: 'secret', name },
    )
  const entries = readPullSecret(secret.value)
  if (entries.ok) return { entries: entries.value, notes: [] }
  return only(
    entries.error === 'unusable'
      ? { kind: 'unusable-secret', secret: name }
      : { kind: 'malformed-secret', secret: name, problem: entries.error },
  )
}

interface Named {
  readonly names: readonly string[]
  readonly notes: readonly CredentialNote[]
}

/** The names of the secrets that count, and a note where they may be more or others. */
const namesFor = async (
  { pullAs, addsAccountSecrets }: PullingPod,
  { accountSecrets }: PodSources,
  anew: boolean,
  signal: AbortSignal,
): Promise<Named> => {
  const { namespace, imagePullSecrets: own, serviceAccount: account } = pullAs
  if (own === undefined || account === undefined)
    return { names: own ?? [], notes: [{ kind: 'unreadable', source: 'controller', name: '' }] }
  // An entry without a name names nothing, but the list is not empty (plugin/pkg/admission/serviceaccount).
  if (own.length > 0 || !addsAccountSecrets) return { names: own, notes: [] }
  const names = await accountSecrets(namespace, account, anew, signal)
  if (names.ok) return { names: names.value, notes: [] }
  // One that is missing may come with the same apply; without it there will be no pod.
  return { names: [], notes: [{ kind: 'unreadable', source: 'service-account', name: account }] }
}

// Whoever writes a pod chooses how many; the kubelet reads them all, and nobody has as many.
const mostSecrets = 100

/** Reads the pull secrets of a pod as the kubelet does: what is missing or of another type it does without. */
export const readPodSecrets = async (
  pod: PullingPod,
  sources: PodSources,
  anew: boolean,
  signal: AbortSignal,
): Promise<PodSecrets> => {
  const { names, notes } = await namesFor(pod, sources, anew, signal)
  const named = [...new Set(names.filter(name => name !== ''))]
  const read = await Promise.all(
    named.slice(0, mostSecrets).map(name => readSecret(sources.secret, pod.pullAs, name, anew, signal)),
  )
  const left = named
    .slice(mostSecrets, mostSecrets + 1)
    .map(name => only({ kind: 'unreadable', source: 'secret', name }))
  const all = [...read, ...left]
  return { entries: all.flatMap(({ entries }) => entries), notes: [...notes, ...all.flatMap(each => each.notes)] }
}
