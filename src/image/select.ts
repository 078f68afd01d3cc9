import type { IndexEntry } from './facts.ts'
import { matchesExactly, matchesPlatform, prefers } from './match.ts'
import type { Platform } from './platform.ts'
import type { RuntimeRules } from './runtime.ts'

/** What a runtime makes of an index on a node. */
export type Selection =
  | { readonly kind: 'selected'; readonly entry: IndexEntry }
  | { readonly kind: 'no-match' }
  /** It fits, but only by a fall-back that the runtime does not fetch: the pull fails for a part that is not there. */
  | { readonly kind: 'incomplete' }
  /** It goes on in an index within the index that nobody read. */
  | { readonly kind: 'unread' }

/** An index, as far as choosing from it goes. */
export interface IndexFacts {
  readonly mediaType: string
  readonly entries: readonly IndexEntry[]
}

const noMatch: Selection = { kind: 'no-match' }

/** The entry of an index that a node of this platform runs, by the rules of its runtime. */
export const selectEntry = (node: Platform, index: IndexFacts, rules: RuntimeRules): Selection => {
  switch (rules.pullPath) {
    case 'containerd-local':
      return selectLocally(node, index.entries, rules)
    case 'containerd-transfer':
      return selectByTransfer(node, index.entries, rules)
    case 'cri-o':
      return selectByCrio(node, index)
  }
}

const selectable = (entries: readonly IndexEntry[]): readonly IndexEntry[] =>
  entries.filter(({ role }) => role === 'image' || role === 'index')

/** The matching ones in the node's order of preference, then those that name no platform. */
const inOrder = (node: Platform, entries: readonly IndexEntry[], rules: RuntimeRules): readonly IndexEntry[] =>
  entries.toSorted((a, b) => {
    if (a.platform === undefined) return b.platform === undefined ? 0 : 1
    if (b.platform === undefined) return -1
    if (prefers(node, a.platform, b.platform, rules)) return -1
    return prefers(node, b.platform, a.platform, rules) ? 1 : 0
  })

/** containerd's own pull: the first in order, whatever stands below it (containerd core/images LimitManifests). */
const selectLocally = (node: Platform, entries: readonly IndexEntry[], rules: RuntimeRules): Selection => {
  const fitting = selectable(entries).filter(
    ({ platform }) => platform === undefined || matchesPlatform(node, platform, rules),
  )
  return descend(inOrder(node, fitting, rules)[0], inner => selectLocally(node, inner, rules))
}

const descend = (entry: IndexEntry | undefined, select: (entries: readonly IndexEntry[]) => Selection): Selection => {
  if (entry === undefined) return noMatch
  if (entry.role !== 'index') return { kind: 'selected', entry }
  return entry.entries === undefined ? { kind: 'unread' } : select(entry.entries)
}

/**
 * containerd's transfer service fetches only what is for the node's very platform, or for none that is named; afterwards
 * it looks for what the node can run at all, and stumbles over what it did not fetch (core/transfer/image).
 */
const selectByTransfer = (node: Platform, entries: readonly IndexEntry[], rules: RuntimeRules): Selection => {
  const candidates = selectable(entries)
  const named = candidates.filter(({ platform }) => platform !== undefined)
  const unnamed = candidates.filter(({ platform }) => platform === undefined)
  const own = named.filter(({ platform }) => platform !== undefined && matchesExactly(node, platform, rules))
  const next = (inner: readonly IndexEntry[]): Selection => selectByTransfer(node, inner, rules)
  if (own.length > 0) return descend(inOrder(node, own, rules)[0], next)
  if (named.some(({ platform }) => platform !== undefined && matchesPlatform(node, platform, rules)))
    return { kind: 'incomplete' }
  if (unnamed.length === 0) return noMatch
  return named.length > 0 ? { kind: 'incomplete' } : descend(unnamed[0], next)
}

const crioVariants = ({ architecture, variant }: Platform): readonly string[] => {
  switch (architecture) {
    case 'amd64':
      return ['']
    case 'arm64':
      return ['v8', '']
    case 'arm': {
      const version = Number(/^v?(\d)$/.exec(variant)?.[1] ?? 7)
      return [...['v8', 'v7', 'v6', 'v5'].filter(each => Number(each.slice(1)) <= version), '']
    }
    default:
      return variant === '' ? [''] : [variant, '']
  }
}

const dockerList = 'application/vnd.docker.distribution.manifest.list.v2+json'

/** CRI-O knows no fall-backs and no other spellings, and no index within an index (internal/pkg/platform). */
const selectByCrio = (node: Platform, { mediaType, entries }: IndexFacts): Selection => {
  const named = entries.filter(
    ({ platform }) => platform?.os === node.os && platform.architecture === node.architecture,
  )
  const matching = crioVariants(node).flatMap(variant => named.filter(({ platform }) => platform?.variant === variant))
  const lastResort = mediaType === dockerList ? [] : entries.filter(({ platform }) => platform === undefined)
  const entry = [...matching, ...lastResort][0]
  return entry === undefined || entry.role === 'index' ? noMatch : { kind: 'selected', entry }
}
