import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml'
import { setOwn } from '../../lib/set-own.ts'
import { keyText } from '../../lib/yaml-keys.ts'

/** What is wrong with a document, and where. */
export interface Flaw {
  readonly offset: number
  readonly what: string
}

/** A document as plain data. */
export interface Plain {
  readonly value: unknown
  /** What each alias stands for. */
  readonly targets: ReadonlyMap<unknown, unknown>
  /** Undefined: it can be used. */
  readonly fatal: Flaw | undefined
  /** Keys that stand twice: the last one counts, as it does in Kubernetes. */
  readonly twice: readonly Flaw[]
}

// A large manifest has some ten thousand. Aliases let a few lines stand for billions.
const mostValues = 1_000_000

interface Built {
  readonly value: unknown
  /** With all that stands below. */
  readonly size: number
}

interface Work {
  readonly anchors: Map<string, Node>
  readonly targets: Map<unknown, unknown>
  readonly built: Map<unknown, Built>
  readonly twice: Flaw[]
  size: number
  fatal: Flaw | undefined
}

const startOf = (node: unknown): number =>
  typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range) ? Number(node.range[0]) : 0

/** Whether a key merges other maps into this one. */
export const isMergeKey = ({ key }: Pair): boolean => isScalar(key) && key.source === '<<' && key.type === 'PLAIN'

const broken = (work: Work, node: unknown, what: string): void => {
  work.fatal ??= { offset: startOf(node), what }
}

const mergeable = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const merge = (record: object, value: unknown, node: unknown, work: Work): void => {
  for (const source of Array.isArray(value) ? value : [value]) {
    if (!mergeable(source)) {
      broken(work, node, 'a merge key ("<<") names something that is no map')
      return
    }
    for (const [name, inherited] of Object.entries(source)) {
      work.size += 1
      if (!Object.hasOwn(record, name)) setOwn(record, name, inherited)
    }
  }
}

const buildMap = (map: YAMLMap, work: Work): object => {
  const record = {}
  const merges: Pair[] = []
  for (const pair of map.items) {
    if (work.fatal !== undefined) return record
    const name = keyText(pair)
    if (name === undefined) broken(work, pair.key ?? map, 'a key has to be text')
    else if (isMergeKey(pair)) merges.push(pair)
    else {
      if (Object.hasOwn(record, name)) work.twice.push({ offset: startOf(pair.key), what: name })
      if (isScalar(pair.key)) remembered(pair.key, () => name, work)
      setOwn(record, name, build(pair.value, work))
    }
  }
  for (const pair of merges) merge(record, build(pair.value, work), pair.key, work)
  return record
}

const buildList = (list: YAMLSeq, work: Work): readonly unknown[] => {
  const values: unknown[] = []
  for (const item of list.items) {
    if (work.fatal !== undefined) return values
    values.push(build(item, work))
  }
  return values
}

const buildAlias = (node: unknown, name: string, work: Work): unknown => {
  const target = work.anchors.get(name)
  const built = work.built.get(target)
  if (target === undefined) broken(work, node, `nothing above is called &${name}`)
  else if (built === undefined) broken(work, node, `the alias *${name} stands within what it names`)
  work.targets.set(node, target)
  work.size += built?.size ?? 0
  return built?.value
}

/** What is anchored is remembered with its size, so that an alias costs nothing and counts in full. */
const remembered = (node: Node, make: () => unknown, work: Work): unknown => {
  const anchor = 'anchor' in node ? node.anchor : undefined
  if (anchor === undefined) return make()
  work.anchors.set(anchor, node)
  const before = work.size
  const value = make()
  work.built.set(node, { value, size: work.size - before + 1 })
  return value
}

const build = (node: unknown, work: Work): unknown => {
  work.size += 1
  if (work.size > mostValues) broken(work, node, `it stands for more than ${mostValues} values`)
  if (work.fatal !== undefined) return undefined
  if (isAlias(node)) return buildAlias(node, node.source, work)
  if (isScalar(node)) return remembered(node, () => node.value, work)
  if (isMap(node)) return remembered(node, () => buildMap(node, work), work)
  if (isSeq(node)) return remembered(node, () => buildList(node, work), work)
  return null
}

/**
 * Makes plain data of a document: aliases share what they name, merge keys are followed. It must not be deep: this calls
 * itself for each level.
 */
export const plainOf = (contents: unknown): Plain => {
  const work: Work = {
    anchors: new Map(),
    targets: new Map(),
    built: new Map(),
    twice: [],
    size: 0,
    fatal: undefined,
  }
  return { value: build(contents, work), targets: work.targets, fatal: work.fatal, twice: work.twice }
}
