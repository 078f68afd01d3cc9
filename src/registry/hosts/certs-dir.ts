import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { LRUCache } from 'lru-cache'
import { fail, ok, type Result } from '../../lib/result.ts'
import { codeOf, type FileProblem, readSmallFile, unreadable } from '../../lib/small-file.ts'
import { allCapabilities, type ClientPair, type HostsFile, type TlsFiles } from './hosts-file.ts'
import { type HostsProblem, parseHostsToml, positionOf } from './hosts-toml.ts'
import { readTlsFiles } from './tls-files.ts'

/** What the directories say of a registry. */
export interface RegistryHosts {
  /** Where it is said; undefined: nowhere, and the registry is asked as it is. */
  readonly directory: string | undefined
  readonly file: HostsFile | undefined
  /** What is wrong with a hosts.toml that was passed over for the certificates beside it. */
  readonly complaint: HostsComplaint | undefined
}

/** What is wrong with a file, and where. */
export type HostsComplaint = HostsProblem & { readonly file: string }

/** Options of directories. */
export interface CertsDirOptions {
  /** Looked through in this order. */
  readonly roots: readonly string[]
  /** A clock in milliseconds that never goes back. */
  readonly nowMs: () => number
  /** Told of each file that was passed over, whenever it was read. */
  readonly complain: (complaint: HostsComplaint) => void
}

/** Directories in the manner of containerd's certs.d, read when a registry is looked up, and anew after a while. */
export interface CertsDir {
  /** A failure means that a node with these files pulls nothing from the registry. It is not remembered. */
  readonly lookUp: (registry: string) => Promise<Result<RegistryHosts, FileProblem>>
}

type Read<T> = Promise<Result<T, FileProblem>>

/** The names that a registry's directory may have, first come first taken (containerd, core/remotes/docker/config/config_unix.go). */
export const directoryNames = (registry: string): readonly string[] => {
  const colon = registry.lastIndexOf(':')
  const plain = [registry, '_default']
  return colon > 0 ? [`${registry.slice(0, colon)}_${registry.slice(colon + 1)}_`, ...plain] : plain
}

const isThere = async (path: string): Read<boolean> => {
  try {
    await stat(path)
    return ok(true)
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? ok(false) : fail(unreadable(path, error))
  }
}

// A registry's name has neither slashes nor dots alone; were it otherwise, it would lead out of the root.
const isName = (registry: string): boolean => !/[/\0]|^\.*$/.test(registry)

const findDirectory = async (roots: readonly string[], registry: string): Read<string | undefined> => {
  const names = isName(registry) ? directoryNames(registry) : []
  for (const path of roots.flatMap(root => names.map(name => join(root, name)))) {
    const found = await isThere(path)
    if (!found.ok) return found
    if (found.value) return ok(path)
  }
  return ok(undefined)
}

const pairIn = async (directory: string, cert: string): Read<ClientPair> => {
  const key = cert.replace(/\.cert$/, '.key')
  const found = await isThere(join(directory, key))
  return found.ok ? ok({ cert, key: found.value ? key : undefined }) : found
}

/** The certificates of a directory without a usable hosts.toml: *.crt are CAs, *.cert with *.key the client's (loadCertFiles). */
const readLooseFiles = async (directory: string): Read<HostsFile<TlsFiles>> => {
  const entries = await readdir(directory, { withFileTypes: true }).catch((error: unknown) =>
    unreadable(directory, error),
  )
  if ('problem' in entries) return entries.code === 'ENOENT' ? ok(filesOnly([], [])) : fail(entries)
  const names = entries.filter(entry => !entry.isDirectory()).map(({ name }) => name)
  const client: ClientPair[] = []
  for (const name of names.sort().filter(each => each.endsWith('.cert'))) {
    const pair = await pairIn(directory, name)
    if (!pair.ok) return pair
    client.push(pair.value)
  }
  return ok(
    filesOnly(
      names.filter(name => name.endsWith('.crt')),
      client,
    ),
  )
}

const filesOnly = (ca: readonly string[], client: readonly ClientPair[]): HostsFile<TlsFiles> => {
  const explicit = ca.length > 0 || client.length > 0
  const tls: TlsFiles = { of: 'files', explicit, verify: true, ca, client }
  return {
    hosts: [],
    server: { url: undefined, capabilities: allCapabilities, tls, headers: [], dialTimeoutMs: undefined },
  }
}

// Go's TOML reader takes nothing but UTF-8; here what is none reads as U+FFFD.
const parseBytes = (bytes: Buffer): Result<HostsFile<TlsFiles>, HostsProblem> => {
  const text = bytes.toString()
  if (Buffer.from(text).equals(bytes)) return parseHostsToml(text)
  return fail({ ...positionOf(text, text.indexOf('\ufffd')), what: 'not UTF-8' })
}

const readDirectory = async (directory: string): Read<RegistryHosts> => {
  const path = join(directory, 'hosts.toml')
  const bytes = await readSmallFile(path)
  if (!bytes.ok && bytes.error.code !== 'ENOENT') return bytes
  const parsed = bytes.ok && bytes.value.length > 0 ? parseBytes(bytes.value) : undefined
  const complaint = parsed === undefined || parsed.ok ? undefined : { file: path, ...parsed.error }
  const named = parsed?.ok ? parsed : await readLooseFiles(directory)
  if (!named.ok) return named
  const file = await readTlsFiles(named.value, directory)
  return file.ok ? ok({ directory, file: file.value, complaint }) : file
}

const readHosts = async (roots: readonly string[], registry: string): Read<RegistryHosts> => {
  const directory = await findDirectory(roots, registry)
  if (!directory.ok) return directory
  if (directory.value === undefined) return ok({ directory: undefined, file: undefined, complaint: undefined })
  return readDirectory(directory.value)
}

// Whoever writes a pod names the registry: names are not kept without bound.
const mostRegistries = 1000
// As often as controllers look whether a mounted file has changed; to be told of changes fails on mounts that swap links.
const keptMs = 10_000

/** Looks registries up in the given directories; in each of them `_default` stands for what has no directory of its own. */
export const createCertsDir = ({ roots, nowMs, complain }: CertsDirOptions): CertsDir => {
  const known = new LRUCache<string, Read<RegistryHosts>>({
    max: mostRegistries,
    ttl: keptMs,
    ttlResolution: 0,
    perf: { now: nowMs },
  })
  const read = async (registry: string): Read<RegistryHosts> => {
    const answer = await readHosts(roots, registry)
    if (answer.ok && answer.value.complaint !== undefined) complain(answer.value.complaint)
    return answer
  }
  return {
    lookUp: async registry => {
      const flight = known.get(registry) ?? read(registry)
      if (!known.has(registry)) known.set(registry, flight)
      const answer = await flight
      if (!answer.ok && known.peek(registry) === flight) known.delete(registry)
      return answer
    },
  }
}
