import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fail, ok, type Result } from '../../../lib/result.ts'
import { type FileProblem, readSmallFile, unreadable } from '../../../lib/small-file.ts'
import type { HostsComplaint } from '../certs-dir.ts'
import { type HostsProblem, positionOf } from '../hosts-toml.ts'
import { mergeConfs } from './merge-confs.ts'
import { parseRegistriesConf } from './parse-registries-conf.ts'
import { emptyConf, type RegistriesConf } from './registries-conf.ts'

/** Where a node's registries.conf is read. */
export interface ConfPaths {
  /** Usually /etc/containers/registries.conf. It need not be there. Undefined: nobody told where it is. */
  readonly file: string | undefined
  /** Usually /etc/containers/registries.conf.d alone. They need not be there. */
  readonly dropIns: readonly string[]
  /** The aliases that Podman wrote down for the node, usually /var/cache/containers/short-name-aliases.conf. */
  readonly aliases: string | undefined
}

/** Why the files cannot be used: the system's reason, or a mistake in one of them. */
export type ConfProblem =
  | { readonly kind: 'unreadable'; readonly problem: FileProblem }
  | { readonly kind: 'mistake'; readonly complaint: HostsComplaint }

type Read<T> = Promise<Result<T, ConfProblem>>

// TOML is UTF-8; here what is none reads as U+FFFD.
const parseBytes = (bytes: Buffer): Result<RegistriesConf, HostsProblem> => {
  const text = bytes.toString()
  if (Buffer.from(text).equals(bytes)) return parseRegistriesConf(text)
  return fail({ ...positionOf(text, text.indexOf('\ufffd')), what: 'not UTF-8' })
}

/** A file that is not there, or that went away since it was listed, says nothing. */
const readConf = async (file: string): Read<RegistriesConf> => {
  const bytes = await readSmallFile(file)
  if (!bytes.ok)
    return bytes.error.code === 'ENOENT' ? ok(emptyConf) : fail({ kind: 'unreadable', problem: bytes.error })
  const conf = parseBytes(bytes.value)
  return conf.ok ? conf : fail({ kind: 'mistake', complaint: { file, ...conf.error } })
}

/** Files that end in .conf, by their names; folders within are passed over (pkg/sysregistriesv2, dropInConfigs). */
const dropInsOf = async (directory: string): Read<readonly string[]> => {
  const entries = await readdir(directory, { withFileTypes: true }).catch((error: unknown) =>
    unreadable(directory, error),
  )
  if ('problem' in entries) return entries.code === 'ENOENT' ? ok([]) : fail({ kind: 'unreadable', problem: entries })
  const names = entries.filter(entry => !entry.isDirectory() && entry.name.endsWith('.conf')).map(({ name }) => name)
  return ok(names.sort().map(name => join(directory, name)))
}

/** Reads a registries.conf with all that is dropped in beside it: one mistake anywhere, and a node pulls nothing at all. */
export const readConfFiles = async ({ file, dropIns, aliases }: ConfPaths): Read<RegistriesConf> => {
  const files = file === undefined ? [] : [file]
  for (const directory of dropIns) {
    const found = await dropInsOf(directory)
    if (!found.ok) return found
    files.push(...found.value)
  }
  let conf = emptyConf
  for (const each of files) {
    const next = await readConf(each)
    if (!next.ok) return next
    conf = mergeConfs(conf, next.value)
  }
  const written = aliases === undefined ? ok(emptyConf) : await readConf(aliases)
  return written.ok ? ok(mergeConfs(conf, { ...emptyConf, aliases: written.value.aliases })) : written
}
