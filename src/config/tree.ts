import { isAlias, isMap, isPair, isScalar, isSeq, type YAMLMap, type YAMLSeq } from 'yaml'
import { setOwn } from '../lib/set-own.ts'
import { keyText } from '../lib/yaml-keys.ts'
import { quoted } from '../verdict/text.ts'
import { type Mistake, pointerStep } from './complaint.ts'

/** Where a value and its key stand. */
export interface Standing {
  readonly value: number
  readonly key: number
}

/** A configuration as plain data, and where each part of it stands. */
export interface Tree {
  readonly value: unknown
  /** By JSON pointer. */
  readonly standings: ReadonlyMap<string, Standing>
  /** What no schema could say, since it is not in the data. */
  readonly mistakes: readonly Mistake[]
}

interface Work {
  readonly standings: Map<string, Standing>
  readonly mistakes: Mistake[]
}

const startOf = (node: unknown, otherwise: number): number =>
  (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)
    ? Number(node.range[0])
    : undefined) ?? otherwise

const readMap = (map: YAMLMap, pointer: string, work: Work): object => {
  const record = {}
  for (const pair of map.items) {
    const name = keyText(pair)
    const at = startOf(pair.key, startOf(map, 0))
    if (name === undefined) {
      work.mistakes.push({ offset: at, pointer, what: 'a key has to be text' })
      continue
    }
    const below = `${pointer}${pointerStep(name)}`
    if (work.standings.has(below)) {
      work.mistakes.push({ offset: at, pointer: below, what: `${quoted(name, 60)} stands here twice` })
      continue
    }
    // Held before what is within is read, so that this comes first.
    work.standings.set(below, { key: at, value: startOf(pair.value, at) })
    // A key without a value is as good as none, as it is everywhere in Kubernetes.
    setOwn(record, name, readNode(pair.value, below, at, work) ?? undefined)
  }
  return record
}

const readList = (list: YAMLSeq, pointer: string, work: Work): readonly unknown[] =>
  list.items.map((item, index) => {
    const below = `${pointer}${pointerStep(index)}`
    const at = startOf(item, startOf(list, 0))
    work.standings.set(below, { key: at, value: at })
    return readNode(item, below, at, work)
  })

const readNode = (node: unknown, pointer: string, at: number, work: Work): unknown => {
  if (isMap(node)) return readMap(node, pointer, work)
  if (isSeq(node)) return readList(node, pointer, work)
  if (isScalar(node)) return node.value
  // An alias would let a few lines stand for billions.
  if (isAlias(node))
    work.mistakes.push({ offset: startOf(node, at), pointer, what: 'aliases are not followed: write it out' })
  if (isPair(node)) work.mistakes.push({ offset: at, pointer, what: 'a key stands where a value belongs' })
  return null
}

/** Makes plain data of a document. It must not be deep: this calls itself for each level. */
export const treeOf = (contents: unknown): Tree => {
  const work: Work = { standings: new Map(), mistakes: [] }
  const start = startOf(contents, 0)
  work.standings.set('', { key: start, value: start })
  return { value: readNode(contents, '', start, work) ?? {}, ...work }
}
