import { reReading } from '../../../lib/re-read.ts'
import { fail, ok, type Result } from '../../../lib/result.ts'
import { type FileProblem, readSmallFile } from '../../../lib/small-file.ts'
import { directoryNames, type HostsComplaint } from '../certs-dir.ts'
import { hostsOf } from '../hosts.ts'
import type { HostsFile } from '../hosts-file.ts'
import { parseHostsToml } from '../hosts-toml.ts'
import type { FindPlaces, Place } from '../place.ts'
import { readTlsFiles } from '../tls-files.ts'
import { type K3sHosts, type K3sHostsByName, k3sHostsOf } from './k3s-hosts.ts'
import { hostsTomlOf } from './k3s-hosts-toml.ts'
import { type OwnCredentials, ownCredentialsOf } from './own-credentials.ts'
import { parseRegistriesYaml } from './parse-registries-yaml.ts'
import { emptyYaml, type RegistriesYaml } from './registries-yaml.ts'
import { rewritten } from './rewrite.ts'

/** Options of a reader of registries.yaml. */
export interface RegistriesYamlOptions {
  /** Usually /etc/rancher/k3s/registries.yaml, or rke2 in the place of k3s. It need not be there. */
  readonly file: string
  /** Whether a registry is asked itself when its mirrors fail: not with --disable-default-registry-endpoint. */
  readonly defaultEndpoint: boolean
  /** A clock in milliseconds that never goes back. */
  readonly nowMs: () => number
  /** Told of each mistake whenever it was read. */
  readonly complain: (complaint: HostsComplaint) => void
}

type Read<T> = Promise<Result<T, FileProblem>>

/** Reads a registries.yaml; one that is not there says nothing, and one with a mistake keeps K3s from starting. */
export const readRegistriesYaml = async (
  file: string,
  complain: (complaint: HostsComplaint) => void,
): Read<RegistriesYaml> => {
  const bytes = await readSmallFile(file)
  if (!bytes.ok) return bytes.error.code === 'ENOENT' ? ok(emptyYaml) : bytes
  const parsed = parseRegistriesYaml(bytes.value.toString())
  for (const problem of parsed.ok ? parsed.value.complaints : [parsed.error]) complain({ file, ...problem })
  return parsed.ok ? parsed : fail({ file, problem: 'unreadable', code: undefined })
}

/** The hosts of an entry are told one by one, for a mirror's names may be others than the registry's. */
const placesIn = (
  registry: string,
  repository: string,
  { hosts, server }: HostsFile,
  { rewrites, server: own }: K3sHosts,
) => {
  const name = rewritten(repository, rewrites ?? [])
  const at = (entry: HostsFile['server'], called: string): readonly Place[] =>
    hostsOf(registry, { hosts: [], server: entry }).map(host => ({ host, repository: called }))
  const mirrors =
    name === undefined ? [] : hosts.filter(({ url }) => url?.host !== '').flatMap(entry => at(entry, name))
  return [...mirrors, ...(own === undefined ? [] : at(server, repository))]
}

const findIn = async (hosts: K3sHostsByName, file: string, registry: string, repository: string) => {
  const unforeseen = fail({ file, problem: 'unreadable', code: undefined } as const)
  const named = directoryNames(registry).find(name => hosts.has(name))
  const found = named === undefined ? undefined : hosts.get(named)
  if (found === undefined) return ok(hostsOf(registry, undefined).map(host => ({ host, repository })))
  const parsed = parseHostsToml(hostsTomlOf(found))
  if (!parsed.ok || (found.rewrites === undefined && found.endpoints.length > 0)) return unforeseen
  // The names of files are whole; K3s's own folder is none of ours.
  const read = await readTlsFiles(parsed.value, '/')
  return read.ok ? ok(placesIn(registry, repository, read.value, found)) : read
}

/** The places with what the node has to show at each. */
const withOwn = (places: readonly Place[], own: OwnCredentials): readonly Place[] =>
  places.map(({ host, repository }) => ({ host: { ...host, own: own.get(host.name) }, repository }))

/** Finds places as the containerd of K3s and RKE2 does, with the hosts.toml files that these make of a registries.yaml. */
export const placesFromRegistriesYaml = ({
  file,
  defaultEndpoint,
  nowMs,
  complain,
}: RegistriesYamlOptions): FindPlaces => {
  const known = reReading(nowMs, async () => {
    const yaml = await readRegistriesYaml(file, complain)
    return yaml.ok ? ok({ hosts: k3sHostsOf(yaml.value, defaultEndpoint), own: ownCredentialsOf(yaml.value) }) : yaml
  })
  return async ({ registry, repository }) => {
    const now = await known()
    if (!now.ok) return fail({ kind: 'unreadable', problem: now.error })
    const places = await findIn(now.value.hosts, file, registry, repository)
    return places.ok ? ok(withOwn(places.value, now.value.own)) : fail({ kind: 'unreadable', problem: places.error })
  }
}
