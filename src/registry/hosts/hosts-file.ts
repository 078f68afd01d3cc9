/** What a host may be asked for: content by digest, digests by name, and two things that a pull never needs. */
export type Capability = 'pull' | 'resolve' | 'push' | 'referrers'

/** Every capability: what a host has that names none. */
export const allCapabilities: ReadonlySet<Capability> = new Set(['pull', 'resolve', 'push', 'referrers'])

/** Where a host's API is served, as it was written: scheme and host may be empty, and the path is not cleaned of slashes. */
export interface HostUrl {
  readonly scheme: string
  readonly host: string
  readonly path: string
}

/** A certificate and its private key, which stands in the same text where it is undefined. */
export interface ClientPair {
  readonly cert: string
  readonly key: string | undefined
}

/** How a host is trusted. The texts are names of files as they were written, or, once read, PEM. */
export interface TlsTerms {
  /** Whether anything was said of TLS at all: an http host is then tried by HTTPS first. */
  readonly explicit: boolean
  readonly verify: boolean
  readonly ca: readonly string[]
  readonly client: readonly ClientPair[]
}

/** TLS terms that name files. */
export type TlsFiles = TlsTerms & { readonly of: 'files' }

/** TLS terms whose files were read. */
export type TlsPem = TlsTerms & { readonly of: 'pem' }

/** One host of a file, or its root, which speaks for the server. */
export interface HostEntry<Tls extends TlsTerms> {
  /** Undefined: not named, which stands for the registry's own host. */
  readonly url: HostUrl | undefined
  readonly capabilities: ReadonlySet<Capability>
  readonly tls: Tls
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** As in Go: undefined is the default, 0 waits for ever, and less than 0 gives up before it began. */
  readonly dialTimeoutMs: number | undefined
}

/** What a hosts.toml says, or a directory of certificates without one. */
export interface HostsFile<Tls extends TlsTerms = TlsPem> {
  /** In the order of the file, which is the order of asking. */
  readonly hosts: readonly HostEntry<Tls>[]
  /** Asked last. */
  readonly server: HostEntry<Tls>
}
