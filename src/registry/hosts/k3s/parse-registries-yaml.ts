import { type Document, parseDocument } from 'yaml'
import { fail, ok, type Result } from '../../../lib/result.ts'
import { type HostsProblem, positionOf } from '../hosts-toml.ts'
import type { RegistriesYaml } from './registries-yaml.ts'
import { readConfig } from './yaml-config.ts'
import { type Note, readMirror } from './yaml-mirror.ts'
import { type YamlEntry, type YamlNode, type YamlRead, type YamlReader, yamlReader } from './yaml-node.ts'

/** The values of a map that may be written in parts: Go's reader adds the one to the other. */
const readMap = <T>(
  reader: YamlReader,
  root: readonly YamlEntry[],
  name: string,
  read: (node: YamlNode) => YamlRead<T>,
): YamlRead<ReadonlyMap<string, T>> => {
  const map = new Map<string, T>()
  for (const part of root.filter(entry => entry.name === name)) {
    const entries = reader.entries(part.value)
    if (!entries.ok) return entries
    for (const entry of entries.value) {
      const value = read(entry.value)
      if (!value.ok) return value
      map.set(entry.name, value.value)
    }
  }
  return ok(map)
}

const readRoot = (document: Document, note: Note): YamlRead<Omit<RegistriesYaml, 'complaints'>> => {
  const reader = yamlReader(document)
  const root = reader.entries(document.contents)
  if (!root.ok) return root
  const mirrors = readMap(reader, root.value, 'mirrors', node => readMirror(reader, node, note))
  if (!mirrors.ok) return mirrors
  const configs = readMap(reader, root.value, 'configs', node => readConfig(reader, node))
  return configs.ok ? ok({ mirrors: mirrors.value, configs: configs.value }) : configs
}

// A thousand mirrors and more; the reader takes a second for the worst text of that length.
const mostCharacters = 128 * 1024

// Who reads a hundred of them has enough to mend.
const mostComplaints = 100

/** Go's reader takes a later of two keys, and reads no more than the first document; its complaint is not ours. */
const parseText = (text: string): YamlRead<Document> => {
  try {
    const document = parseDocument(text, {
      schema: 'failsafe',
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
    })
    const error = document.errors.find(({ code }) => code !== 'MULTIPLE_DOCS')
    if (error === undefined) return ok(document as Document)
    // Its message may quote the text, and so a password.
    return fail({ offset: error.pos[0], what: `not YAML: ${error.code.toLowerCase().replaceAll('_', ' ')}` })
  } catch {
    // Brackets within brackets by the thousand.
    return fail({ offset: 0, what: 'not YAML' })
  }
}

/** Reads a registries.yaml as K3s does (github.com/rancher/wharfie, pkg/registries): all of it, or nothing and where it is broken. */
export const parseRegistriesYaml = (text: string): Result<RegistriesYaml, HostsProblem> => {
  if (text.length > mostCharacters)
    return fail({ line: 1, column: 1, what: `longer than ${mostCharacters} characters` })
  const complaints: HostsProblem[] = []
  const at = (offset: number, what: string): HostsProblem => ({ ...positionOf(text, offset), what })
  const document = parseText(text)
  if (!document.ok) return fail(at(document.error.offset, document.error.what))
  const note: Note = (offset, what) => {
    if (complaints.length < mostComplaints) complaints.push(at(offset, what))
  }
  const root = readRoot(document.value, note)
  return root.ok ? ok({ ...root.value, complaints }) : fail(at(root.error.offset, root.error.what))
}
