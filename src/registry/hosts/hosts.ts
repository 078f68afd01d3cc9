import { posix } from 'node:path'
import type { Credential } from '../auth/credential.ts'
import { defaultHost } from './default-host.ts'
import type { HostUrl, TlsPem } from './hosts-file.ts'
import { allCapabilities, type Capability, type ClientPair, type HostEntry, type HostsFile } from './hosts-file.ts'
import { isLoopback, portOf } from './loopback.ts'

/** How a connection to a host is secured; every text is PEM. */
export interface HostTls {
  readonly verify: boolean
  /** Trusted beside the system's own. */
  readonly ca: readonly string[]
  readonly client: readonly ClientPair[]
}

/** In whose way a host is asked: who wants credentials is found out differently, and so is what is shown. */
export type AskedBy = 'containerd' | 'cri-o'

/** What a node itself holds for a host; `malformed`: as soon as it is wanted, the node fails there. */
export type OwnCredential = Credential | 'malformed'

/** One host that is asked for a registry's content: the registry itself, or a mirror of it. */
export interface Host {
  /** Host and port as they were written. */
  readonly name: string
  /** The URLs to try in order, each without a final slash; the second only where the first speaks no TLS or no one listens. */
  readonly bases: readonly string[]
  readonly isUpstream: boolean
  readonly capabilities: ReadonlySet<Capability>
  /** The value of the query parameter `ns`, which tells a mirror whose content is wanted. */
  readonly namespace: string | undefined
  readonly tls: HostTls
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Whether it is shown the pod's credentials: by containerd any host is, by CRI-O no mirror on another domain. */
  readonly takesCredentials: boolean
  /** What the node has to show where it shows nothing of the pod's. */
  readonly own: OwnCredential | undefined
  readonly askedBy: AskedBy
  /** Undefined: a connection may take for ever. */
  readonly dialTimeoutMs: number | undefined
}

// Go's dialer in containerd (core/remotes/docker/registry.go DefaultHTTPTransport).
const defaultDialTimeoutMs = 30_000

const nothingSaid: HostEntry<TlsPem> = {
  url: undefined,
  capabilities: allCapabilities,
  tls: { of: 'pem', explicit: false, verify: true, ca: [], client: [] },
  headers: [],
  dialTimeoutMs: undefined,
}

/** The registry's own host with what the file's root says of it; capabilities are not the file's to take (containerd, ConfigureHosts). */
const upstreamEntry = (registry: string, { tls, ...rest }: HostEntry<TlsPem>): HostEntry<TlsPem> => {
  const entry = { ...rest, tls, capabilities: allCapabilities }
  const at = (scheme: string, host: string): HostUrl => ({ scheme, host, path: '/v2' })
  if (registry === 'docker.io') return { ...entry, url: at('https', defaultHost(registry)) }
  if (!isLoopback(registry)) return { ...entry, url: at('https', registry) }
  const port = portOf(registry)
  const url = at(port === '' || port === '443' ? 'https' : 'http', registry)
  return { ...entry, url, tls: port === '80' ? tls : { ...tls, explicit: true, verify: false } }
}

/** HTTP with anything said of TLS is HTTPS first, except on port 80, which leaves no doubt (containerd, ConfigureHosts). */
const basesOf = ({ scheme, host, path }: HostUrl, explicitTls: boolean): readonly string[] => {
  const root = posix.join('/', path).replace(/\/$/, '')
  const isAmbiguous = scheme === 'http' && explicitTls && portOf(host) !== '80'
  return (isAmbiguous ? ['https', 'http'] : [scheme]).map(each => `${each}://${host}${root}`)
}

// A message's framing and its receiver are the client's own affair: Go leaves out the first four too, and undici throws at the rest.
const ownHeaders = new Set(
  'host content-length transfer-encoding trailer connection keep-alive upgrade expect'.split(' '),
)

const isHeader = ([name, value]: readonly [string, string]): boolean =>
  /^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value)

/** Whether a request to it can be made at all: with a bad header, or less than no time to connect, Go makes none. */
const isUsable = (host: Host, entry: HostEntry<TlsPem>): boolean =>
  host.bases.every(base => /^https?:\/\/[^/]/.test(base) && URL.canParse(base)) &&
  entry.headers.every(isHeader) &&
  !(entry.dialTimeoutMs !== undefined && entry.dialTimeoutMs < 0)

const dialTimeoutOf = ({ dialTimeoutMs = defaultDialTimeoutMs }: HostEntry<TlsPem>): number | undefined =>
  dialTimeoutMs === 0 ? undefined : Math.ceil(dialTimeoutMs)

const hostOf = (registry: string, entry: HostEntry<TlsPem>): Host | undefined => {
  const { url, tls, capabilities } = entry
  if (url === undefined) return undefined
  const isUpstream = url.host === registry || url.host === defaultHost(registry)
  const host: Host = {
    name: url.host,
    bases: basesOf(url, tls.explicit),
    isUpstream,
    capabilities,
    namespace: isUpstream ? undefined : registry,
    tls: { verify: tls.verify, ca: tls.ca, client: tls.client },
    headers: entry.headers.filter(([name]) => !ownHeaders.has(name.toLowerCase())),
    takesCredentials: true,
    own: undefined,
    askedBy: 'containerd',
    dialTimeoutMs: dialTimeoutOf(entry),
  }
  return isUsable(host, entry) ? host : undefined
}

/**
 * The hosts that containerd asks for a registry's content, in its order (core/remotes/docker/config/hosts.go
 * ConfigureHosts): those of the file, then its server or, where it names none, the registry itself.
 * One that no request can be made to is left out: the runtime fails there and goes on.
 */
export const hostsOf = (registry: string, file: HostsFile | undefined): readonly Host[] => {
  const server = file?.server ?? nothingSaid
  const last = server.url === undefined || server.url.host === '' ? upstreamEntry(registry, server) : server
  return [...(file?.hosts ?? []), last].map(entry => hostOf(registry, entry)).filter(host => host !== undefined)
}
