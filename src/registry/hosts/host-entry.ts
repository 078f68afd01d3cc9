import { posix } from 'node:path'
import { fail, ok, type Result } from '../../lib/result.ts'
import { parseDuration } from './go-duration.ts'
import { readGoUrl } from './go-url.ts'
import { type Complaint, type Field, type HostFields, isText } from './host-fields.ts'
import type { TlsFiles } from './hosts-file.ts'
import { allCapabilities, type Capability, type ClientPair, type HostEntry, type HostUrl } from './hosts-file.ts'

type Read<T> = Result<T, Complaint>

const complain = (field: Field, what: string): Result<never, Complaint> => fail({ path: field.path, what })

// Text of a file goes into a message: shortened, and without anything that could move a terminal's cursor.
const quoted = (text: string): string => JSON.stringify(text.slice(0, 60)).replace(/[\x7f-\x9f\u2028\u2029]/g, '?')

const readUrl = (server: Field<string>, keepsPath: boolean): Read<HostUrl | undefined> => {
  if (server.value === '') return ok(undefined)
  // Not quoted in the complaint: a password may stand in it.
  const url = readGoUrl(server.value.startsWith('http') ? server.value : `https://${server.value}`)
  if (!url.ok) return complain(server, `not a URL: ${url.error}`)
  return ok({ ...url.value, path: apiPath(url.value.path, keepsPath) })
}

// containerd's path rule (core/remotes/docker/config/hosts.go parseHostConfig): /v2 is added unless it is there or not wanted.
const apiPath = (path: string, keepsPath: boolean): string => {
  const clean = path === '' ? '' : posix.normalize(path).replace(/(?<=.)\/$/, '')
  return keepsPath || clean.endsWith('/v2') ? clean : `${clean}/v2`
}

const readCapabilities = (field: Field<readonly string[]> | undefined): Read<ReadonlySet<Capability>> => {
  if (field === undefined || field.value.length === 0) return ok(allCapabilities)
  const known: ReadonlySet<string> = allCapabilities
  const unknown = field.value.find(name => !known.has(name.toLowerCase()))
  if (unknown !== undefined) return complain(field, `unknown capability ${quoted(unknown)}`)
  return ok(new Set(field.value.map(name => name.toLowerCase() as Capability)))
}

const readCa = (field: Field | undefined): Read<readonly string[]> => {
  if (field === undefined) return ok([])
  const names: readonly unknown[] = Array.isArray(field.value) ? field.value : [field.value]
  return names.every(isText) ? ok(names) : complain(field, 'ca must be a file name or a list of file names')
}

const pairOf = (value: unknown): ClientPair | undefined => {
  if (isText(value)) return { cert: value, key: undefined }
  if (!Array.isArray(value) || value.length !== 2) return undefined
  const [cert, key]: readonly unknown[] = value
  return isText(cert) && isText(key) ? { cert, key } : undefined
}

const readClient = (field: Field | undefined): Read<readonly ClientPair[]> => {
  if (field === undefined) return ok([])
  const values: readonly unknown[] = Array.isArray(field.value) ? field.value : [field.value]
  const pairs = values.map(pairOf).filter(pair => pair !== undefined)
  return pairs.length === values.length
    ? ok(pairs)
    : complain(field, 'client must be a file name, or a list of file names and pairs of them')
}

const readTls = (fields: HostFields): Read<TlsFiles> => {
  const ca = readCa(fields.ca)
  if (!ca.ok) return ca
  const client = readClient(fields.client)
  if (!client.ok) return client
  // An empty list of CAs counts as something said of TLS, an empty list of client certificates does not.
  const explicit = fields.ca !== undefined || client.value.length > 0 || fields.skipVerify !== undefined
  return ok({ of: 'files', explicit, verify: fields.skipVerify?.value !== true, ca: ca.value, client: client.value })
}

const readHeaders = ({ header }: HostFields): Read<HostEntry<TlsFiles>['headers']> => {
  const headers: (readonly [string, string])[] = []
  for (const [name, given] of Object.entries(header?.value ?? {})) {
    const values: readonly unknown[] = Array.isArray(given) ? given : [given]
    const path = [...(header?.path ?? []), name]
    if (!values.every(isText)) return fail({ path, what: `header ${quoted(name)} must be text or a list of texts` })
    headers.push(...values.map(value => [name, value] as const))
  }
  return ok(headers)
}

const readDialTimeout = ({ dialTimeout }: HostFields): Read<number | undefined> => {
  if (dialTimeout === undefined || dialTimeout.value === '') return ok(undefined)
  const milliseconds = parseDuration(dialTimeout.value)
  return milliseconds === undefined
    ? complain(dialTimeout, `dial_timeout ${quoted(dialTimeout.value)} is not a duration like "1m30s"`)
    : ok(milliseconds)
}

/** Understands the fields of one host (containerd, core/remotes/docker/config/hosts.go parseHostConfig). */
export const readEntry = (server: Field<string>, fields: HostFields): Read<HostEntry<TlsFiles>> => {
  const url = readUrl(server, fields.overridePath?.value === true)
  if (!url.ok) return url
  const capabilities = readCapabilities(fields.capabilities)
  if (!capabilities.ok) return capabilities
  const tls = readTls(fields)
  if (!tls.ok) return tls
  const headers = readHeaders(fields)
  if (!headers.ok) return headers
  const timeout = readDialTimeout(fields)
  if (!timeout.ok) return timeout
  return ok({
    url: url.value,
    capabilities: capabilities.value,
    tls: tls.value,
    headers: headers.value,
    dialTimeoutMs: timeout.value,
  })
}
