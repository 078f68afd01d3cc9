import type { ImageFacts, IndexEntry } from '../image/facts.ts'
import { formatPlatform } from '../image/platform.ts'
import type { Code } from '../verdict/codes.ts'
import { compareCodes } from '../verdict/codes.ts'
import { saidOfThePod } from '../verdict/decide.ts'
import { explain } from '../verdict/explain.ts'
import type { Finding } from '../verdict/finding.ts'
import { actionOf, type Policy } from '../verdict/policy.ts'
import { quoted } from '../verdict/text.ts'
import { outcomeOf, type Report, type Verdict, verdictOutcome, worstOutcome } from '../verdict/verdict.ts'
import type { ImageUse } from '../workload/workload.ts'
import type { Place, Sheet, SheetFinding, SheetImage, SheetUse } from './sheet.ts'
import { summaryOf } from './summary.ts'

/** What was found out about one object, and where it came from. */
export interface SheetEntry {
  readonly report: Report
  /** Where a use of an image is written; undefined where the object came from no file. */
  readonly placeOf: (use: ImageUse) => Place | undefined
  /** Whether a finding is to be left out: its line says so, or a baseline has it already. */
  readonly waived: (use: ImageUse, code: Code) => boolean
  /** How many pods of the object run now; undefined where no cluster was looked at. */
  readonly pods: number | undefined
  /** Left out: the policy of the whole. */
  readonly policy?: Policy
}

/** All that a sheet is made of. */
export interface SheetSource {
  readonly entries: readonly SheetEntry[]
  readonly policy: Policy
  /** What was not looked at, and why: one sentence each. */
  readonly gaps: readonly string[]
}

type Judged = Extract<Verdict, { readonly kind: 'judged' }>

const severity = { deny: 0, warn: 1 } as const

// A line of a report has no limit of 240 characters, but a name of megabytes is no name.
const longestName = 300

const messageOf = (finding: Finding, verdict: Judged): Pick<SheetFinding, 'message' | 'hint'> => {
  const { what, why, next } = explain(finding, verdict.reference)
  return { message: `image ${quoted(verdict.use.image.text, longestName)} ${what}: ${why}`, hint: next }
}

interface Listed {
  readonly findings: readonly SheetFinding[]
  readonly waived: number
}

const listed = (entry: SheetEntry, policy: Policy): Listed => {
  const { object, onEveryNode, verdicts } = entry.report
  const said = new Set<string>()
  const findings: SheetFinding[] = []
  let waived = 0
  const isSaid = (finding: Finding): boolean => {
    const once = saidOfThePod(finding)
    if (once === undefined) return false
    if (said.has(once)) return true
    said.add(once)
    return false
  }
  const add = (finding: Finding, verdict: Judged): void => {
    const { use } = verdict
    const action = actionOf(finding.code, policy, { onEveryNode, use })
    if (action === 'ignore') return
    if (entry.waived(use, finding.code)) {
      waived += 1
      return
    }
    if (isSaid(finding)) return
    const where = { image: use.image.text, object, path: use.path, place: entry.placeOf(use) }
    const words = messageOf(finding, verdict)
    findings.push({ code: finding.code, action, ...where, ...words, pods: entry.pods, isNew: undefined })
  }
  for (const verdict of verdicts)
    if (verdict.kind === 'judged') for (const finding of verdict.findings) add(finding, verdict)
  const worstFirst = findings.toSorted(
    (a, b) => severity[a.action] - severity[b.action] || compareCodes(a.code, b.code),
  )
  return { findings: worstFirst, waived }
}

const usesOf = ({ report, placeOf }: SheetEntry): readonly SheetUse[] =>
  report.verdicts.map(verdict => ({
    image: verdict.use.image.text,
    object: report.object,
    path: verdict.use.path,
    place: placeOf(verdict.use),
    outcome: verdict.kind === 'skipped' ? 'skipped' : verdictOutcome(verdict),
  }))

const leaves = (entries: readonly IndexEntry[]): readonly IndexEntry[] =>
  entries.flatMap(entry => (entry.entries === undefined ? [entry] : leaves(entry.entries)))

const platformsOf = ({ content }: ImageFacts): readonly string[] => {
  switch (content.kind) {
    case 'index': {
      const images = leaves(content.entries).filter(({ role }) => role === 'image')
      return [...new Set(images.flatMap(({ platform }) => (platform === undefined ? [] : formatPlatform(platform))))]
    }
    case 'manifest':
      return content.config.platform === undefined ? [] : [formatPlatform(content.config.platform)]
    case 'artifact':
    case 'schema1':
    case 'unread':
      return []
  }
}

const imageOf = (verdict: Judged): SheetImage => ({
  image: verdict.use.image.text,
  outcome: verdictOutcome(verdict),
  digest: verdict.facts?.digest,
  platforms: verdict.facts === undefined ? [] : platformsOf(verdict.facts),
})

const merged = (one: SheetImage | undefined, other: SheetImage): SheetImage => {
  if (one === undefined) return other
  const told = one.digest === undefined ? other : one
  return { ...told, outcome: worstOutcome([one.outcome, other.outcome]) }
}

// Text that another controller fills in is no image, and what nobody asked about has no outcome.
const isAnImage = (verdict: Verdict): verdict is Judged =>
  verdict.kind === 'judged' && verdict.use.image.kind === 'image'

const imagesOf = (entries: readonly SheetEntry[]): readonly SheetImage[] => {
  const images = new Map<string, SheetImage>()
  for (const verdict of entries.flatMap(({ report }) => report.verdicts).filter(isAnImage)) {
    const image = imageOf(verdict)
    images.set(image.image, merged(images.get(image.image), image))
  }
  return [...images.values()]
}

const sheetOutcome = (findings: readonly SheetFinding[], gaps: readonly string[]): Sheet['outcome'] => {
  if (findings.some(({ action }) => action === 'deny')) return 'fail'
  const isUnknown = gaps.length > 0 || findings.some(({ code }) => outcomeOf(code) === 'unknown')
  return isUnknown ? 'unknown' : 'pass'
}

/** Brings reports, policy and places into the one form that every output format is written from. */
export const sheetOf = ({ entries, policy, gaps }: SheetSource): Sheet => {
  const perEntry = entries.map(entry => listed(entry, entry.policy ?? policy))
  const findings = perEntry.flatMap(each => each.findings)
  const uses = entries.flatMap(usesOf)
  const images = imagesOf(entries)
  const waived = perEntry.reduce((sum, each) => sum + each.waived, 0)
  const summary = summaryOf({ objects: entries.map(({ report }) => report.object), uses, images, findings, waived })
  return { outcome: sheetOutcome(findings, gaps), summary, images, findings, uses, gaps, change: undefined }
}
