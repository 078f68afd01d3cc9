import { LRUCache } from 'lru-cache'
import type { Digest } from '../image/digest.ts'
import type { ImageFacts, IndexEntry, Presence } from '../image/facts.ts'
import { type NodePlatform, wantedEntries } from '../image/fit.ts'
import { formatReference, type ImageReference } from '../image/reference.ts'
import { ok, type Result } from '../lib/result.ts'
import { type Credential, fingerprintOf } from '../registry/auth/credential.ts'
import type { Content } from '../registry/content.ts'
import type { Dialogue, Resolved } from '../registry/dialogue.ts'
import type { ProbeFailure } from '../registry/failure.ts'
import type { Pull } from '../registry/pull.ts'
import { readFacts } from '../registry/read-facts.ts'
import { inTurn } from './in-turn.ts'

/** What is asked about an image. */
export interface Question {
  readonly reference: ImageReference
  /** What a node would try, in its order; none: it asks as anybody. */
  readonly credentials: readonly Credential[]
  /** The nodes whose part of an index must be there; none where platforms are not judged. */
  readonly platforms: readonly NodePlatform[]
  /** The registry is asked again what the name stands for, whatever is remembered. */
  readonly anew: boolean
}

/** What an image is. */
export interface Probed {
  readonly facts: ImageFacts
  /** Whether that rests on what its name stood for some time ago. */
  readonly isRemembered: boolean
  /** The host that says that nothing more may be pulled for now, though it answered us. */
  readonly quotaUsedUpAt: string | undefined
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
  /** Random, and this process's own: it tells credentials apart. */
  readonly fingerprintKey: Uint8Array
}

// A manifest may have 4 MiB, and whoever writes pods chooses it: what is kept is bounded by its size.
const mostContentBytes = 64 * 1024 * 1024
const overheadBytes = 500

type Asked<T> = Promise<Result<T, ProbeFailure>>

/** Makes a probe that remembers names for a while, and what a digest stands for as long as there is room. */
export const createProbe = (options: ProbeOptions): Probe => {
  const { dialogue, foundSeconds, entries: max, now, fingerprintKey } = options
  // A resolution of 0 has the cache read the clock that it was given, each time.
  const brief = { max, ttl: foundSeconds * 1000, ttlResolution: 0, perf: { now } }
  const names = new LRUCache<string, Digest>(brief)
  const parts = new LRUCache<string, true>(brief)
  const contents = new LRUCache<Digest, ImageFacts>({
    max,
    maxSize: mostContentBytes,
    sizeCalculation: ({ sizeBytes }) => sizeBytes + overheadBytes,
  })

  // What one tenant's credential opens is no other's to know.
  const nameOf = ({ reference, credential }: Pull): string =>
    `${formatReference(reference)} ${fingerprintOf(credential, fingerprintKey)}`

  const resolve = async (pull: Pull, signal: AbortSignal): Asked<Resolved> => {
    const resolved = await dialogue.resolve(pull, signal)
    if (resolved.ok) names.set(nameOf(pull), resolved.value.digest)
    return resolved
  }

  const read = async (pull: Pull, digest: Digest, had: Content | undefined, signal: AbortSignal): Asked<ImageFacts> => {
    const known = contents.get(digest)
    if (known !== undefined) return ok(known)
    const content = had === undefined ? await dialogue.manifest(pull, digest, signal) : ok(had)
    if (!content.ok) return content
    const facts = await readFacts(dialogue, pull, content.value, signal)
    if (facts.ok && isWhole(facts.value)) contents.set(digest, facts.value)
    return facts
  }

  const isThere = async (pull: Pull, { digest }: IndexEntry, signal: AbortSignal): Asked<boolean> => {
    const { registry, repository } = pull.reference
    const part = `${registry}/${repository}@${digest} ${fingerprintOf(pull.credential, fingerprintKey)}`
    if (parts.has(part)) return ok(true)
    const exists = await dialogue.exists(pull, digest, signal)
    if (exists.ok && exists.value) parts.set(part, true)
    return exists
  }

  const withPresence = async (pull: Pull, platforms: Question['platforms'], facts: ImageFacts, signal: AbortSignal) => {
    const { content } = facts
    if (content.kind !== 'index') return ok(facts)
    const presence = new Map<Digest, Presence>()
    const wanted = wantedEntries(platforms, facts)
    const asked = wanted.map(async entry => ({ entry, there: await isThere(pull, entry, signal) }))
    for (const { entry, there } of await Promise.all(asked)) {
      if (!there.ok) return there
      presence.set(entry.digest, there.value ? 'present' : 'absent')
    }
    // Where nothing is absent the facts stay the object that they are, of which more is remembered.
    if (![...presence.values()].includes('absent')) return ok(facts)
    return ok({ ...facts, content: { ...content, entries: marked(content.entries, presence) } })
  }

  return (question, signal) => {
    const { reference, credentials, platforms, anew } = question

    const probed = async (pull: Pull, digest: Digest, had: Content | undefined): Asked<ImageFacts> => {
      const facts = await read(pull, digest, had, signal)
      return facts.ok ? withPresence(pull, platforms, facts.value, signal) : facts
    }

    const askAs = async (credential: Credential | undefined): Asked<Probed> => {
      const pull = { reference, credential }
      const remembered = anew ? undefined : names.get(nameOf(pull))
      if (remembered !== undefined) {
        const facts = await probed(pull, remembered, undefined)
        // What the name stood for may be gone, and the name stand for something else by now.
        if (facts.ok) return ok({ facts: facts.value, isRemembered: true, quotaUsedUpAt: undefined })
      }
      const named = await resolve(pull, signal)
      if (!named.ok) return named
      const { digest, content, quota } = named.value
      const facts = await probed(pull, digest, content)
      if (!facts.ok) return facts
      const quotaUsedUpAt = quota?.remaining === 0 ? reference.registry : undefined
      return ok({ facts: facts.value, isRemembered: false, quotaUsedUpAt })
    }
    return inTurn(credentials, askAs)
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
