import type { ImageContent, ImageFacts, IndexEntry } from '../image/facts.ts'
import { fail, ok, type Result } from '../lib/result.ts'
import type { Content } from './content.ts'
import type { Dialogue } from './dialogue.ts'
import type { AnswerProblem, ProbeFailure, Step } from './failure.ts'
import { readConfig, readDocument } from './manifest.ts'
import type { Pull } from './pull.ts'

type Asked<T> = Promise<Result<T, ProbeFailure>>

// An index within an index is rare, and a third level unheard of; each costs a request.
const mostDepth = 2
const mostNested = 8

/** Learns from a manifest what the image is: an index by its entries, a single image by its configuration. */
export const readFacts = async (
  dialogue: Dialogue,
  pull: Pull,
  { digest, mediaType, bytes }: Content,
  signal: AbortSignal,
): Asked<ImageFacts> => {
  const facts = (content: ImageContent) => ok({ digest, mediaType, sizeBytes: bytes.length, content })
  const bad = (step: Step, problem: AnswerProblem) =>
    fail({ host: pull.reference.registry, step, kind: 'bad-answer', problem, status: undefined } as const)
  const document = readDocument(bytes, mediaType)
  if (!document.ok) return bad('manifest', document.error)
  switch (document.value.kind) {
    case 'index':
      return facts({ kind: 'index', entries: await withNested(dialogue, pull, document.value.entries, signal) })
    case 'manifest': {
      const blob = await dialogue.config(pull, document.value.config, signal)
      if (!blob.ok) return blob
      // containerd takes no blob of another size; other runtimes do not look (core/remotes/docker/httpreadseeker.go).
      if (document.value.configBytes !== blob.value.bytes.length) return bad('config', 'wrong-size')
      const config = readConfig(blob.value.bytes)
      return config.ok ? facts({ kind: 'manifest', config: config.value }) : bad('config', config.error)
    }
    case 'artifact':
    case 'schema1':
      return facts(document.value)
  }
}

/** The entries, with what stands in the indexes among them; one that cannot be read stays unread. */
const withNested = async (
  dialogue: Dialogue,
  pull: Pull,
  entries: readonly IndexEntry[],
  signal: AbortSignal,
  depth = 1,
): Promise<readonly IndexEntry[]> => {
  const nested = new Set(entries.filter(({ role }) => role === 'index').slice(0, mostNested))
  const read = async (entry: IndexEntry): Promise<IndexEntry> => {
    if (!nested.has(entry) || depth > mostDepth) return entry
    const content = await dialogue.manifest(pull, entry.digest, signal)
    const document = content.ok ? readDocument(content.value.bytes, content.value.mediaType) : content
    if (!document.ok) return entry
    // Called an index, it is fetched as one and then refused: there is nothing to choose from.
    if (document.value.kind !== 'index') return { ...entry, presence: 'present', entries: [] }
    const inner = await withNested(dialogue, pull, document.value.entries, signal, depth + 1)
    return { ...entry, presence: 'present', entries: inner }
  }
  return Promise.all(entries.map(read))
}
