import { remembering } from '../lib/remember.ts'
import type { ImageFacts, IndexEntry } from './facts.ts'
import { runnable } from './match.ts'
import { normalizePlatform, type Platform } from './platform.ts'
import { type RuntimeRules, runtimeRules } from './runtime.ts'
import { type IndexFacts, selectEntry } from './select.ts'

/** A kind of node: its platform, and its `containerRuntimeVersion`, '' where that is not known. */
export interface NodePlatform {
  readonly platform: Platform
  readonly runtime: string
}

/** Whether an image runs on a node. Where runtimes differ, the answer says so instead of choosing. */
export type Fit =
  | { readonly kind: 'fits' }
  | { readonly kind: 'no-match' }
  /** It would run, but the registry does not have a part that the node fetches. */
  | { readonly kind: 'absent-child' }
  /**
   * It is pulled, since nothing looks at a single manifest's platform, and then cannot run, unless its label is wrong.
   * `refusedBy`: the runtimes that do not even unpack another system's image, so that a wrong label is no excuse.
   */
  | { readonly kind: 'other-platform'; readonly actual: Platform; readonly refusedBy: readonly RuntimeRules[] }
  | { readonly kind: 'differs'; readonly runs: readonly RuntimeRules[]; readonly fails: readonly RuntimeRules[] }

const fits: Fit = { kind: 'fits' }

/** Says whether an image runs on a node. A part of an index is absent only if the registry was asked for it and said so. */
export const fitOf = (node: NodePlatform, facts: ImageFacts): Fit => fitsOf(facts)(node)

// The same images come again and again, and so do the nodes.
const fitsOf = remembering((facts: ImageFacts) => remembering((node: NodePlatform) => judged(node, facts)))

const judged = (node: NodePlatform, { content, mediaType }: ImageFacts): Fit => {
  switch (content.kind) {
    case 'index':
      return fitOfIndex(node, { mediaType, entries: content.entries })
    case 'manifest':
      return fitOfConfig(node, content.config.platform)
    case 'schema1':
      return byRules(node, ({ pullsSchema1 }) => pullsSchema1)
    case 'artifact':
      return { kind: 'no-match' }
    // Nothing is held against it.
    case 'unread':
      return fits
  }
}

const byRules = ({ runtime }: NodePlatform, runs: (rules: RuntimeRules) => boolean): Fit => {
  const all = runtimeRules(runtime)
  const running = all.filter(runs)
  if (running.length === all.length) return fits
  if (running.length === 0) return { kind: 'no-match' }
  return { kind: 'differs', runs: running, fails: all.filter(rules => !running.includes(rules)) }
}

const fetchedBy = (node: Platform, index: IndexFacts, rules: RuntimeRules): readonly IndexEntry[] => {
  const selection = selectEntry(node, index, rules)
  return selection.kind === 'selected' || selection.kind === 'unread' ? selection.fetched : []
}

const fitOfIndex = (node: NodePlatform, index: IndexFacts): Fit => {
  const isAbsent = ({ presence }: IndexEntry): boolean => presence === 'absent'
  const fit = byRules(node, rules => {
    const fetched = fetchedBy(node.platform, index, rules)
    return fetched.length > 0 && !fetched.some(isAbsent)
  })
  return fit.kind === 'no-match' && fetchedOn(node, index).some(isAbsent) ? { kind: 'absent-child' } : fit
}

// The processor decides here, not the runtime: it may be better than the node tells, so variants are not held against it.
// Nor is what a configuration made by hand leaves out, since nothing looks at it; nor a Windows version, since pods that
// are processes of the host run any.
const fitOfConfig = (node: NodePlatform, config: Platform | undefined): Fit => {
  if (config === undefined) return fits
  const [own, actual] = [normalizePlatform(node.platform), normalizePlatform(config)]
  const isOwnSystem = config.os === '' || actual.os === own.os
  const isRunnable =
    config.architecture === '' ||
    runnable({ ...own, variant: '' }).some(({ architecture }) => architecture === actual.architecture)
  if (isOwnSystem && isRunnable) return fits
  const refusedBy = isOwnSystem ? [] : runtimeRules(node.runtime).filter(({ unpacksAnySystem }) => !unpacksAnySystem)
  return { kind: 'other-platform', actual: config, refusedBy }
}

const fetchedOn = ({ platform, runtime }: NodePlatform, index: IndexFacts): readonly IndexEntry[] =>
  runtimeRules(runtime).flatMap(rules => fetchedBy(platform, index, rules))

const distinct = (entries: readonly IndexEntry[]): readonly IndexEntry[] => [
  ...new Map(entries.map(entry => [entry.digest, entry])).values(),
]

const wantedOn = remembering(({ content, mediaType }: ImageFacts) =>
  remembering((node: NodePlatform) =>
    content.kind === 'index' ? distinct(fetchedOn(node, { mediaType, entries: content.entries })) : [],
  ),
)

/** The entries of an index that nodes fetch, by any of their rules: if one is absent, a pull fails. */
export const wantedEntries = (nodes: readonly NodePlatform[], facts: ImageFacts): readonly IndexEntry[] => {
  const [node, ...others] = nodes
  if (node !== undefined && others.length === 0) return wantedOn(facts)(node)
  return distinct(nodes.flatMap(wantedOn(facts)))
}
