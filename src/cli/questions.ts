import type { Check } from '../check/check.ts'
import { createDeadline } from '../lib/deadline.ts'
import { mapSideBySide } from '../lib/side-by-side.ts'
import type { Report, Verdict } from '../verdict/verdict.ts'
import { placementKey } from '../workload/placement.ts'
import type { ImageUse, Workload } from '../workload/workload.ts'

/** One question to the core, and all uses of images that have its answer. */
export interface Question {
  readonly workload: Workload
  readonly uses: readonly ImageUse[]
}

/** What came of it. */
export interface Answer {
  readonly onEveryNode: boolean
  /** About the question's own use. */
  readonly verdict: Verdict | undefined
}

/** Options of the asking. */
export interface AskOptions {
  readonly check: Check
  /** Time for one question. */
  readonly timeoutMs: number
  /** Told after each answer how many there are. */
  readonly progress: (answered: number, all: number) => void
}

// Registries bound the connections to each of them.
const mostSideBySide = 64

/** All that an answer depends on. */
const keyOf = (use: ImageUse, { pullAs, isTemplate }: Workload, placement: string): string => {
  const { image, role, blocks, start, pullPolicy } = use
  return JSON.stringify([image, role, blocks, start, pullPolicy, pullAs, isTemplate, placement])
}

/** The questions that workloads come to: what is the same for a thousand of them is asked once. */
export const questionsOf = (workloads: readonly Workload[]): readonly Question[] => {
  const questions = new Map<string, { readonly workload: Workload; readonly uses: ImageUse[] }>()
  for (const workload of workloads) {
    const placement = placementKey(workload.placement)
    for (const use of workload.images) {
      const key = keyOf(use, workload, placement)
      const known = questions.get(key)
      if (known === undefined) questions.set(key, { workload: { ...workload, images: [use] }, uses: [use] })
      else known.uses.push(use)
    }
  }
  return [...questions.values()]
}

/** Asks questions side by side; the answers stand in their order. */
export const askAll = async (questions: readonly Question[], options: AskOptions): Promise<readonly Answer[]> => {
  let answered = 0
  return mapSideBySide(questions, mostSideBySide, async ({ workload }) => {
    const deadline = createDeadline(options.timeoutMs)
    const report = await options.check(workload, deadline.signal)
    deadline.release()
    answered += 1
    options.progress(answered, questions.length)
    return { onEveryNode: report.onEveryNode, verdict: report.verdicts[0] }
  })
}

/** The answers by the use of an image. */
export type Answers = ReadonlyMap<ImageUse, Answer>

/** Brings each answer to all the uses that it is about. */
export const answersByUse = (questions: readonly Question[], answers: readonly Answer[]): Answers =>
  new Map(
    questions.flatMap(({ uses }, index) => {
      const answer = answers[index]
      return answer === undefined ? [] : uses.map(use => [use, answer] as const)
    }),
  )

/** The report on a workload, made of the answers. */
export const reportOn = ({ object, images }: Workload, answers: Answers): Report => {
  const told = images.flatMap(use => {
    const answer = answers.get(use)
    return answer?.verdict === undefined ? [] : [{ ...answer, verdict: { ...answer.verdict, use } }]
  })
  return {
    object,
    onEveryNode: told.some(({ onEveryNode }) => onEveryNode),
    verdicts: told.map(({ verdict }) => verdict),
  }
}
