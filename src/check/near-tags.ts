import { distance } from 'fastest-levenshtein'
import type { ImageReference } from '../image/reference.ts'

const most = 3
// A registry may list thousands of tags, each as long as it likes; a tag has 128 characters at the most.
const mostTags = 1000
const mostCharacters = 128

/** Like the asked tag but for its separators: `1.40` and `1.4.0`. */
const bare = (tag: string): string => tag.toLowerCase().replace(/^v(?=\d)|[._-]/g, '')

const unlikeness = (asked: string, tag: string): number =>
  bare(asked) === bare(tag) ? 0 : distance(asked.toLowerCase(), tag.toLowerCase())

/** The existing tags that are most like the asked one, best first: for "did you mean". */
export const nearTags = (reference: ImageReference, tags: readonly string[]): readonly string[] => {
  if (reference.target.kind !== 'tag') return []
  const asked = reference.target.tag
  // Half the characters may differ; beyond that it is another word.
  const bound = Math.max(1, Math.floor(asked.length / 2))
  return tags
    .slice(0, mostTags)
    .filter(tag => tag.length <= mostCharacters)
    .map(tag => ({ tag, unlike: unlikeness(asked, tag) }))
    .filter(({ unlike }) => unlike <= bound)
    .toSorted((a, b) => a.unlike - b.unlike || (a.tag < b.tag ? -1 : 1))
    .slice(0, most)
    .map(({ tag }) => tag)
}
