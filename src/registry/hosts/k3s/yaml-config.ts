import { ok } from '../../../lib/result.ts'
import type { YamlAuth, YamlConfig, YamlTls } from './registries-yaml.ts'
import { entryNamed, type YamlEntry, type YamlNode, type YamlRead, type YamlReader } from './yaml-node.ts'

/** Texts by the names of their fields, or undefined where nothing is said. */
const readTexts = <N extends string>(
  reader: YamlReader,
  entries: readonly YamlEntry[],
  names: readonly N[],
): YamlRead<Readonly<Record<N, string>>> => {
  const texts: [N, string][] = []
  for (const name of names) {
    const text = reader.text(entryNamed(entries, name)?.value)
    if (!text.ok) return text
    texts.push([name, text.value])
  }
  return ok(Object.fromEntries(texts) as Record<N, string>)
}

const isSaid = (entry: YamlEntry | undefined, reader: YamlReader): boolean => {
  const text = reader.text(entry?.value)
  return !text.ok || text.value !== ''
}

const readAuth = (reader: YamlReader, entry: YamlEntry | undefined): YamlRead<YamlAuth | undefined> => {
  if (!isSaid(entry, reader)) return ok(undefined)
  const entries = reader.entries(entry?.value)
  if (!entries.ok) return entries
  const texts = readTexts(reader, entries.value, ['username', 'password', 'auth', 'identity_token'])
  if (!texts.ok) return texts
  const { username, password, auth, identity_token: identityToken } = texts.value
  return ok({ username, password, auth, identityToken })
}

const readTls = (reader: YamlReader, entry: YamlEntry | undefined): YamlRead<YamlTls | undefined> => {
  if (!isSaid(entry, reader)) return ok(undefined)
  const entries = reader.entries(entry?.value)
  if (!entries.ok) return entries
  const texts = readTexts(reader, entries.value, ['ca_file', 'cert_file', 'key_file'])
  if (!texts.ok) return texts
  const flag = reader.flag(entryNamed(entries.value, 'insecure_skip_verify')?.value)
  if (!flag.ok) return flag
  const { ca_file: caFile, cert_file: certFile, key_file: keyFile } = texts.value
  return ok({ caFile, certFile, keyFile, insecureSkipVerify: flag.value })
}

/** Reads what is said of a host. */
export const readConfig = (reader: YamlReader, node: YamlNode): YamlRead<YamlConfig> => {
  const entries = reader.entries(node)
  if (!entries.ok) return entries
  const auth = readAuth(reader, entryNamed(entries.value, 'auth'))
  if (!auth.ok) return auth
  const tls = readTls(reader, entryNamed(entries.value, 'tls'))
  return tls.ok ? ok({ auth: auth.value, tls: tls.value }) : tls
}
