import type { ImageFacts, IndexEntry } from './facts.ts'
import { runnable } from './match.ts'
import { normalizePlatform, type Platform } from './platform.ts'
import { type RuntimeRules, runtimeRules } from './runtime.ts'
import { type IndexFacts, type Selection, selectEntry } from './select.ts'

/** A kind of node: its platform, and its `containerRuntimeVersion`, '' where that is not known. */
export interface NodePlatform {
  readonly platform: Platform
  readonly runtime: string
}

/** Whether an image runs on a node. Where runtimes differ, the answer says so instead of choosing. */
export type Fit =
  | { readonly kind: 'fits' }
  | { readonly kind: 'no-match' }
  /** It is pulled, since nothing looks at a single manifest's platform, and then cannot run. */
  | { readonly kind: 'other-platform'; readonly actual: Platform }
  | { readonly kind: 'differs'; readonly runs: readonly RuntimeRules[]; readonly fails: readonly RuntimeRules[] }

const fits: Fit = { kind: 'fits' }

/** Says whether an image runs on a node. Whether the parts of an index are there is not asked here. */
export const fitOf = (node: NodePlatform, { content, mediaType }: ImageFacts): Fit => {
  switch (content.kind) {
    case 'index':
      return byRules(node, rules => {
        const { kind } = selectEntry(node.platform, { mediaType, entries: content.entries }, rules)
        return kind === 'selected' || kind === 'unread'
      })
    case 'manifest':
      return runsConfig(node.platform, content.config.platform)
    case 'schema1':
      return byRules(node, ({ pullsSchema1 }) => pullsSchema1)
    case 'artifact':
      return { kind: 'no-match' }
  }
}

const byRules = ({ runtime }: NodePlatform, runs: (rules: RuntimeRules) => boolean): Fit => {
  const all = runtimeRules(runtime)
  const running = all.filter(runs)
  if (running.length === all.length) return fits
  if (running.length === 0) return { kind: 'no-match' }
  return { kind: 'differs', runs: running, fails: all.filter(rules => !running.includes(rules)) }
}

// The processor decides here, not the runtime: it may be better than the node tells, so variants are not held against it.
// Nor is what a configuration made by hand leaves out.
const runsConfig = (node: Platform, config: Platform | undefined): Fit => {
  if (config === undefined) return fits
  const actual = normalizePlatform(config)
  const runs = runnable({ ...node, variant: '' }).some(
    ({ os, architecture }) =>
      (config.os === '' || os === actual.os) && (config.architecture === '' || architecture === actual.architecture),
  )
  return runs ? fits : { kind: 'other-platform', actual: config }
}

const selectedBy = (selection: Selection): readonly IndexEntry[] =>
  selection.kind === 'selected' || selection.kind === 'unread' ? [selection.entry] : []

/** The entries of an index that nodes would run or read on in, by any of their rules: those whose presence matters. */
export const wantedEntries = (nodes: readonly NodePlatform[], index: IndexFacts): readonly IndexEntry[] => [
  ...new Map(
    nodes
      .flatMap(node =>
        runtimeRules(node.runtime).flatMap(rules => selectedBy(selectEntry(node.platform, index, rules))),
      )
      .map(entry => [entry.digest, entry]),
  ).values(),
]
