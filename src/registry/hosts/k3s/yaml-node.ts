import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml'
import { fail, ok, type Result } from '../../../lib/result.ts'

/** What is wrong, and where in the text. */
export interface YamlComplaint {
  readonly offset: number
  readonly what: string
}

/** A node of a document, or what stands for none. */
export type YamlNode = Node | null | undefined

/** One pair of a mapping. */
export interface YamlEntry {
  readonly name: string
  readonly value: YamlNode
  readonly offset: number
}

/** The last entry of that name: of several it counts. */
export const entryNamed = (entries: readonly YamlEntry[], name: string): YamlEntry | undefined =>
  entries.findLast(entry => entry.name === name)

/** What a read gives, or what is wrong. */
export type YamlRead<T> = Result<T, YamlComplaint>

/** Reads the nodes of a document as gopkg.in/yaml.v2 puts them into Go's types. */
export interface YamlReader {
  /** In the order of the text, with those of merge keys in their place; a later one of the same name counts. */
  readonly entries: (node: YamlNode) => YamlRead<readonly YamlEntry[]>
  readonly items: (node: YamlNode) => YamlRead<readonly YamlNode[]>
  /** Whatever was written, numbers and all, as it was written; nothing at all is the empty text. */
  readonly text: (node: YamlNode) => YamlRead<string>
  readonly flag: (node: YamlNode) => YamlRead<boolean>
}

/** Where a node begins. */
export const offsetOfNode = (node: YamlNode): number => node?.range?.[0] ?? 0

const nothing = /^(?:|~|null|Null|NULL)$/
const yes = /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/
const no = /^(?:n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/

// Each alias may stand for all of a long list: without a bound a short text becomes a long one.
const mostAliases = 100

const isPlain = (node: YamlNode): boolean => isScalar(node) && (node.type === 'PLAIN' || node.type === undefined)

const joined = (reads: readonly (() => YamlRead<readonly YamlEntry[]>)[]): YamlRead<readonly YamlEntry[]> => {
  const all: (readonly YamlEntry[])[] = []
  for (const read of reads) {
    const part = read()
    if (!part.ok) return part
    all.push(part.value)
  }
  return ok(all.flat())
}

/** Makes a reader of a document whose scalars are all texts. */
export const yamlReader = (document: Document): YamlReader => {
  let aliases = 0
  const complain = (node: YamlNode, what: string) => fail({ offset: offsetOfNode(node), what })

  /** What a node is or stands for; undefined where there is nothing. */
  const meant = (node: YamlNode): YamlRead<Node | undefined> => {
    if (isAlias(node)) {
      if (++aliases > mostAliases) return complain(node, `more than ${mostAliases} aliases`)
      const target = node.resolve(document)
      return target === undefined ? complain(node, 'an alias of nothing') : meant(target)
    }
    const isNothing = isScalar(node) && isPlain(node) && nothing.test(String(node.value ?? ''))
    return ok(isNothing ? undefined : (node ?? undefined))
  }

  const text = (node: YamlNode): YamlRead<string> => {
    const scalar = meant(node)
    if (!scalar.ok || scalar.value === undefined) return scalar.ok ? ok('') : scalar
    return isScalar(scalar.value) ? ok(String(scalar.value.value)) : complain(node, 'must be text')
  }

  const merged = (node: YamlNode): YamlRead<readonly YamlEntry[]> => {
    const from = meant(node)
    if (!from.ok) return from
    if (!isSeq(from.value)) return isMap(from.value) ? entries(from.value) : complain(node, 'merges what is no mapping')
    // The earlier of them count.
    return joined(from.value.items.toReversed().map(item => () => entries(item as YamlNode)))
  }

  const entry = ({ key, value }: Pair<YamlNode, YamlNode>): YamlRead<readonly YamlEntry[]> => {
    if (isPlain(key) && isScalar(key) && key.value === '<<') return merged(value)
    const name = text(key)
    return name.ok ? ok([{ name: name.value, value, offset: offsetOfNode(key) }]) : name
  }

  const entries = (node: YamlNode): YamlRead<readonly YamlEntry[]> => {
    const map = meant(node)
    if (!map.ok || map.value === undefined) return map.ok ? ok([]) : map
    if (!isMap<YamlNode, YamlNode>(map.value)) return complain(node, 'must be a mapping')
    return joined(map.value.items.map(pair => () => entry(pair as Pair<YamlNode, YamlNode>)))
  }

  const items = (node: YamlNode): YamlRead<readonly YamlNode[]> => {
    const list = meant(node)
    if (!list.ok || list.value === undefined) return list.ok ? ok([]) : list
    return isSeq(list.value) ? ok(list.value.items as readonly YamlNode[]) : complain(node, 'must be a list')
  }

  const flag = (node: YamlNode): YamlRead<boolean> => {
    const scalar = meant(node)
    if (!scalar.ok || scalar.value === undefined) return scalar.ok ? ok(false) : scalar
    const said = isScalar(scalar.value) && isPlain(scalar.value) ? String(scalar.value.value) : ''
    if (!yes.test(said) && !no.test(said)) return complain(node, 'must be true or false')
    return ok(yes.test(said))
  }

  return { entries, items, text, flag }
}
