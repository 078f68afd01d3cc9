import { LRUCache } from 'lru-cache'
import type { DockerEntry } from '../docker-config.ts'
import type { CacheKey, ProviderAnswer } from './provider-answer.ts'

/** Options of a cache of one provider's answers. */
export interface AnswerCacheOptions {
  readonly nowMs: () => number
  readonly mostAnswers: number
  /** How long an answer is kept that does not say. */
  readonly defaultCacheMs: number
}

/** Answers of one provider, for as long as they are good; `account` tells those apart that are for one ServiceAccount alone. */
export interface AnswerCache {
  readonly recall: (name: string, account: string) => readonly DockerEntry[] | undefined
  readonly keep: (name: string, account: string, answer: ProviderAnswer) => void
}

interface Kept {
  readonly entries: readonly DockerEntry[]
  readonly untilMs: number
}

/** Under what an image's answers may be kept, in the order in which they are looked for. */
const placesOf = (name: string): Readonly<Record<CacheKey, string>> => ({
  Image: `image ${name}`,
  Registry: `registry ${name.split('/')[0]}`,
  Global: 'global',
})

/** Makes a cache of answers. */
export const createAnswerCache = ({ nowMs, mostAnswers, defaultCacheMs }: AnswerCacheOptions): AnswerCache => {
  const answers = new LRUCache<string, Kept>({ max: mostAnswers })
  const keyOf = (place: string, account: string): string => JSON.stringify([place, account])
  return {
    recall: (name, account) => {
      const found = Object.values(placesOf(name)).map(place => answers.get(keyOf(place, account)))
      return found.find(kept => kept !== undefined && nowMs() <= kept.untilMs)?.entries
    },
    keep: (name, account, { cacheKey, cacheMs, entries }) => {
      const keptMs = cacheMs ?? defaultCacheMs
      if (keptMs > 0) answers.set(keyOf(placesOf(name)[cacheKey], account), { entries, untilMs: nowMs() + keptMs })
    },
  }
}
