import type { HostEntry, HostsFile, TlsTerms } from '../../../src/registry/hosts/hosts-file.ts'
import { parseHostsToml } from '../../../src/registry/hosts/hosts-toml.ts'

const entrySaid = ({ url, capabilities, tls, headers, dialTimeoutMs }: HostEntry<TlsTerms>): string =>
  [
    url === undefined ? 'upstream' : `${url.scheme}://${url.host}${url.path}`,
    capabilities.size < 4 ? [...capabilities].join('+') : '',
    ...tls.ca.map(name => `ca=${name}`),
    ...tls.client.map(({ cert, key }) => `client=${cert}${key === undefined ? '' : `&${key}`}`),
    tls.verify ? '' : 'unverified',
    tls.explicit ? 'tls' : '',
    ...headers.map(([name, value]) => `${name}:${value}`),
    dialTimeoutMs === undefined ? '' : `${dialTimeoutMs}ms`,
  ]
    .filter(word => word !== '')
    .join(' ')

/** What a file says, a line a host, the server last. */
export const said = ({ hosts, server }: HostsFile<TlsTerms>): readonly string[] => [...hosts, server].map(entrySaid)

/** A hosts.toml as if every file that it names had been read, and held its own name. */
export const hostsFileOf = (text: string): HostsFile => {
  const parsed = parseHostsToml(text)
  if (!parsed.ok) throw new Error(parsed.error.what)
  const read = ({ tls, ...entry }: (typeof parsed.value.hosts)[number]) => ({
    ...entry,
    tls: { ...tls, of: 'pem' } as const,
  })
  return { hosts: parsed.value.hosts.map(read), server: read(parsed.value.server) }
}
