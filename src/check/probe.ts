import { LRUCache } from 'lru-cache'
import type { Digest } from '../image/digest.ts'
import type { ImageFacts, IndexEntry, Presence } from '../image/facts.ts'
import { type NodePlatform, wantedEntries } from '../image/fit.ts'
import { formatReference, type ImageReference } from '../image/reference.ts'
import { ok, type Result } from '../lib/result.ts'
import type { Content, Dialogue } from '../registry/dialogue.ts'
import type { ProbeFailure } from '../registry/failure.ts'
import { readFacts } from '../registry/read-facts.ts'

/** What is asked about an image. */
export interface Question {
  readonly reference: ImageReference
  /** The nodes whose part of an index must be there; none where platforms are not judged. */
  readonly platforms: readonly NodePlatform[]
  /** The registry is asked again what the name stands for, whatever is remembered. */
  readonly anew: boolean
}

/** What an image is, and whether that rests on what its name stood for some time ago. */
export interface Probed {
  readonly facts: ImageFacts
  readonly isRemembered: boolean
}

/** Finds out what an image is. Failures are values. */
export type Probe = (question: Question, signal: AbortSignal) => Promise<Result<Probed, ProbeFailure>>

/** Options of a probe. */
export interface ProbeOptions {
  readonly dialogue: Dialogue
  /** For how long a name is taken to mean what it meant, and a part of an index to be there. */
  readonly foundSeconds: number
  /** Names, parts and digests remembered at the most, of each. */
  readonly entries: number
  /** A clock in milliseconds that never goes back. */
  readonly now: () => number
}

// A manifest may have 4 MiB, and whoever writes pods chooses it: what is kept is bounded by its size.
const mostContentBytes = 64 * 1024 * 1024
const overheadBytes = 500

type Asked<T> = Promise<Result<T, ProbeFailure>>

/** Makes a probe that remembers names for a while, and what a digest stands for as long as there is room. */
export const createProbe = ({ dialogue, foundSeconds, entries: max, now }: ProbeOptions): Probe => {
  // A resolution of 0 has the cache read the clock that it was given, each time.
  const brief = { max, ttl: foundSeconds * 1000, ttlResolution: 0, perf: { now } }
  const names = new LRUCache<string, Digest>(brief)
  const parts = new LRUCache<string, true>(brief)
  const contents = new LRUCache<Digest, ImageFacts>({
    max,
    maxSize: mostContentBytes,
    sizeCalculation: ({ sizeBytes }) => sizeBytes + overheadBytes,
  })

  const resolve = async (
    reference: ImageReference,
    signal: AbortSignal,
  ): Asked<readonly [Digest, Content | undefined]> => {
    const resolved = await dialogue.resolve(reference, signal)
    if (!resolved.ok) return resolved
    names.set(formatReference(reference), resolved.value.digest)
    return ok([resolved.value.digest, resolved.value.content])
  }

  const read = async (
    reference: ImageReference,
    digest: Digest,
    had: Content | undefined,
    signal: AbortSignal,
  ): Asked<ImageFacts> => {
    const known = contents.get(digest)
    if (known !== undefined) return ok(known)
    const content = had === undefined ? await dialogue.manifest(reference, digest, signal) : ok(had)
    if (!content.ok) return content
    const facts = await readFacts(dialogue, reference, content.value, signal)
    if (facts.ok && isWhole(facts.value)) contents.set(digest, facts.value)
    return facts
  }

  const isThere = async (reference: ImageReference, { digest }: IndexEntry, signal: AbortSignal): Asked<boolean> => {
    const part = `${reference.registry}/${reference.repository}@${digest}`
    if (parts.has(part)) return ok(true)
    const exists = await dialogue.exists(reference, digest, signal)
    if (exists.ok && exists.value) parts.set(part, true)
    return exists
  }

  const withPresence = async ({ reference, platforms }: Question, facts: ImageFacts, signal: AbortSignal) => {
    const { content } = facts
    if (content.kind !== 'index') return ok(facts)
    const presence = new Map<Digest, Presence>()
    const wanted = wantedEntries(platforms, facts)
    const asked = wanted.map(async entry => ({ entry, there: await isThere(reference, entry, signal) }))
    for (const { entry, there } of await Promise.all(asked)) {
      if (!there.ok) return there
      presence.set(entry.digest, there.value ? 'present' : 'absent')
    }
    // Where nothing is absent the facts stay the object that they are, of which more is remembered.
    if (![...presence.values()].includes('absent')) return ok(facts)
    return ok({ ...facts, content: { ...content, entries: marked(content.entries, presence) } })
  }

  const probed = async (question: Question, digest: Digest, had: Content | undefined, signal: AbortSignal) => {
    const facts = await read(question.reference, digest, had, signal)
    return facts.ok ? withPresence(question, facts.value, signal) : facts
  }

  return async (question, signal) => {
    const { reference, anew } = question
    const remembered = anew ? undefined : names.get(formatReference(reference))
    if (remembered !== undefined) {
      const facts = await probed(question, remembered, undefined, signal)
      // What the name stood for may be gone, and the name stand for something else by now.
      if (facts.ok) return ok({ facts: facts.value, isRemembered: true })
    }
    const named = await resolve(reference, signal)
    if (!named.ok) return named
    const facts = await probed(question, ...named.value, signal)
    return facts.ok ? ok({ facts: facts.value, isRemembered: false }) : facts
  }
}

/** Whether nothing of the image is left unread, so that it is known for ever. */
const isWhole = ({ content }: ImageFacts): boolean =>
  content.kind !== 'index' || content.entries.every(({ role, entries }) => role !== 'index' || entries !== undefined)

const marked = (entries: readonly IndexEntry[], presence: ReadonlyMap<Digest, Presence>): readonly IndexEntry[] =>
  entries.map(entry => ({
    ...entry,
    presence: presence.get(entry.digest) ?? entry.presence,
    entries: entry.entries && marked(entry.entries, presence),
  }))
