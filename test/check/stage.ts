import { type Check, createCheck } from '../../src/check/check.ts'
import { createProbe } from '../../src/check/probe.ts'
import { createFindProgram } from '../../src/check/program.ts'
import { createKeychain, type HeldKeys } from '../../src/credentials/keychain.ts'
import type { PodSources } from '../../src/credentials/pod-secrets.ts'
import type { PullSecret } from '../../src/credentials/pull-secret.ts'
import { fail, ok } from '../../src/lib/result.ts'
import type { Credential } from '../../src/registry/auth/credential.ts'
import type { Dialogue } from '../../src/registry/dialogue.ts'
import type { RegistryOptions } from '../../src/registry/registry.ts'
import type { Report } from '../../src/verdict/verdict.ts'
import { landingOn } from '../../src/workload/landing.ts'
import type { Node } from '../../src/workload/node.ts'
import { workloadsOf } from '../../src/workload/read.ts'
import type { Workload } from '../../src/workload/workload.ts'
import { dialogueForTest } from '../support/lifetime.ts'
import { platform } from '../verdict/evidence.ts'
import { kindNamed } from '../workload/subjects.ts'

/** A secret of that type, with one key. */
export const secretOf = (type: string, key: string, text: string): PullSecret => ({
  type,
  data: new Map([[key, Buffer.from(text)]]),
})

/** A secret whose docker config is this text. */
export const configSecret = (text: string): PullSecret =>
  secretOf('kubernetes.io/dockerconfigjson', '.dockerconfigjson', text)

/** A secret with the credential for what its keys name. */
export const secretFor = (credential: Credential, ...places: readonly string[]): PullSecret =>
  configSecret(JSON.stringify({ auths: Object.fromEntries(places.map(place => [place, credential])) }))

/** What is in a cluster, by namespace and name, and what was read of it. */
export interface Store {
  readonly secrets: Map<string, PullSecret | 'unreadable'>
  readonly accounts: Map<string, readonly string[] | 'unreadable'>
  readonly sources: PodSources
  /** `secret shop/a`, with `anew` behind it where whatever is remembered did not do. */
  readonly reads: string[]
}

/** A cluster in which there is only what is put there. */
export const emptyStore = (): Store => {
  const reads: string[] = []
  const readerOf =
    <T>(kind: string, kept: ReadonlyMap<string, T | 'unreadable'>) =>
    async (namespace: string, name: string, anew: boolean) => {
      reads.push(`${kind} ${namespace}/${name}${anew ? ' anew' : ''}`)
      const found = kept.get(`${namespace}/${name}`)
      if (found === undefined) return fail('missing' as const)
      return found === 'unreadable' ? fail('unreadable' as const) : ok(found as T)
    }
  const secrets: Store['secrets'] = new Map()
  const accounts: Store['accounts'] = new Map()
  const sources = { secret: readerOf('secret', secrets), accountSecrets: readerOf('account', accounts) }
  return { secrets, accounts, sources, reads }
}

/** The workload of a pod or a Deployment with these images. */
export const workloadWith = (
  images: readonly string[],
  secrets: readonly string[] = [],
  { namespace = 'shop', kind = 'Pod', account = '', policy = 'Always' } = {},
): Workload => {
  const spec = {
    ...(account === '' ? {} : { serviceAccountName: account }),
    imagePullSecrets: secrets.map(name => ({ name })),
    containers: images.map((image, at) => ({ name: `c${at}`, image, imagePullPolicy: policy })),
  }
  const [workload] =
    kind === 'Pod'
      ? workloadsOf({ spec }, kindNamed('', kind), namespace)
      : workloadsOf({ spec: { template: { spec } } }, kindNamed('apps', kind), namespace)
  if (workload === undefined) throw new Error(`${kind} has no pods`)
  return workload
}

/** How a core is put together. */
export interface StageOptions {
  readonly registry?: Partial<RegistryOptions>
  readonly dialogue?: Dialogue
  readonly held?: readonly HeldKeys[]
  readonly nodesMayHold?: (registry: string) => boolean
  readonly platforms?: readonly string[]
  readonly flightMs?: number
  readonly sources?: PodSources
  /** Whether lists of tags settle what unknown credentials would be told. */
  readonly settles?: boolean
  /** What is known of the nodes; nothing is, where it is left out. */
  readonly nodes?: readonly Node[] | 'unknown'
}

/** The core that the faces share, a cluster for it, and its clock. */
export interface Stage extends Store {
  readonly check: Check
  readonly pass: (seconds: number) => void
  /** Each request to registries and token servers so far: `HEAD 401`. */
  readonly asked: string[]
}

/** Puts a core together that lives as long as the test. */
export const stageFor = (options: StageOptions = {}): Stage => {
  const store = emptyStore()
  const asked: string[] = []
  let now = 1000
  const observe: RegistryOptions['observe'] = ({ method, outcome }) => void asked.push(`${method} ${outcome}`)
  const dialogue = options.dialogue ?? dialogueForTest({ observe, ...options.registry })
  const probe = createProbe({
    dialogue,
    foundSeconds: 60,
    absentSeconds: 5,
    flightMs: options.flightMs ?? 5000,
    entries: 1000,
    now: () => now,
    fingerprintKey: new Uint8Array(32),
  })
  const { held = [], nodesMayHold = () => false, sources = store.sources, nodes = [], settles = false } = options
  const platforms = (options.platforms ?? ['linux/amd64']).map(platform)
  const check = createCheck({
    mostListed: 50,
    probe,
    keychain: createKeychain({ sources, held, nodesMayHold }),
    addsAccountSecrets: ({ isTemplate }) => isTemplate,
    tags: dialogue.tags,
    settles,
    program: createFindProgram(dialogue),
    landing: ({ placement }) => landingOn(placement, platforms, undefined),
    nodes: () => nodes,
    isIgnored: () => false,
  })
  const pass = (seconds: number): void => {
    now += seconds * 1000
  }
  return { ...store, check, pass, asked }
}

/** What was found of each image: its codes, `stale` where it rests on an earlier answer, nothing where all is well. */
export const said = ({ verdicts }: Report): readonly string[] =>
  verdicts.map(verdict => {
    if (verdict.kind === 'skipped') return verdict.reason
    const codes = verdict.findings.map(({ code }) => code)
    return [...codes, ...(verdict.freshness === 'stale' ? ['stale'] : [])].join(' ')
  })

/** The time that a check may take where time is not what is tested. */
export const inTime = (): AbortSignal => AbortSignal.timeout(10_000)
