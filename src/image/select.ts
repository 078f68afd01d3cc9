import type { IndexEntry } from './facts.ts'
import { matchesExactly, matchesPlatform, prefers } from './match.ts'
import type { Platform } from './platform.ts'
import type { RuntimeRules } from './runtime.ts'

/** What a runtime makes of an index on a node. */
export type Selection =
  /** `fetched` is all that it downloads beside the one that runs, level by level: one of them absent, and the pull fails. */
  | { readonly kind: 'selected'; readonly entry: IndexEntry; readonly fetched: readonly IndexEntry[] }
  | { readonly kind: 'no-match' }
  /** Something fits, but the runtime then looks for a part that it did not fetch, and the pull fails. */
  | { readonly kind: 'incomplete' }
  /** It goes on in an index within the index that nobody read. */
  | { readonly kind: 'unread'; readonly entry: IndexEntry; readonly fetched: readonly IndexEntry[] }

/** An index, as far as choosing from it goes. */
export interface IndexFacts {
  readonly mediaType: string
  readonly entries: readonly IndexEntry[]
}

const noMatch: Selection = { kind: 'no-match' }

/** What a node of this platform takes from an index, by the rules of its runtime. */
export const selectEntry = (node: Platform, index: IndexFacts, rules: RuntimeRules): Selection => {
  switch (rules.pullPath) {
    case 'containerd-local':
    case 'containerd-transfer':
      return selectByContainerd(node, index.entries, rules)
    case 'cri-o':
      return selectByCrio(node, index)
  }
}

const incomplete: Selection = { kind: 'incomplete' }

/** Those that fit in the node's order of preference, then those that name no platform. */
const inOrder = (node: Platform, entries: readonly IndexEntry[], rules: RuntimeRules): readonly IndexEntry[] =>
  entries
    .filter(({ platform }) => platform === undefined || matchesPlatform(node, platform, rules))
    .toSorted((a, b) => {
      if (a.platform === undefined) return b.platform === undefined ? 0 : 1
      if (b.platform === undefined || comesFirst(node, a.platform, b.platform, rules)) return -1
      return comesFirst(node, b.platform, a.platform, rules) ? 1 : 0
    })

// A Windows node takes the newest version that it can run (containerd/platforms v1.0.0-rc.4 platform_windows_compat.go).
const comesFirst = (node: Platform, a: Platform, b: Platform, rules: RuntimeRules): boolean =>
  node.os === 'windows' && a.osVersion !== b.osVersion ? a.osVersion > b.osVersion : prefers(node, a, b, rules)

const selectByContainerd = (node: Platform, entries: readonly IndexEntry[], rules: RuntimeRules): Selection => {
  const best = inOrder(node, entries, rules)[0]
  if (best === undefined) return noMatch
  if (lacksPart(node, best.platform, entries, rules)) return incomplete
  const fetched = fetchedWith(best, node, entries, rules)
  switch (best.role) {
    case 'image':
      return { kind: 'selected', entry: best, fetched }
    case 'index':
      return best.entries === undefined
        ? { kind: 'unread', entry: best, fetched }
        : withFetched(selectByContainerd(node, best.entries, rules), fetched)
    // It is chosen all the same, and then found to be no image.
    case 'attestation':
    case 'other':
      return noMatch
  }
}

const withFetched = (inner: Selection, fetched: readonly IndexEntry[]): Selection =>
  inner.kind === 'selected' || inner.kind === 'unread' ? { ...inner, fetched: [...fetched, ...inner.fetched] } : inner

/** The transfer service fetches not only the one that it runs, but all that are for the node's very platform or for none. */
const fetchedWith = (
  best: IndexEntry,
  node: Platform,
  entries: readonly IndexEntry[],
  rules: RuntimeRules,
): readonly IndexEntry[] =>
  rules.pullPath === 'containerd-local'
    ? [best]
    : entries.filter(({ platform }) => platform === undefined || matchesExactly(node, platform, rules))

/**
 * Whether containerd looks afterwards for something that it did not fetch. To sum up the image's size it reads the first
 * entry in order, fitting or not, and one without a platform is last (core/images/usage CalculateImageUsage; 1.7 too).
 * The transfer service fetches only what is for the node's very platform, and then looks for what the node can run at all
 * (core/transfer/image).
 */
const lacksPart = (
  node: Platform,
  best: Platform | undefined,
  entries: readonly IndexEntry[],
  rules: RuntimeRules,
): boolean => {
  if (best === undefined) return entries.some(({ role, platform }) => role !== 'other' && platform !== undefined)
  return rules.pullPath === 'containerd-transfer' && !matchesExactly(node, best, rules)
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
  return entry?.role === 'image' ? { kind: 'selected', entry, fetched: [entry] } : noMatch
}
