import { hostsOf } from './hosts/hosts.ts'

/** Where a registry's API is served. */
export interface Endpoint {
  /** Host and port as people write them. */
  readonly host: string
  /** The URLs to try in order, each without a final slash; the second only where the first speaks no TLS or no one listens. */
  readonly bases: readonly string[]
  readonly verifyTls: boolean
}

/** The endpoint of a registry named in a reference, as containerd reaches it without further configuration. */
export const endpointOf = (registry: string): Endpoint => {
  const [host] = hostsOf(registry, undefined)
  return { host: registry, bases: host?.bases ?? [], verifyTls: host?.tls.verify ?? true }
}
