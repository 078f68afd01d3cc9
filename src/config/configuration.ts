import type { Action, Code } from '../verdict/codes.ts'
import type { Mode } from '../verdict/policy.ts'
import type { Treatment } from '../verdict/treatment.ts'

/** One registry's own settings. */
export interface HostConfiguration {
  readonly maxConnections: number
}

/** The nodes' credential providers: the kubelet's own file, and where the programs are. */
export interface ProvidersConfiguration {
  readonly config: string
  readonly binDir: string
}

/** A kind of workload beside the built-in ones. */
export interface KindConfiguration {
  /** '' for the core group. */
  readonly group: string
  readonly kind: string
  /** Paths of its pod templates: `spec.template`, or `spec.workers[*].template`. */
  readonly templates: readonly string[]
}

/** The configuration, every default filled in. What has none may be missing. */
export interface Configuration {
  readonly mode: Mode
  readonly policy: Readonly<Partial<Record<Code, Action>>>
  readonly owned: Treatment
  readonly templates: Treatment
  readonly ignoreImages: readonly string[]
  /** `nodes`: those of the cluster's nodes; `any`: platforms are not judged. */
  readonly platforms: 'nodes' | 'any' | readonly string[]
  /** That of the kubelets' own configuration; -1: they list all images. */
  readonly nodeStatusMaxImages: number
  readonly registries: {
    readonly certsDir: readonly string[]
    readonly registriesConf?: string
    readonly registriesYaml?: string
    readonly ca: readonly string[]
    readonly refuseAddresses: readonly string[]
    readonly allowAddresses: readonly string[]
    readonly maxConnections: number
    readonly hosts: Readonly<Record<string, HostConfiguration>>
  }
  readonly credentials: {
    readonly dockerConfig?: string
    readonly providers?: ProvidersConfiguration
    readonly nodesMayHave: readonly string[]
  }
  readonly cache: {
    readonly foundSeconds: number
    readonly absentSeconds: number
    readonly entries: number
  }
  readonly kinds: readonly KindConfiguration[]
  readonly serve: {
    readonly timeoutSeconds: number
    readonly reserveMs: number
    readonly drainSeconds: number
    readonly events: boolean
    readonly testImage?: string
    readonly certificates: 'self' | { readonly cert: string; readonly key: string }
    readonly clientCa?: string
    readonly clientNames: readonly string[]
  }
}
