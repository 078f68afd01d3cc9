import { isIP } from 'node:net'

/** Where the page is served, and which further names lead there. */
export interface PageHosts {
  /** The address that it listens on. */
  readonly bound: string
  readonly names: readonly string[]
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

/** `[::1]:8080` and `Localhost.:80` as `::1` and `localhost`. */
const hostIn = (header: string): string => {
  const [, v6, name = ''] = /^(?:\[([^\]]+)\]|([^:]*))(?::\d+)?$/.exec(header.toLowerCase()) ?? []
  return v6 ?? name.replace(/\.$/, '')
}

// No web page of a stranger has such a name: the first two are names of a cluster's Services, the third one is of the same namespace.
const isOfCluster = (host: string): boolean =>
  host.endsWith('.svc') || host.endsWith('.svc.cluster.local') || /^[a-z0-9-]+$/.test(host)

/**
 * Whether a request may come from a page of ours: a stranger's web page that has its own name lead to our address (DNS rebinding) asks for
 * that name, and would read what a browser behind the firewall may read.
 */
export const isOurHost = (header: string | undefined, { bound, names }: PageHosts): boolean => {
  const host = hostIn(header ?? '')
  if (host === '') return false
  if (host === bound.toLowerCase() || names.some(name => name.toLowerCase() === host)) return true
  return isLoopback(bound) ? isLoopback(host) : isIP(host) !== 0 || isOfCluster(host)
}
