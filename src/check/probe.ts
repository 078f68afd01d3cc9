import type { Digest } from '../image/digest.ts'
import type { ImageFacts, IndexEntry } from '../image/facts.ts'
import type { NodePlatform } from '../image/fit.ts'
import type { ImageReference } from '../image/reference.ts'
import { fail, ok, type Result } from '../lib/result.ts'
import { type Credential, fingerprintOf } from '../registry/auth/credential.ts'
import type { Content } from '../registry/content.ts'
import type { Dialogue, Resolved } from '../registry/dialogue.ts'
import type { ProbeFailure } from '../registry/failure.ts'
import type { Pull } from '../registry/pull.ts'
import { readFacts } from '../registry/read-facts.ts'
import { type CalledDigest, calledDigest, digestIn, isCalled } from './called-digest.ts'
import { createRefusals, inTurn, type Refusals } from './in-turn.ts'
import { createMemory, type Memory, type MemoryOptions } from './memory.ts'
import { createPresence } from './presence.ts'
import { type Asked, askingTogether, isNo, isSilence } from './together.ts'

/** What is asked about an image. */
export interface Question {
  readonly reference: ImageReference
  /** What a node would try, in its order; none: it asks as anybody. */
  readonly credentials: readonly Credential[]
  /** The nodes whose part of an index must be there; none where platforms are not judged. */
  readonly platforms: readonly NodePlatform[]
  /** The registry is asked again what the name stands for, whatever is remembered. */
  readonly anew: boolean
  /** What was refused for this image in the same review, and will be; none unless given. */
  readonly refusals?: Refusals
}

/** On what an answer rests: on the registry's word just now, on its word a while ago, or on that because it gives none now. */
export type Freshness = 'fresh' | 'remembered' | 'stale'

/** What an image is. */
export interface Probed {
  readonly facts: ImageFacts
  readonly freshness: Freshness
  /** The host that says that nothing more may be pulled for now, though it answered us. */
  readonly quotaUsedUpAt: string | undefined
}

/** Finds out what an image is. Failures are values, and never rest on what is remembered. */
export type Probe = (question: Question, signal: AbortSignal) => Promise<Result<Probed, ProbeFailure>>

/** Options of a probe. */
export interface ProbeOptions extends MemoryOptions {
  readonly dialogue: Dialogue
  /** Random, and this process's own: it tells credentials apart. */
  readonly fingerprintKey: Uint8Array
  /** How long one piece of work may take: nobody's own deadline, since others may be waiting for it. */
  readonly flightMs: number
  /** Whether a "no" of a moment ago is doubted, since the image may have come; it is unless told otherwise. */
  readonly doubts?: boolean
  /** What another probe learnt with the same key; a memory of its own unless given. */
  readonly memory?: Memory
}

/** Makes a probe that remembers names for a while, what a digest stands for as long as there is room, and asks equal questions once. */
export const createProbe = (options: ProbeOptions): Probe => {
  const { dialogue, fingerprintKey, flightMs, doubts = true } = options
  const { names, parts, contents } = options.memory ?? createMemory(options)
  const resolving = askingTogether<Resolved>(flightMs, doubts)
  const reading = askingTogether<ImageFacts>(flightMs)

  // What one tenant's credential opens is no other's to know.
  const keyOf = (pull: Pull, what: string): string => `${what} ${fingerprintOf(pull.credential, fingerprintKey)}`
  const nameOf = (pull: Pull): string => keyOf(pull, pull.reference.written)
  const partOf = (pull: Pull, digest: Digest): string =>
    keyOf(pull, `${pull.reference.registry}/${pull.reference.repository}@${digest}`)

  const resolve = (pull: Pull, signal: AbortSignal): Asked<Resolved> => {
    const name = nameOf(pull)
    const work = async (flight: AbortSignal): Asked<Resolved> => {
      const resolved = await dialogue.resolve(pull, flight)
      if (resolved.ok) names.set(name, calledBy(pull, resolved.value))
      else if (isNo(resolved.error)) names.refuse(name, resolved.error)
      return resolved
    }
    return resolving(name, work, pull, signal)
  }

  const read = async (
    pull: Pull,
    called: CalledDigest,
    had: Content | undefined,
    signal: AbortSignal,
  ): Asked<ImageFacts> => {
    const digest = digestIn(called)
    const known = contents.get(called)
    if (known !== undefined) return ok(known)
    const work = async (flight: AbortSignal): Asked<ImageFacts> => {
      const content = had === undefined ? await dialogue.manifest(pull, digest, flight) : ok(had)
      if (!content.ok) return content
      const facts = await readFacts(dialogue, pull, content.value, flight)
      const isSound = isCalled(called, content.value.mediaType, pull)
      if (facts.ok && isSound && isWhole(facts.value)) contents.set(called, facts.value)
      return facts
    }
    const told = await reading(partOf(pull, digest), work, pull, signal)
    return told.ok || !isSpared(told.error) ? told : ok(unread(digest, told.error))
  }

  const presence = createPresence({ dialogue, parts, partOf, flightMs })

  /** What is known without a question to anybody, of the first credential that a node tries. */
  const recalled = ({ reference, credentials: [credential], platforms }: Question): Probed | undefined => {
    const pull = { reference, credential }
    // There is none where a "no" was heard since.
    const known = names.get(nameOf(pull))
    const facts = known?.isFresh ? contents.get(known.value) : undefined
    if (facts === undefined || !presence.isKnown(pull, platforms, facts)) return undefined
    return { facts, freshness: 'remembered', quotaUsedUpAt: undefined }
  }

  const asked: Probe = async ({ reference, credentials, platforms, anew, refusals = createRefusals() }, signal) => {
    const probed = async (pull: Pull, called: CalledDigest, had: Content | undefined) => {
      const facts = await read(pull, called, had, signal)
      return facts.ok ? presence.find(pull, platforms, facts.value, signal) : facts
    }
    const answered = async (
      pull: Pull,
      freshness: Freshness,
      called: CalledDigest,
      resolved?: Resolved,
    ): Asked<Probed> => {
      const known = await probed(pull, called, resolved?.content)
      if (!known.ok) return known
      const { facts, isStale } = known.value
      const quotaUsedUpAt = resolved?.quota?.remaining === 0 ? reference.registry : undefined
      return ok({ facts, freshness: isStale ? 'stale' : freshness, quotaUsedUpAt })
    }
    /** Asks the registry; while it cannot answer, what was good within the hour stands in, unless that was just doubted. */
    const heard = async (pull: Pull): Asked<Probed> => {
      const before = anew ? undefined : names.get(nameOf(pull))
      const resolved = await resolve(pull, signal)
      const answer = resolved.ok
        ? await answered(pull, 'fresh', calledBy(pull, resolved.value), resolved.value)
        : resolved
      if (answer.ok || before === undefined || !isSilence(answer.error)) return answer
      const stale = await answered(pull, 'stale', before.value)
      return stale.ok ? stale : answer
    }
    const askedOnce = async (pull: Pull): Asked<Probed> => {
      const refusal = refusals.of(pull.credential)
      if (refusal !== undefined) return fail(refusal)
      const told = await heard(pull)
      if (!told.ok) refusals.note(pull.credential, told.error)
      return told
    }
    let isFromMemory = false
    const remembered = async (pull: Pull): Asked<Probed> => {
      const name = nameOf(pull)
      const refusal = names.refusal(name)
      if (refusal !== undefined) {
        isFromMemory = true
        return fail(refusal)
      }
      const known = names.get(name)
      const answer = known?.isFresh ? await answered(pull, 'remembered', known.value) : undefined
      // What the name stood for may be gone, and the name stand for something else by now.
      return answer?.ok ? answer : askedOnce(pull)
    }
    const askAll = (ask: (pull: Pull) => Asked<Probed>) =>
      inTurn(credentials, credential => ask({ reference, credential }))
    if (anew) return askAll(askedOnce)
    const told = await askAll(remembered)
    // A "no" that somebody heard a moment ago: the image may have been pushed since.
    return told.ok || !doubts || !isFromMemory ? told : askAll(askedOnce)
  }

  return (question, signal) => {
    // Most images are known, and the dozen promises on the way of a question cost more than all that is looked up.
    const known = question.anew ? undefined : recalled(question)
    return known === undefined ? asked(question, signal) : Promise.resolve(ok(known))
  }
}

const isSpared = (failure: ProbeFailure): boolean => failure.kind === 'rate-limited' && failure.spared === true

/** All that HEAD tells. */
const unread = (digest: Digest, { host }: ProbeFailure): ImageFacts => ({
  ...{ digest, mediaType: '', sizeBytes: 0 },
  content: { kind: 'unread', host },
})

const calledBy = (pull: Pull, { digest, mediaType }: Resolved): CalledDigest => calledDigest(digest, mediaType, pull)

/**
 * Whether nothing of the image is left unread, so that it is known for ever. An index within it that came out empty may be one
 * that this registry alone calls something else.
 */
const isWhole = ({ content }: ImageFacts): boolean => content.kind !== 'index' || content.entries.every(isRead)

const isRead = ({ role, entries }: IndexEntry): boolean =>
  role !== 'index' || (entries !== undefined && entries.length > 0 && entries.every(isRead))
