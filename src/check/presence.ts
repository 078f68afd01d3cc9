import type { Digest } from '../image/digest.ts'
import type { ImageFacts, IndexEntry, Presence } from '../image/facts.ts'
import { type NodePlatform, wantedEntries } from '../image/fit.ts'
import { ok } from '../lib/result.ts'
import type { Dialogue } from '../registry/dialogue.ts'
import type { Pull } from '../registry/pull.ts'
import type { Findings } from './memory.ts'
import { type Asked, askingTogether, isSilence } from './together.ts'

/** Facts with what is known of the parts of an index; stale where that is from before the registry fell silent. */
export interface WithPresence {
  readonly facts: ImageFacts
  readonly isStale: boolean
}

/** Tells whether the parts of an index that nodes want are there. */
export interface PresenceOfParts {
  /** Asks for what is not known. */
  readonly find: (
    pull: Pull,
    platforms: readonly NodePlatform[],
    facts: ImageFacts,
    signal: AbortSignal,
  ) => Asked<WithPresence>
  /** Whether all of them were there a moment ago, so that none has to be asked for. */
  readonly isKnown: (pull: Pull, platforms: readonly NodePlatform[], facts: ImageFacts) => boolean
}

/** What it takes to find out. */
export interface PresenceOptions {
  readonly dialogue: Dialogue
  /** The parts that were there. */
  readonly parts: Findings<true>
  /** The key of a part, for one credential. */
  readonly partOf: (pull: Pull, digest: Digest) => string
  readonly flightMs: number
}

type PartPresence = 'present' | 'absent' | 'was-present'

/** Makes what asks for the parts of an index, side by side. */
export const createPresence = ({ dialogue, parts, partOf, flightMs }: PresenceOptions): PresenceOfParts => {
  const finding = askingTogether<boolean>(flightMs)

  const isThere = async (pull: Pull, { digest }: IndexEntry, signal: AbortSignal): Asked<PartPresence> => {
    const part = partOf(pull, digest)
    const known = parts.get(part)
    if (known?.isFresh) return ok('present')
    const work = async (flight: AbortSignal): Asked<boolean> => {
      const exists = await dialogue.exists(pull, digest, flight)
      if (exists.ok && exists.value) parts.set(part, true)
      else if (exists.ok) parts.forget(part)
      return exists
    }
    const exists = await finding(part, work, pull, signal)
    if (exists.ok) return ok(exists.value ? 'present' : 'absent')
    return known !== undefined && isSilence(exists.error) ? ok('was-present') : exists
  }

  const find: PresenceOfParts['find'] = async (pull, platforms, facts, signal) => {
    const { content } = facts
    if (content.kind !== 'index') return ok({ facts, isStale: false })
    const presence = new Map<Digest, PartPresence>()
    const wanted = wantedEntries(platforms, facts)
    const asked = wanted.map(async entry => ({ entry, there: await isThere(pull, entry, signal) }))
    for (const { entry, there } of await Promise.all(asked)) {
      if (!there.ok) return there
      presence.set(entry.digest, there.value)
    }
    // Where nothing is absent the facts stay the object that they are, of which more is remembered.
    const seen = [...presence.values()]
    if (!seen.includes('absent')) return ok({ facts, isStale: seen.includes('was-present') })
    const entries = marked(content.entries, presence)
    return ok({ facts: { ...facts, content: { ...content, entries } }, isStale: false })
  }

  return {
    find,
    isKnown: (pull, platforms, facts) =>
      facts.content.kind !== 'index' ||
      wantedEntries(platforms, facts).every(({ digest }) => parts.get(partOf(pull, digest))?.isFresh),
  }
}

const presenceIn = (presence: ReadonlyMap<Digest, PartPresence>, entry: IndexEntry): Presence => {
  const seen = presence.get(entry.digest)
  if (seen === undefined) return entry.presence
  return seen === 'absent' ? 'absent' : 'present'
}

const marked = (entries: readonly IndexEntry[], presence: ReadonlyMap<Digest, PartPresence>): readonly IndexEntry[] =>
  entries.map(entry => ({
    ...entry,
    presence: presenceIn(presence, entry),
    entries: entry.entries && marked(entry.entries, presence),
  }))
