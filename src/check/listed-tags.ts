import { LRUCache } from 'lru-cache'
import type { Result } from '../lib/result.ts'
import type { ProbeFailure } from '../registry/failure.ts'
import type { TagList } from '../registry/tag-list.ts'
import type { ListTags } from './further.ts'

/** For how long lists of tags are kept. */
export interface ListedTagsOptions {
  readonly keptSeconds: number
  /** A clock in milliseconds that never goes back. */
  readonly now: () => number
}

// Tags of all lists together; some 100 bytes each.
const mostTags = 200_000

/** Keeps lists of tags, and what was said in their place: for whoever asks for the same repository again and again. */
export const keepingTags = (tags: ListTags, { keptSeconds, now }: ListedTagsOptions): ListTags => {
  const kept = new LRUCache<string, Result<TagList, ProbeFailure>>({
    maxSize: mostTags,
    sizeCalculation: told => (told.ok ? told.value.names.length : 0) + 1,
    ...{ ttl: keptSeconds * 1000, ttlResolution: 0, perf: { now } },
  })
  return async (pull, signal) => {
    const { registry, repository } = pull.reference
    const key = JSON.stringify([registry, repository, pull.credential?.username, pull.credential?.password])
    const known = kept.get(key)
    if (known !== undefined) return known
    const told = await tags(pull, signal)
    if (told.ok || told.error.kind === 'absent' || told.error.kind === 'refused') kept.set(key, told)
    return told
  }
}
