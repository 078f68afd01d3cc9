import { jsonIn } from '../lib/json.ts'
import { asRecord, asText, ownProperty } from '../lib/untrusted.ts'
import { allCodes, type Code } from '../verdict/codes.ts'

/** Findings of one namespace, by code. */
export type Counts = Readonly<Partial<Record<Code, number>>>

/** How far a round has come: it goes on from here after a restart, whoever goes on. */
export interface Round {
  /** When it began, in milliseconds since 1970. */
  readonly startedMs: number
  /** What was found in the namespaces that are done. */
  readonly done: ReadonlyMap<string, Counts>
  /** What was found in those that are still to come, in the round before. */
  readonly before: ReadonlyMap<string, Counts>
}

/** A round that goes on: of thousands of namespaces each that is done would copy all the others. */
export interface MovingRound extends Round {
  readonly done: Map<string, Counts>
  readonly before: Map<string, Counts>
}

/** A round that nobody has begun before. */
export const firstRound = (startedMs: number): MovingRound => ({ startedMs, done: new Map(), before: new Map() })

/** What is known of every namespace: what this round found, else the one before. */
export const knownCounts = ({ done, before }: Round): Map<string, Counts> => new Map([...before, ...done])

/** The round after one that is over. */
export const nextRound = (round: Round, startedMs: number): MovingRound => ({
  startedMs,
  done: new Map(),
  before: knownCounts(round),
})

/** Notes that one more namespace is done; undefined counts: there is nothing left in it that could be judged. */
export const noteDone = ({ done, before }: MovingRound, namespace: string, counts: Counts | undefined): void => {
  before.delete(namespace)
  if (counts !== undefined) done.set(namespace, counts)
}

/** A round as text, for keeping. */
export const formatRound = ({ startedMs, done, before }: Round): string =>
  JSON.stringify({
    version: 1,
    startedAt: new Date(startedMs).toISOString(),
    done: Object.fromEntries(done),
    before: Object.fromEntries(before),
  })

const countsIn = (value: unknown): Counts =>
  Object.fromEntries(
    allCodes.flatMap(code => {
      const count = ownProperty(value, code)
      return typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? [[code, count]] : []
    }),
  )

const namespacesIn = (value: unknown): Map<string, Counts> =>
  new Map(Object.entries(asRecord(value) ?? {}).map(([namespace, counts]) => [namespace, countsIn(counts)]))

/** Reads a round; undefined where the text is none of ours. */
export const parseRound = (text: string): MovingRound | undefined => {
  const read = jsonIn(text)
  const startedMs = Date.parse(asText(ownProperty(read, 'startedAt')) ?? '')
  if (ownProperty(read, 'version') !== 1 || Number.isNaN(startedMs)) return undefined
  return {
    startedMs,
    done: namespacesIn(ownProperty(read, 'done')),
    before: namespacesIn(ownProperty(read, 'before')),
  }
}
