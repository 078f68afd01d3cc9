import type { ImageReference } from '../image/reference.ts'
import { deadlineIn, remainingMs } from '../lib/deadline.ts'
import { createKeyring } from './keyring.ts'
import { joinKeys, type Keys, noKeys } from './keys.ts'
import { type PodSources, type PullingPod, readPodSecrets } from './pod-secrets.ts'
import type { Puller } from './provider/puller.ts'

/** Finds what somebody holds for an image, by its name without tag and digest, such as `docker.io/library/nginx`. */
export type HeldKeys = (name: string, puller: Puller, signal: AbortSignal) => Promise<Keys>

/** What a node would try for the images of one pod. */
export type PodKeys = (reference: ImageReference, signal: AbortSignal) => Promise<Keys>

/** Finds out what a node would try for the images of a pod; anew: whatever was read of its secrets a moment ago. */
export type Keychain = (pod: PullingPod, anew: boolean, signal: AbortSignal) => Promise<PodKeys>

/** Options of a keychain. */
export interface KeychainOptions {
  /** Undefined: no secret can be read. */
  readonly sources: PodSources | undefined
  /** What nodes hold, or who runs the check: their files, then their credential providers. */
  readonly held: readonly HeldKeys[]
  /** Whether nodes may hold credentials for a registry that nobody told us. */
  readonly nodesMayHold: (registry: string) => boolean
}

/** Without a cluster nothing is known of any secret: one note says it, since a pod may name thousands. */
const unreadKeys = ({ pullAs, addsAccountSecrets }: PullingPod): Keys => {
  const { imagePullSecrets: secrets, serviceAccount } = pullAs
  if (secrets === undefined || serviceAccount === undefined)
    return { ...noKeys, notes: [{ kind: 'unreadable', source: 'controller', name: '' }] }
  const [secret] = secrets
  if (secret !== undefined) return { ...noKeys, notes: [{ kind: 'unreadable', source: 'secret', name: secret }] }
  return addsAccountSecrets
    ? { ...noKeys, notes: [{ kind: 'unreadable', source: 'service-account', name: serviceAccount }] }
    : noKeys
}

/** Half of the time is for the registries: a provider that hangs must not keep the pod's own secrets from being tried. */
const firstHalf = (signal: AbortSignal): AbortSignal => {
  const leftMs = remainingMs(signal)
  return leftMs === undefined ? signal : AbortSignal.any([signal, deadlineIn(leftMs / 2)])
}

/**
 * Makes a keychain in the kubelet's order (pkg/kubelet/images/image_manager.go, makeLookupPullCredentialsFunc): one keyring
 * of the pod's secrets, then what the node holds.
 */
export const createKeychain = ({ sources, held, nodesMayHold }: KeychainOptions): Keychain => {
  const heldFor = (name: string, puller: Puller, signal: AbortSignal): Promise<readonly Keys[]> => {
    const soon = firstHalf(signal)
    return Promise.all(held.map(find => find(name, puller, soon)))
  }

  return async (pod, anew, signal) => {
    const secrets = sources && (await readPodSecrets(pod, sources, anew, signal))
    const keyring = createKeyring(secrets?.entries ?? [])
    const unread = secrets === undefined ? unreadKeys(pod) : { ...noKeys, notes: secrets.notes }
    const { namespace, serviceAccount } = pod.pullAs

    return async ({ registry, repository }, until) => {
      const name = `${registry}/${repository}`
      const own: Keys = { credentials: keyring.lookup(name), notes: [] }
      const others = held.length === 0 ? [] : await heldFor(name, { namespace, serviceAccount }, until)
      const more: Keys = nodesMayHold(registry) ? { ...noKeys, notes: [{ kind: 'nodes-may-hold' }] } : noKeys
      return joinKeys([unread, own, ...others, more])
    }
  }
}
