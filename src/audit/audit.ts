import type { Check } from '../check/check.ts'
import { mapSideBySide } from '../lib/side-by-side.ts'
import type { SheetEntry } from '../report/sheet-of.ts'
import { registryOf } from '../report/summary.ts'
import { mergeReports, type Report, type Verdict } from '../verdict/verdict.ts'
import type { ImageUse, Workload } from '../workload/workload.ts'
import { asItRuns, withDrift } from './drift.ts'
import type { Guest } from './guest.ts'
import type { Owned } from './inventory.ts'
import type { Pace } from './pace.ts'

/** How owners are judged. */
export interface AuditOptions {
  readonly check: Check
  readonly guest: Pick<Guest, 'isSpent'>
  readonly pace: Pace
  /** Whether other nodes are asked about than those that there are, so that what runs proves nothing. */
  readonly isForecast: boolean
  /** Owners that are judged at the same time. */
  readonly sideBySide: number
  /** A deadline for one owner, within the whole's. */
  readonly within: (signal: AbortSignal) => AbortSignal
  /** Told when an owner is done. */
  readonly done: (owner: Owned) => void
}

const registryNamed = ({ image }: ImageUse): string => registryOf(image.text)

const verdictKey = (verdict: Verdict): string => {
  const { use } = verdict
  return JSON.stringify([use.path, use.image.text, verdict.kind === 'judged' ? verdict.findings : verdict.reason])
}

/** What is said of an image whose registry is left to others. */
const spent = (use: ImageUse, host: string): Verdict => ({
  ...{ kind: 'judged', use, reference: undefined, facts: undefined, freshness: 'fresh' },
  findings: [{ code: 'rate-limited', host, retryAfterMs: undefined, spared: 'image' }],
})

/** Makes the function that judges one owner: each of its workloads, and what has moved since it was pulled. */
const createJudge = ({ check, guest, pace, isForecast, within }: AuditOptions) => {
  // Of the same audit: the second use of an image is answered from memory, and needs no turn.
  const taken = new Set<string>()

  const takeTurns = async ({ images, pullAs }: Workload, signal: AbortSignal): Promise<void> => {
    for (const use of images) {
      const registry = registryNamed(use)
      const key = JSON.stringify([use.image.text, pullAs])
      if (registry === '' || taken.has(key)) continue
      taken.add(key)
      await pace(registry, signal)
    }
  }

  const reportOn = async (workload: Workload, signal: AbortSignal): Promise<Report> => {
    const left = Map.groupBy(workload.images, use => guest.isSpent(registryNamed(use)))
    const asked = { ...workload, images: left.get(false) ?? [] }
    await takeTurns(asked, signal)
    const report = await check(asked, within(signal))
    const unasked = (left.get(true) ?? []).map(use => spent(use, registryNamed(use)))
    return { ...report, verdicts: [...report.verdicts, ...unasked] }
  }

  return async ({ object, workloads, pods, running }: Owned, signal: AbortSignal): Promise<SheetEntry> => {
    const reports: Report[] = []
    for (const workload of workloads) reports.push(await reportOn(workload, signal))
    const report = mergeReports(reports) ?? { object, onEveryNode: false, verdicts: [] }
    const seen = (verdict: Verdict): Verdict => {
      const digests = running.get(verdict.use.image.text)
      return withDrift(isForecast ? verdict : asItRuns(verdict, digests), digests)
    }
    const drifted = report.verdicts.map(seen)
    // Pods that differ in what does not matter to an image have the same to say of it.
    const verdicts = [...new Map(drifted.map(verdict => [verdictKey(verdict), verdict])).values()]
    return { report: { ...report, verdicts }, placeOf: () => undefined, waived: () => false, pods }
  }
}

/** What came of an audit: those that were done before the signal fired. */
export interface Audited {
  readonly entries: readonly SheetEntry[]
  readonly whole: boolean
}

/** Judges owners side by side, until the signal fires. */
export const audit = async (owners: readonly Owned[], options: AuditOptions, signal: AbortSignal): Promise<Audited> => {
  const judge = createJudge(options)
  const entries = await mapSideBySide(owners, options.sideBySide, async owner => {
    if (signal.aborted) return undefined
    const entry = await judge(owner, signal)
    // What was cut short says nothing about the image.
    if (signal.aborted) return undefined
    options.done(owner)
    return entry
  })
  const done = entries.filter(entry => entry !== undefined)
  return { entries: done, whole: done.length === owners.length }
}
