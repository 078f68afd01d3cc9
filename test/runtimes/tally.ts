import { isDeepStrictEqual } from 'node:util'
import { differences } from './differences.ts'
import type { Pulled } from './pull-both.ts'

/** What is wrong with a pull, in a line; undefined: nothing. Counts it besides. */
export interface Tally {
  readonly add: (pulled: Pulled) => string | undefined
  /** For people: how many pulls ended alike, and where not. */
  readonly lines: () => readonly string[]
}

const isSame = ({ ours, theirs }: Pulled): boolean =>
  ours.outcome.end === theirs.outcome.end &&
  ours.outcome.digest === theirs.outcome.digest &&
  isDeepStrictEqual(ours.hosts, theirs.hosts) &&
  isDeepStrictEqual(ours.shown, theirs.shown)

const isFalseDenial = ({ ours, theirs }: Pulled): boolean =>
  theirs.outcome.end === 'got' && ours.outcome.end !== 'got' && ours.outcome.isCertain

const told = (pulled: Pulled, what: string): string =>
  `${what}: ${JSON.stringify({ scene: pulled.scene, theirs: pulled.theirs, ours: pulled.ours, words: pulled.judged.words })}`

/** Makes a tally. */
export const createTally = (): Tally => {
  const ends = new Map<string, number>()
  const counts = new Map<string, number>()
  let all = 0
  let falseDenials = 0
  let unexplained = 0
  return {
    add: pulled => {
      all += 1
      const { end } = pulled.theirs.outcome
      ends.set(end, (ends.get(end) ?? 0) + 1)
      if (isFalseDenial(pulled)) {
        falseDenials += 1
        return told(pulled, 'a false denial')
      }
      if (isSame(pulled)) return undefined
      const difference = differences.find(({ isIt }) => isIt(pulled))
      if (difference === undefined) {
        unexplained += 1
        return told(pulled, 'not explained')
      }
      counts.set(difference.name, (counts.get(difference.name) ?? 0) + 1)
      return undefined
    },
    lines: () => {
      const explained = [...counts.values()].reduce((sum, count) => sum + count, 0)
      const alike = all - explained - unexplained - falseDenials
      return [
        `${all} pulls beside CRI-O's library: ${alike} with the same hosts, proofs and end, ${explained} that differ as listed`,
        `${unexplained} not explained, ${falseDenials} false denials`,
        `ends: ${[...ends].map(([end, count]) => `${end} ${count}`).join(', ')}`,
        ...differences.map(({ name, reason }) => `${counts.get(name) ?? 0} × ${name}: ${reason}`),
      ]
    },
  }
}
