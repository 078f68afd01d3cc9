import type { FileProblem } from '../lib/small-file.ts'
import { type ProxySettings, proxySettings } from '../registry/dial/proxy.ts'
import type { HostsComplaint } from '../registry/hosts/certs-dir.ts'
import { type TrustSources, trustOf } from '../registry/trust.ts'
import type { Environment } from './surroundings.ts'

/** How registries are reached. */
export interface NetworkOptions {
  readonly proxies: ProxySettings
  readonly trust: TrustSources
  /** Directories in the manner of containerd's certs.d, looked through in this order. */
  readonly certsDirs: readonly string[]
}

/** The network as the environment describes it, the way containerd reads it too. */
export const networkOf = (environment: Environment, certsDirs: readonly string[]): NetworkOptions => ({
  proxies: proxySettings(environment),
  trust: trustOf(environment),
  certsDirs,
})

/** The sentence on a hosts.toml that a node passes over, and so do we. */
export const complaintSentence = ({ file, line, column, what }: HostsComplaint): string =>
  `${file}:${line}:${column}: ${what}. The file is passed over, as containerd does: mirrors in it are not used.`

/** The sentence on a file of authorities that cannot be used. */
export const trustSentence = ({ file, problem, code }: FileProblem): string => {
  switch (problem) {
    case 'unreadable':
      return `${file} cannot be read (${code ?? 'unknown reason'}): its authorities are not trusted.`
    case 'too-large':
      return `${file} is larger than 1 MiB: its authorities are not trusted.`
    case 'no-certificate':
    case 'no-key-pair':
      return `${file} holds no certificate: there is nobody in it to trust.`
  }
}
