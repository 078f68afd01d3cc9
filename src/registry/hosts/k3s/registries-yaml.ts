import type { HostsProblem } from '../hosts-toml.ts'
import type { EndpointUrl } from './endpoint-url.ts'
import type { Rewrite } from './rewrite.ts'

/** Where a registry's content is had, and what its repositories are called there. */
export interface YamlMirror {
  readonly endpoints: readonly EndpointUrl[]
  /** The first that changes a name counts. Undefined: there is one that cannot be foretold, and so no name can. */
  readonly rewrites: readonly Rewrite[] | undefined
}

/** What a node holds for a host. A secret: never logged, never part of a complaint. */
export interface YamlAuth {
  readonly username: string
  readonly password: string
  /** Name and password in base64, in their place. */
  readonly auth: string
  readonly identityToken: string
}

/** The files for TLS with a host, as they are named; the empty text for none. */
export interface YamlTls {
  readonly caFile: string
  readonly certFile: string
  readonly keyFile: string
  readonly insecureSkipVerify: boolean
}

/** What is said of a host. */
export interface YamlConfig {
  readonly auth: YamlAuth | undefined
  readonly tls: YamlTls | undefined
}

/** What a registries.yaml of K3s or RKE2 says; `*` stands for registries that are not named. */
export interface RegistriesYaml {
  readonly mirrors: ReadonlyMap<string, YamlMirror>
  readonly configs: ReadonlyMap<string, YamlConfig>
  /** What a node passes over, or what is not read here; all else counts. */
  readonly complaints: readonly HostsProblem[]
}

/** A file that says nothing. */
export const emptyYaml: RegistriesYaml = { mirrors: new Map(), configs: new Map(), complaints: [] }
