import type { Digest } from '../image/digest.ts'
import type { ImageContent, ImageFacts, IndexEntry } from '../image/facts.ts'
import type { Finding } from '../verdict/finding.ts'
import { type Verdict, worstFirst } from '../verdict/verdict.ts'

const digestsIn = (entries: readonly IndexEntry[]): readonly Digest[] =>
  entries.flatMap(({ digest, entries: below }) => [digest, ...digestsIn(below ?? [])])

const partsOf = (content: ImageContent): readonly Digest[] =>
  content.kind === 'index' ? digestsIn(content.entries) : []

/** The digests that somebody runs who runs this image: of an index some runtimes tell the part that they took. */
const digestsOf = ({ digest, content }: ImageFacts): ReadonlySet<Digest> => new Set([digest, ...partsOf(content)])

/**
 * Adds to a verdict that the tag names another image by now than the one that runs. A pinned image cannot move, and an image whose
 * node tells no digest was never pulled by one.
 */
export const withDrift = (verdict: Verdict, running: ReadonlySet<Digest> | undefined): Verdict => {
  if (verdict.kind === 'skipped' || verdict.facts === undefined || running === undefined) return verdict
  if (verdict.reference?.target.kind !== 'tag') return verdict
  const offered = digestsOf(verdict.facts)
  const other = [...running].toSorted().find(digest => !offered.has(digest))
  if (other === undefined) return verdict
  const finding = { code: 'moved-tag', running: other, now: verdict.facts.digest } as const
  return { ...verdict, findings: worstFirst([...verdict.findings, finding]) }
}

const isUnread = (finding: Finding): boolean => finding.code === 'rate-limited' && finding.spared === 'content'

/** What nobody read, because that would have counted as a pull, needs no reading where it runs. */
export const asItRuns = (verdict: Verdict, running: ReadonlySet<Digest> | undefined): Verdict => {
  if (verdict.kind === 'skipped' || verdict.facts === undefined) return verdict
  if (running?.has(verdict.facts.digest) !== true) return verdict
  return { ...verdict, findings: verdict.findings.filter(finding => !isUnread(finding)) }
}
