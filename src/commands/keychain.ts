import { createImagePattern, readImageName } from '../credentials/image-pattern.ts'
import { createKeychain, type HeldKeys, type Keychain } from '../credentials/keychain.ts'
import { noKeys } from '../credentials/keys.ts'
import { createLogins } from '../credentials/login/logins.ts'
import { nodeFileKeys } from '../credentials/node-file.ts'
import type { PodSources, PullingPod } from '../credentials/pod-secrets.ts'
import type { AccountSource } from '../credentials/provider/account-proof.ts'
import { type LoadProblem, loadProviders } from '../credentials/provider/load-providers.ts'
import type { ProviderProblem } from '../credentials/provider/provider-problem.ts'
import { createProviders } from '../credentials/provider/providers.ts'
import { printable } from '../verdict/text.ts'
import { providerWords } from '../verdict/vocabulary.ts'
import type { Environment } from './surroundings.ts'

/** What the nodes hold to prove who asks. */
export interface CredentialOptions {
  readonly dockerConfig: string | undefined
  readonly providers: { readonly config: string; readonly binDir: string } | undefined
  /** Patterns of registries for which they may hold what nobody told us. */
  readonly nodesMayHave: readonly string[]
}

/** What else a node's runtime holds in files of its own, beside what the kubelet gives it. */
export interface RuntimeOptions {
  /** CRI-O has a file of credentials for everybody. */
  readonly registriesConf: string | undefined
}

/** What a keychain is made of. */
export interface KeychainParts {
  readonly credentials: CredentialOptions
  readonly nodeFiles: RuntimeOptions
  /** Whether some node runs CRI-O. */
  readonly hasCrio: () => boolean
  /** Undefined: no cluster is known, and none of its secrets can be read. */
  readonly sources: (PodSources & AccountSource) | undefined
  readonly environment: Environment
  readonly nowMs: () => number
  readonly log: (text: string) => void
}

// The kubelet's own limit; a review's deadline ends the wait long before, and the answer is kept for the next.
const providerMs = 60_000
const mostAnswers = 10_000

/** A sentence on what is wrong with the configuration of credential providers. */
export const problemSentence = ({ file, line, column, what }: LoadProblem): string =>
  `${[file, line, column].filter(each => each !== undefined).join(':')}: ${what}. No credential provider is asked.`

// Whoever writes pods may bring it about as often as they like.
const complainMs = 60_000

const complaining = ({ nowMs, log }: KeychainParts) => {
  const quietUntilMs = new Map<string, number>()
  return (name: string, { what, said }: ProviderProblem): void => {
    if (nowMs() < (quietUntilMs.get(name) ?? 0)) return
    quietUntilMs.set(name, nowMs() + complainMs)
    const words = said === '' ? '' : ` It said: ${printable(said)}`
    log(`The credential provider ${name} ${providerWords[what]}.${words}`)
  }
}

const nobody: AccountSource = { findAccount: async () => undefined, requestToken: async () => undefined }

const providerKeys = async (parts: KeychainParts): Promise<readonly HeldKeys[]> => {
  const { credentials, environment, nowMs, log, sources } = parts
  if (credentials.providers === undefined) return []
  const { config, binDir } = credentials.providers
  const loaded = await loadProviders(config)
  if (loaded.ok) {
    const { findAccount, requestToken } = sources ?? nobody
    const running = { binDir, environment, runMs: providerMs, nowMs, mostAnswers, complain: complaining(parts) }
    return [createProviders(loaded.value, { ...running, findAccount, requestToken })]
  }
  for (const problem of loaded.error) log(problemSentence(problem))
  return [async () => ({ ...noKeys, notes: [{ kind: 'unreadable', source: 'provider', name: config }] })]
}

const fileKeys = ({ credentials: { dockerConfig }, nowMs }: KeychainParts): readonly HeldKeys[] =>
  dockerConfig === undefined ? [] : [nodeFileKeys(dockerConfig, nowMs)]

/** Whether nodes may hold more for a registry than we were told; where nothing is known of them at all, for any. */
const mayHold = ({ credentials, nodeFiles, hasCrio, sources }: KeychainParts): ((registry: string) => boolean) => {
  const { dockerConfig, providers, nodesMayHave } = credentials
  if (nodeFiles.registriesConf !== undefined) return () => true
  if (sources === undefined && dockerConfig === undefined && providers === undefined) return () => true
  const patterns = nodesMayHave.map(createImagePattern)
  return registry => hasCrio() || patterns.some(matches => matches(readImageName(`${registry}/image`)))
}

/** The keychain of a cluster: the pod's secrets, the nodes' file, the nodes' providers. */
export const clusterKeychain = async (parts: KeychainParts): Promise<Keychain> => {
  return createKeychain({
    sources: parts.sources,
    held: [...fileKeys(parts), ...(await providerKeys(parts))],
    nodesMayHold: mayHold(parts),
  })
}

// A helper that asks for a password would never end.
const helperMs = 10_000

/** What the keychain of a pipeline is made of. */
export interface GateKeychainParts extends KeychainParts {
  /** Files in the manner of docker's configuration, whose credentials count for every pod. */
  readonly configs: readonly string[]
}

/** Somebody asks for images by their names alone: no pod is known. */
const isAskedAlone = ({ pullAs }: PullingPod): boolean => pullAs.serviceAccount === ''

/**
 * The keychain of somebody at a terminal or in a pipeline: the secrets of the pods, then that person's own logins, then what
 * the nodes are said to hold.
 */
export const gateKeychain = async (parts: GateKeychainParts): Promise<Keychain> => {
  const { environment, credentials, configs, nowMs, sources } = parts
  const logins = createLogins({ environment, home: environment['HOME'] ?? '/', runMs: helperMs, nowMs })
  const own: HeldKeys = (name, _, signal) => logins(name, signal)
  const given = configs.map(file => nodeFileKeys(file, nowMs))
  const held = [...given, own, ...fileKeys(parts), ...(await providerKeys(parts))]
  const told = credentials.dockerConfig !== undefined || credentials.providers !== undefined
  const ofPods = createKeychain({ sources, held, nodesMayHold: mayHold(parts) })
  // Without a word on the nodes it is the logins that are asked about.
  const alone = createKeychain({ sources, held, nodesMayHold: told ? mayHold(parts) : () => false })
  return (pod, anew, signal) => (isAskedAlone(pod) ? alone : ofPods)(pod, anew, signal)
}
