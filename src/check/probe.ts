import { LRUCache } from 'lru-cache'
import type { Digest } from '../image/digest.ts'
import type { ImageContent, ImageFacts, IndexEntry } from '../image/facts.ts'
import { type NodePlatform, wantedEntries } from '../image/fit.ts'
import { formatReference, type ImageReference } from '../image/reference.ts'
import { fail, ok, type Result } from '../lib/result.ts'
import type { Content, Dialogue } from '../registry/dialogue.ts'
import type { ProbeFailure } from '../registry/failure.ts'
import { readConfig, readDocument } from '../registry/manifest.ts'

/** What is asked about an image. */
export interface Question {
  readonly reference: ImageReference
  /** The platforms whose part of an index must be there; none where they are not judged. */
  readonly platforms: readonly NodePlatform[]
}

/** Finds out what an image is. Failures are values. */
export type Probe = (question: Question, signal: AbortSignal) => Promise<Result<ImageFacts, ProbeFailure>>

/** Options of a probe. */
export interface ProbeOptions {
  readonly dialogue: Dialogue
  /** For how long a name is taken to mean what it meant. */
  readonly foundSeconds: number
  /** Names, and digests, remembered at the most. */
  readonly entries: number
  readonly now: () => number
}

type Asked<T> = Promise<Result<T, ProbeFailure>>

/** Makes a probe that remembers names for a while, and what a digest stands for as long as there is room. */
export const createProbe = (options: ProbeOptions): Probe => {
  const { dialogue } = options
  const clock = { perf: { now: options.now } }
  const names = new LRUCache<string, Digest>({ max: options.entries, ttl: options.foundSeconds * 1000, ...clock })
  const present = new LRUCache<string, true>({ max: options.entries, ttl: options.foundSeconds * 1000, ...clock })
  const contents = new LRUCache<Digest, ImageFacts>({ max: options.entries })

  const digestOf = async (reference: ImageReference, signal: AbortSignal): Asked<[Digest, Content | undefined]> => {
    const name = formatReference(reference)
    const known = names.get(name)
    if (known !== undefined) return ok([known, undefined])
    const resolved = await dialogue.resolve(reference, signal)
    if (!resolved.ok) return resolved
    names.set(name, resolved.value.digest)
    return ok([resolved.value.digest, resolved.value.content])
  }

  const factsOf = async (
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
    if (facts.ok) contents.set(digest, facts.value)
    return facts
  }

  const seen = async (reference: ImageReference, entry: IndexEntry, signal: AbortSignal): Asked<IndexEntry> => {
    const key = `${reference.registry}/${reference.repository}@${entry.digest}`
    if (present.has(key)) return ok({ ...entry, presence: 'present' })
    const exists = await dialogue.exists(reference, entry.digest, signal)
    if (!exists.ok) return exists
    if (exists.value) present.set(key, true)
    return ok({ ...entry, presence: exists.value ? 'present' : 'absent' })
  }

  const withPresence = async (question: Question, facts: ImageFacts, signal: AbortSignal): Asked<ImageFacts> => {
    const { content } = facts
    if (content.kind !== 'index') return ok(facts)
    const wanted = new Set(
      wantedEntries(question.platforms, { mediaType: facts.mediaType, entries: content.entries }).map(
        ({ digest }) => digest,
      ),
    )
    const asked = await Promise.all(
      content.entries.map(entry => (wanted.has(entry.digest) ? seen(question.reference, entry, signal) : ok(entry))),
    )
    const failed = asked.find(entry => !entry.ok)
    if (failed !== undefined) return failed
    return ok({ ...facts, content: { ...content, entries: asked.flatMap(entry => (entry.ok ? [entry.value] : [])) } })
  }

  return async (question, signal) => {
    const { reference } = question
    const named = await digestOf(reference, signal)
    if (!named.ok) return named
    const facts = await factsOf(reference, ...named.value, signal)
    return facts.ok ? withPresence(question, facts.value, signal) : facts
  }
}

const readFacts = async (
  dialogue: Dialogue,
  reference: ImageReference,
  content: Content,
  signal: AbortSignal,
): Asked<ImageFacts> => {
  const bad = (step: 'manifest' | 'config') =>
    ({ host: reference.registry, step, kind: 'bad-answer', status: undefined }) as const
  const { digest, mediaType, bytes } = content
  const document = readDocument(bytes, mediaType)
  if (!document.ok) return fail({ ...bad('manifest'), problem: document.error })
  const of = (what: ImageContent) => ok({ digest, mediaType, sizeBytes: bytes.length, content: what })
  if (document.value.kind !== 'manifest') return of(document.value)
  const blob = await dialogue.config(reference, document.value.config, signal)
  if (!blob.ok) return blob
  const config = readConfig(blob.value.bytes)
  return config.ok ? of({ kind: 'manifest', config: config.value }) : fail({ ...bad('config'), problem: config.error })
}
