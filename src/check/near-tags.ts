import { distance } from 'fastest-levenshtein'
import type { ImageReference } from '../image/reference.ts'
import { compareVersions, isFinerThan, readVersionTag, type VersionTag } from './version-tag.ts'

const most = 3
// A registry may list ten thousand tags, each as long as it likes; a tag has 128 characters at the most.
const mostTags = 10_000
const mostCharacters = 128

/** An existing tag, read once. */
interface Tag {
  readonly name: string
  readonly version: VersionTag | undefined
}

const tagOf = (name: string): Tag => ({ name, version: readVersionTag(name) })

/** Like the asked tag but for its separators: `1.40` and `1.4.0`. */
const bare = (tag: string): string => tag.toLowerCase().replace(/^v(?=\d)|[._-]/g, '')

/** The next versions below and above, of the same variant and with the same first number. */
const neighbours = (asked: VersionTag, tags: readonly Tag[]): ReadonlySet<Tag> => {
  const related = tags.flatMap(tag =>
    tag.version?.variant === asked.variant && tag.version.numbers[0] === asked.numbers[0]
      ? [{ tag, order: compareVersions(tag.version, asked), version: tag.version }]
      : [],
  )
  const below = related.filter(({ order }) => order < 0).reduce<(typeof related)[number] | undefined>(newer, undefined)
  const above = related.filter(({ order }) => order > 0).reduce<(typeof related)[number] | undefined>(older, undefined)
  return new Set([below?.tag, above?.tag].filter(tag => tag !== undefined))
}

type Versioned = { readonly tag: Tag; readonly version: VersionTag; readonly order: number }

const newer = (best: Versioned | undefined, next: Versioned): Versioned =>
  best === undefined || compareVersions(next.version, best.version) > 0 ? next : best
const older = (best: Versioned | undefined, next: Versioned): Versioned =>
  best === undefined || compareVersions(next.version, best.version) < 0 ? next : best

/** Newer versions first, and names where there is none. */
const inOrder = (a: Tag, b: Tag): number => {
  const byVersion = a.version && b.version ? compareVersions(b.version, a.version) : 0
  return byVersion || (a.name < b.name ? -1 : 1)
}

/** The existing tags that are most like the asked one, best first: for "did you mean". */
export const nearTags = (reference: ImageReference, names: readonly string[]): readonly string[] => {
  if (reference.target.kind !== 'tag') return []
  const asked = tagOf(reference.target.tag)
  const tags = names
    .slice(0, mostTags)
    .filter(name => name.length <= mostCharacters)
    .map(tagOf)
  // Half the characters may differ; beyond that it is another word.
  const bound = Math.max(1, Math.floor(asked.name.length / 2))
  const beside = asked.version === undefined ? new Set<Tag>() : neighbours(asked.version, tags)

  const unlikeness = (tag: Tag): number => {
    if (bare(asked.name) === bare(tag.name)) return 0
    if (asked.version !== undefined && tag.version !== undefined && isFinerThan(tag.version, asked.version)) return 1
    // Its length alone tells of most tags that they are too far away.
    const isFar = Math.abs(asked.name.length - tag.name.length) > bound
    const edits = isFar ? bound + 1 : distance(asked.name.toLowerCase(), tag.name.toLowerCase())
    return beside.has(tag) ? Math.min(edits, bound) - 0.5 : edits
  }
  return tags
    .map(tag => ({ tag, unlike: unlikeness(tag) }))
    .filter(({ unlike }) => unlike <= bound)
    .toSorted((a, b) => a.unlike - b.unlike || inOrder(a.tag, b.tag))
    .slice(0, most)
    .map(({ tag }) => tag.name)
}
