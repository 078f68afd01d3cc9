import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createCheck } from '../../src/check/check.ts'
import { createProbe } from '../../src/check/probe.ts'
import { createFindProgram } from '../../src/check/program.ts'
import { askedImages } from '../../src/cli/asked-images.ts'
import { clusterKeychain } from '../../src/commands/keychain.ts'
import { readConfiguration } from '../../src/config/read.ts'
import type { Keys } from '../../src/credentials/keys.ts'
import type { PodSources } from '../../src/credentials/pod-secrets.ts'
import type { AccountSource } from '../../src/credentials/provider/account-proof.ts'
import { landingAnywhere } from '../../src/workload/landing.ts'
import type { Workload } from '../../src/workload/workload.ts'
import { directoryForTest } from '../credentials/programs.ts'
import { dialogueForTest } from '../support/lifetime.ts'
import { referenceOf } from '../support/reference-of.ts'
import type { CloudRegistry } from './cloud-registry.ts'

/** What a node has beside its registry. */
export interface CloudNodeOptions {
  readonly registry: CloudRegistry
  /** One provider of a CredentialProviderConfig, and the directory of its program; undefined: the node has none. */
  readonly provider: { readonly config: object; readonly binDir: string } | undefined
  /** The environment of whoever runs the provider. */
  readonly environment?: Readonly<Record<string, string>>
  readonly accounts?: AccountSource
  /** What nodes may hold beside; what the configuration says by default. */
  readonly nodesMayHave?: readonly string[]
}

/** What a node does about a cloud's images, as far as we foretell it. */
export interface CloudNode {
  /** What it would show, and what was seen on the way there. */
  readonly keys: (image: string) => Promise<Keys>
  /** The codes of what is found, or that it passes. */
  readonly verdict: (image: string) => Promise<string>
  /** What was logged of the provider. */
  readonly logged: () => readonly string[]
  /** Lets time pass for what is kept. */
  readonly pass: (milliseconds: number) => void
}

const puller = { namespace: 'shop', imagePullSecrets: [], serviceAccount: 'web' }

const byDefault = (): readonly string[] => {
  const read = readConfiguration('{}')
  if (!read.ok) throw new Error(JSON.stringify(read.error))
  return read.value.credentials.nodesMayHave
}

/** Writes the files that tell the kubelet of its registries: an empty docker config, and the provider. */
const writeFiles = async (provider: CloudNodeOptions['provider']) => {
  const directory = await directoryForTest()
  const [dockerConfig, config] = [join(directory, 'config.json'), join(directory, 'providers.yaml')]
  await writeFile(dockerConfig, '{"auths":{}}')
  if (provider === undefined) return { dockerConfig, providers: undefined }
  const kind = { apiVersion: 'kubelet.config.k8s.io/v1', kind: 'CredentialProviderConfig' }
  const defaults = { apiVersion: 'credentialprovider.kubelet.k8s.io/v1', defaultCacheDuration: '12h' }
  await writeFile(config, JSON.stringify({ ...kind, providers: [{ ...defaults, ...provider.config }] }))
  return { dockerConfig, providers: { config, binDir: provider.binDir } }
}

const sourcesFor = (accounts: AccountSource): PodSources & AccountSource => ({
  ...accounts,
  secret: async () => ({ ok: false, error: 'missing' }),
  accountSecrets: async () => ({ ok: true, value: [] }),
})

const noAccounts: AccountSource = { findAccount: async () => undefined, requestToken: async () => undefined }

/** Makes a node, as long as the test. */
export const cloudNode = async (options: CloudNodeOptions): Promise<CloudNode> => {
  let now = 0
  const lines: string[] = []
  const files = await writeFiles(options.provider)
  const keychain = await clusterKeychain({
    nodeFiles: { registriesConf: undefined },
    hasCrio: () => false,
    credentials: { ...files, nodesMayHave: options.nodesMayHave ?? byDefault() },
    sources: sourcesFor(options.accounts ?? noAccounts),
    // Nothing of this machine's own environment, which may lead to a real cloud.
    environment: { PATH: '/usr/local/bin:/usr/bin:/bin', ...options.environment },
    nowMs: () => now,
    log: text => {
      if (!text.startsWith('The credential provider')) throw new Error(text)
      lines.push(text)
    },
  })
  const fingerprintKey = new Uint8Array(32)
  const dialogue = dialogueForTest({ ...options.registry.way, fingerprintKey })
  const remembered = { foundSeconds: 60, absentSeconds: 5, entries: 100, flightMs: 5000 }
  const check = createCheck({
    mostListed: 50,
    probe: createProbe({ dialogue, ...remembered, now: () => now, fingerprintKey }),
    keychain,
    addsAccountSecrets: () => false,
    tags: dialogue.tags,
    program: createFindProgram(dialogue),
    landing: () => landingAnywhere,
    nodes: () => [],
    isIgnored: () => false,
  })
  const podOf = (image: string): Workload => ({ ...askedImages([image]), pullAs: puller })
  return {
    keys: async image => {
      const signal = AbortSignal.timeout(20_000)
      const keysFor = await keychain({ pullAs: puller, addsAccountSecrets: false }, false, signal)
      return keysFor(referenceOf(image), signal)
    },
    verdict: async image => {
      const { verdicts } = await check(podOf(image), AbortSignal.timeout(20_000))
      const codes = verdicts.map(each =>
        each.kind === 'skipped' ? [each.reason] : each.findings.map(({ code }) => code),
      )
      return codes.flat().join(' ') || 'pass'
    },
    logged: () => lines,
    pass: milliseconds => {
      now += milliseconds
    },
  }
}
