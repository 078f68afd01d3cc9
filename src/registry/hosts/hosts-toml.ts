import { parse, TomlError } from 'smol-toml'
import { fail, ok, type Result } from '../../lib/result.ts'
import { readEntry } from './host-entry.ts'
import { type Complaint, type HostFields, isTable, readFields, type Table, textField } from './host-fields.ts'
import type { HostEntry, HostsFile, TlsFiles } from './hosts-file.ts'
import { offsetOf, outlineOf, type Statement } from './toml-outline.ts'

/** Why a hosts.toml cannot be used, and where; lines and columns begin at 1. */
export interface HostsProblem {
  readonly line: number
  readonly column: number
  readonly what: string
}

/** The line and column of a place in a text. */
export const positionOf = (text: string, offset: number): { readonly line: number; readonly column: number } => {
  const before = text.slice(0, offset).split('\n')
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 }
}

const parseToml = (text: string): Result<Table, HostsProblem> => {
  // TOML 1.1 allows it, go-toml 2.4 does not: a file that some editors of Windows wrote is broken to the runtime.
  if (text.startsWith('\ufeff')) return fail({ line: 1, column: 1, what: 'begins with a byte order mark' })
  try {
    // Integers beyond 2^53 are good TOML, and none of them is ours to read.
    return ok(parse(text, { integersAsBigInt: 'asNeeded' }))
  } catch (error) {
    if (!(error instanceof TomlError)) return fail({ line: 1, column: 1, what: 'not TOML' })
    const what = error.message.split('\n')[0]?.replace('Invalid TOML document: ', '') ?? 'not TOML'
    return fail({ line: error.line, column: error.column, what })
  }
}

/**
 * The hosts that have a table of their own, in the order of the text. One that another's table interrupts comes twice,
 * and one written without a header of its own is not seen (containerd, core/remotes/docker/config/hosts.go getSortedHosts).
 */
const hostOrder = (statements: readonly Statement[]): readonly string[] => {
  const names: string[] = []
  for (const { kind, path } of statements) {
    const [room, name] = path
    if (kind === 'table' && room === 'host' && name !== undefined && name !== (names.at(-1) ?? '')) names.push(name)
  }
  return names
}

type HostTables = ReadonlyMap<string, HostFields>

/** Every table of hosts: go-toml takes `Host` for `host` as well, and adds the ones to the others. */
const readTables = (root: Table): Result<HostTables, Complaint> => {
  const tables = new Map<string, HostFields>()
  for (const room of Object.keys(root).filter(name => name.toLowerCase() === 'host')) {
    const hosts = root[room]
    if (!isTable(hosts)) return fail({ path: [room], what: 'host must be a table' })
    for (const name of Object.keys(hosts)) {
      const path = [room, name]
      const table = hosts[name]
      if (!isTable(table)) return fail({ path, what: 'a host must be a table' })
      const fields = readFields({ table, path })
      if (!fields.ok) return fields
      tables.set(name, fields.value)
    }
  }
  return ok(tables)
}

const readHosts = (order: readonly string[], tables: HostTables): Result<readonly HostEntry<TlsFiles>[], Complaint> => {
  const hosts: HostEntry<TlsFiles>[] = []
  for (const name of order) {
    const fields = tables.get(name)
    const host = fields && readEntry({ value: name, path: ['host', name] }, fields)
    if (host?.ok === false) return host
    if (host !== undefined) hosts.push(host.value)
  }
  return ok(hosts)
}

const readFile = (root: Table, order: readonly string[]): Result<HostsFile<TlsFiles>, Complaint> => {
  const place = { table: root, path: [] }
  const fields = readFields(place)
  if (!fields.ok) return fields
  const server = textField(place, 'server')
  if (!server.ok) return server
  const tables = readTables(root)
  if (!tables.ok) return tables
  const hosts = readHosts(order, tables.value)
  if (!hosts.ok) return hosts
  const last = readEntry(server.value ?? { value: '', path: [] }, fields.value)
  return last.ok ? ok({ hosts: hosts.value, server: last.value }) : last
}

/** Reads a hosts.toml as containerd does: all of it, or nothing and where it is broken. */
export const parseHostsToml = (text: string): Result<HostsFile<TlsFiles>, HostsProblem> => {
  const root = parseToml(text)
  if (!root.ok) return root
  const statements = outlineOf(text)
  const file = readFile(root.value, hostOrder(statements))
  if (file.ok) return file
  return fail({ ...positionOf(text, offsetOf(statements, file.error.path)), what: file.error.what })
}
