import { isAlias, isMap, isNode, isSeq, type Pair, type YAMLMap } from 'yaml'
import { keyText } from '../../lib/yaml-keys.ts'
import { isMergeKey } from './plain.ts'
import { isNamed, type PathStep } from './steps.ts'

type Targets = ReadonlyMap<unknown, unknown>

/** What an alias names, or the node itself; an alias may name another only through what it names, which is above it. */
const meant = (node: unknown, targets: Targets): unknown => (isAlias(node) ? targets.get(node) : node)

const lastNamed = (map: YAMLMap, name: PathStep): Pair | undefined =>
  map.items.findLast(pair => !isMergeKey(pair) && isNamed(keyText(pair) ?? '', name))

const merged = (map: YAMLMap, name: PathStep, targets: Targets): unknown => {
  const sources = map.items.filter(isMergeKey).flatMap(({ value }) => {
    const source = meant(value, targets)
    return isSeq(source) ? source.items : [source]
  })
  for (const source of sources) {
    const found = below(source, name, targets)
    if (found !== undefined) return found
  }
  return undefined
}

const below = (parent: unknown, step: PathStep, targets: Targets): unknown => {
  const node = meant(parent, targets)
  if (isSeq(node)) return typeof step === 'number' ? node.items[step] : undefined
  if (!isMap(node)) return undefined
  const pair = lastNamed(node, step)
  return pair === undefined ? merged(node, step, targets) : (pair.value ?? pair.key)
}

/** Where the value at the end of these steps begins in the text; where it stands by an alias, the alias. */
export const yamlOffset = (contents: unknown, steps: readonly PathStep[], targets: Targets): number | undefined => {
  let node = contents
  for (const step of steps) node = below(node, step, targets)
  return isNode(node) ? node.range?.[0] : undefined
}
