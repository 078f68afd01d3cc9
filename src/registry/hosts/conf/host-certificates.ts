import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fail, ok, type Result } from '../../../lib/result.ts'
import { type FileProblem, unreadable } from '../../../lib/small-file.ts'
import { allCapabilities, type ClientPair, type TlsFiles, type TlsPem } from '../hosts-file.ts'
import { readTlsFiles } from '../tls-files.ts'

/** The certificates that are kept for a host. */
export type HostCertificates = Pick<TlsPem, 'ca' | 'client'>

type Read<T> = Promise<Result<T, FileProblem>>

const readFiles = async (ca: readonly string[], client: readonly ClientPair[], directory: string): Read<TlsPem> => {
  const tls: TlsFiles = { of: 'files', explicit: true, verify: true, ca, client }
  const server = { url: undefined, capabilities: allCapabilities, tls, headers: [], dialTimeoutMs: undefined }
  const file = await readTlsFiles({ hosts: [], server }, directory)
  return file.ok ? ok(file.value.server.tls) : file
}

/** The names in a directory, or undefined where there is none. One that may not be read a node, which is root, would read. */
const namesIn = async (directory: string): Read<readonly string[] | undefined> => {
  const names = await readdir(directory).catch((error: unknown) => unreadable(directory, error))
  if (!('problem' in names)) return ok(names.sort())
  return names.code === 'ENOENT' ? ok(undefined) : fail(names)
}

/** Each *.cert with its *.key; one without the other fails the host. */
const pairsOf = (names: readonly string[], directory: string): Result<readonly ClientPair[], FileProblem> => {
  const stems = (ending: string) =>
    names.filter(name => name.endsWith(ending)).map(name => name.slice(0, -ending.length))
  const [certs, keys] = [stems('.cert'), stems('.key')]
  const [alone] = [certs.filter(stem => !keys.includes(stem)), keys.filter(stem => !certs.includes(stem))].flat()
  if (alone !== undefined) return fail({ file: join(directory, alone), problem: 'no-key-pair', code: undefined })
  return ok(certs.map(stem => ({ cert: `${stem}.cert`, key: `${stem}.key` })))
}

const readDirectory = async (directory: string, names: readonly string[]): Read<HostCertificates> => {
  const ca: string[] = []
  for (const name of names.filter(each => each.endsWith('.crt'))) {
    const found = await readFiles([name], [], directory)
    // Go adds what certificates it finds, and does not look whether there were any.
    if (!found.ok && found.error.problem !== 'no-certificate') return found
    ca.push(...(found.ok ? found.value.ca : []))
  }
  const pairs = pairsOf(names, directory)
  if (!pairs.ok) return pairs
  const client = await readFiles([], pairs.value, directory)
  return client.ok ? ok({ ca, client: client.value.client }) : client
}

// A host's name has neither slashes nor dots alone; were it otherwise, it would lead out of the root.
const isName = (host: string): boolean => !/[/\0]|^\.*$/.test(host)

/**
 * The certificates of the first of the directories that has one named like the host and its port: *.crt are CAs, *.cert
 * with *.key the client's; a hosts.toml means nothing here (go.podman.io/image, docker/docker_client.go dockerCertDir,
 * pkg/tlsclientconfig).
 */
export const readCertificates = async (roots: readonly string[], host: string): Read<HostCertificates> => {
  for (const directory of isName(host) ? roots.map(root => join(root, host)) : []) {
    const names = await namesIn(directory)
    if (!names.ok) return names
    if (names.value !== undefined) return readDirectory(directory, names.value)
  }
  return ok({ ca: [], client: [] })
}
