import { fingerprintOf } from '../report/fingerprint.ts'
import type { Place } from '../report/sheet.ts'
import type { SheetEntry } from '../report/sheet-of.ts'
import type { Mode, Policy } from '../verdict/policy.ts'
import type { Treatment } from '../verdict/treatment.ts'
import { mergeReports, type Report, type SkipReason } from '../verdict/verdict.ts'
import type { Workload } from '../workload/workload.ts'
import type { Baseline } from './baseline.ts'
import type { FoundObject } from './manifest/found-object.ts'
import { type Answer, type Answers, answersByUse, type Question, questionsOf, reportOn } from './questions.ts'
import { type Reach, reachOf, warningPolicy } from './reach.ts'

/** How far findings reach. */
export interface JudgingSettings {
  readonly mode: Mode
  readonly policy: Policy
  readonly owned: Treatment
  readonly templates: Treatment
}

/** What is judged, and by what. */
export interface JudgingOptions {
  readonly objects: readonly FoundObject[]
  readonly settings: JudgingSettings
  /** The mode that holds in a namespace. */
  readonly modeIn: (namespace: string, mode: Mode) => Promise<Mode>
  /** Findings that are known, and not told again. */
  readonly known: Baseline
  readonly ask: (questions: readonly Question[]) => Promise<readonly Answer[]>
}

/** What came of it. */
export interface Judging {
  readonly entries: readonly SheetEntry[]
}

interface Reached {
  readonly object: FoundObject
  readonly reach: Reach
  readonly reason: SkipReason
}

const reasonOf = ({ isOwned, isTemplate }: FoundObject, { owned, templates }: JudgingSettings): SkipReason => {
  if (isOwned && owned === 'skip') return 'owned'
  return isTemplate && templates === 'skip' ? 'template' : 'mode-off'
}

const reachOn = async (object: FoundObject, { settings, modeIn }: JudgingOptions): Promise<Reached> => {
  const namespace = object.workloads[0]?.object.namespace ?? ''
  const mode = await modeIn(namespace, settings.mode)
  const treatments = [...(object.isOwned ? [settings.owned] : []), ...(object.isTemplate ? [settings.templates] : [])]
  return { object, reach: reachOf(mode, treatments), reason: reasonOf(object, settings) }
}

const skippedReport = ({ object, images }: Workload, reason: SkipReason): Report => ({
  object,
  onEveryNode: false,
  verdicts: images.map(use => ({ kind: 'skipped', use, reason })),
})

const reportsOn = ({ object, reach, reason }: Reached, answers: Answers): Report | undefined =>
  mergeReports(
    object.workloads.map(workload => (reach === 'off' ? skippedReport(workload, reason) : reportOn(workload, answers))),
  )

const entryOf = (reached: Reached, answers: Answers, known: Baseline, lenient: Policy): readonly SheetEntry[] => {
  const report = reportsOn(reached, answers)
  if (report === undefined) return []
  const { placeOf, waived } = reached.object
  const isKnown = (image: string, code: Parameters<SheetEntry['waived']>[1], place: Place | undefined): boolean =>
    known.size > 0 && known.has(fingerprintOf({ code, image, object: report.object, place }))
  return [
    {
      report,
      placeOf,
      waived: (use, code) => waived(use, code) || isKnown(use.image.text, code, placeOf(use)),
      pods: undefined,
      ...(reached.reach === 'warn' ? { policy: lenient } : {}),
    },
  ]
}

/** Judges objects: equal questions are asked once, and what nobody wants judged is not asked at all. */
export const judge = async (options: JudgingOptions): Promise<Judging> => {
  const reached: Reached[] = []
  for (const object of options.objects) reached.push(await reachOn(object, options))
  const asked = reached.filter(({ reach }) => reach !== 'off').flatMap(({ object }) => object.workloads)
  const questions = questionsOf(asked)
  const answers = answersByUse(questions, await options.ask(questions))
  const lenient = warningPolicy(options.settings.policy)
  return { entries: reached.flatMap(each => entryOf(each, answers, options.known, lenient)) }
}
