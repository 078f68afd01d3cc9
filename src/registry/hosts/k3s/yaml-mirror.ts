import { ok } from '../../../lib/result.ts'
import { type EndpointUrl, readEndpointUrl } from './endpoint-url.ts'
import type { YamlMirror } from './registries-yaml.ts'
import { type Rewrite, readRewrite } from './rewrite.ts'
import { entryNamed, offsetOfNode, type YamlNode, type YamlRead, type YamlReader } from './yaml-node.ts'

/** Notes what a node passes over, or what is not read here. */
export type Note = (offset: number, what: string) => void

const readEndpoints = (reader: YamlReader, node: YamlNode, note: Note): YamlRead<readonly EndpointUrl[]> => {
  const items = reader.items(node)
  if (!items.ok) return items
  const endpoints: EndpointUrl[] = []
  for (const item of items.value) {
    const text = reader.text(item)
    if (!text.ok) return text
    const url = readEndpointUrl(text.value)
    if (url.ok) endpoints.push(url.value)
    // Not quoted: a password may stand in it.
    else note(offsetOfNode(item), `not a URL, and passed over: ${url.error}`)
  }
  return ok(endpoints)
}

const readRewrites = (reader: YamlReader, node: YamlNode, note: Note): YamlRead<YamlMirror['rewrites']> => {
  const entries = reader.entries(node)
  if (!entries.ok) return entries
  const rewrites = new Map<string, Rewrite>()
  let isClear = true
  for (const { name, value, offset } of entries.value) {
    const replacement = reader.text(value)
    if (!replacement.ok) return replacement
    const rewrite = readRewrite(name, replacement.value)
    if (rewrite.ok) rewrites.set(name, rewrite.value)
    else {
      note(offset, rewrite.error.what)
      isClear &&= rewrite.error.isPassedOver
    }
  }
  return ok(isClear ? [...rewrites.values()] : undefined)
}

/** Reads what is said of a mirror. */
export const readMirror = (reader: YamlReader, node: YamlNode, note: Note): YamlRead<YamlMirror> => {
  const entries = reader.entries(node)
  if (!entries.ok) return entries
  const endpoints = readEndpoints(reader, entryNamed(entries.value, 'endpoint')?.value, note)
  if (!endpoints.ok) return endpoints
  const rewrites = readRewrites(reader, entryNamed(entries.value, 'rewrite')?.value, note)
  return rewrites.ok ? ok({ endpoints: endpoints.value, rewrites: rewrites.value }) : rewrites
}
