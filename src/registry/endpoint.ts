/** Where a registry's API is served. */
export interface Endpoint {
  /** Host and port as people write them. */
  readonly host: string
  /** The URLs to try in order, each without a final slash; the second only where the first speaks no TLS or no one listens. */
  readonly bases: readonly string[]
  readonly verifyTls: boolean
}

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/**
 * The endpoint of a registry named in a reference, as containerd reaches it without further configuration
 * (core/remotes/docker/config/hosts.go): HTTPS everywhere, but a loopback host with a port of its own is tried by
 * unverified HTTPS first and then by HTTP, and port 80 of one is HTTP alone.
 */
export const endpointOf = (registry: string): Endpoint => {
  if (registry === 'docker.io') return { host: registry, bases: ['https://registry-1.docker.io/v2'], verifyTls: true }
  const port = /:(\d+)$/.exec(registry)?.[1]
  const name = port === undefined ? registry : registry.slice(0, -port.length - 1)
  if (!loopback.test(name)) return { host: registry, bases: [`https://${registry}/v2`], verifyTls: true }
  if (port === '80') return { host: registry, bases: [`http://${registry}/v2`], verifyTls: true }
  const bases = [`https://${registry}/v2`]
  if (port !== undefined && port !== '443') bases.push(`http://${registry}/v2`)
  return { host: registry, bases, verifyTls: false }
}
