import { X509Certificate } from 'node:crypto'
import { resolve } from 'node:path'
import { createSecureContext } from 'node:tls'
import { fail, ok, type Result } from '../../lib/result.ts'
import { type FileProblem, readSmallFile } from '../../lib/small-file.ts'
import type { ClientPair, HostEntry, HostsFile, TlsFiles, TlsPem } from './hosts-file.ts'

type Read<T> = Promise<Result<T, FileProblem>>

const certificate = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g

const isCertificate = (pem: string): boolean => {
  try {
    return new X509Certificate(pem).raw.length > 0
  } catch {
    return false
  }
}

/** The certificates of a file, one text each; what else stands in it is skipped, as Go's CertPool does. */
export const readAuthorities = async (file: string): Read<readonly string[]> => {
  const bytes = await readSmallFile(file)
  if (!bytes.ok) return bytes
  const found = (bytes.value.toString('latin1').match(certificate) ?? []).filter(isCertificate)
  return found.length > 0 ? ok(found) : fail({ file, problem: 'no-certificate', code: undefined })
}

const fitTogether = (cert: string, key: string): boolean => {
  try {
    createSecureContext({ cert, key })
    return true
  } catch {
    return false
  }
}

const readPair = async (pair: ClientPair, directory: string): Read<ClientPair> => {
  const file = resolve(directory, pair.cert)
  const cert = await readSmallFile(file)
  if (!cert.ok) return cert
  const key = pair.key === undefined ? cert : await readSmallFile(resolve(directory, pair.key))
  if (!key.ok) return key
  const [certText, keyText] = [cert.value.toString('latin1'), key.value.toString('latin1')]
  if (!fitTogether(certText, keyText)) return fail({ file, problem: 'no-key-pair', code: undefined })
  return ok({ cert: certText, key: keyText })
}

const readTls = async (tls: TlsFiles, directory: string): Read<TlsPem> => {
  const ca: string[] = []
  for (const name of tls.ca) {
    const found = await readAuthorities(resolve(directory, name))
    if (!found.ok) return found
    ca.push(...found.value)
  }
  const client: ClientPair[] = []
  for (const pair of tls.client) {
    const found = await readPair(pair, directory)
    if (!found.ok) return found
    client.push(found.value)
  }
  return ok({ of: 'pem', explicit: tls.explicit, verify: tls.verify, ca, client })
}

const readEntry = async (entry: HostEntry<TlsFiles>, directory: string): Read<HostEntry<TlsPem>> => {
  const tls = await readTls(entry.tls, directory)
  return tls.ok ? ok({ ...entry, tls: tls.value }) : tls
}

/** Reads the certificates and keys that a file names; one that cannot be had fails them all, as it fails the node's pull. */
export const readTlsFiles = async (file: HostsFile<TlsFiles>, directory: string): Read<HostsFile> => {
  const hosts: HostEntry<TlsPem>[] = []
  for (const entry of file.hosts) {
    const host = await readEntry(entry, directory)
    if (!host.ok) return host
    hosts.push(host.value)
  }
  const server = await readEntry(file.server, directory)
  return server.ok ? ok({ hosts, server: server.value }) : server
}
