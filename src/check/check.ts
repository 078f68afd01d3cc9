import type { Keys } from '../credentials/keys.ts'
import { firing } from '../lib/abort.ts'
import { mapSideBySide } from '../lib/side-by-side.ts'
import type { Report, Verdict } from '../verdict/verdict.ts'
import type { Landing } from '../workload/landing.ts'
import type { Node } from '../workload/node.ts'
import type { ImageUse, Workload } from '../workload/workload.ts'
import { type Answered, type AnswerOptions, type AnswerUse, createAnswers } from './answers.ts'
import { createFurther, type FurtherOptions, listingTogether } from './further.ts'
import type { IsIgnored } from './ignored.ts'
import { fails, type Judged, judgedOn, verdictFrom } from './judged.ts'
import { withNodeLists } from './node-lists.ts'

/** Says of each image of a workload what the node will make of it. Ends by its signal, with a verdict for every image. */
export type Check = (workload: Workload, signal: AbortSignal) => Promise<Report>

/** Options of a check. */
export interface CheckOptions extends AnswerOptions, FurtherOptions {
  /** The platforms that a workload may land on. */
  readonly landing: (workload: Workload) => Landing
  /** The nodes that a workload may land on; none where no cluster is known, and `unknown` where its nodes are not. */
  readonly nodes: (workload: Workload) => readonly Node[] | 'unknown'
  /** How many images a kubelet lists of what its node holds; -1: all. */
  readonly mostListed: number
  /** Whether what is remembered is asked for again before it denies; it is unless told otherwise. */
  readonly doubts?: boolean
  /** What nobody asks about. */
  readonly isIgnored: IsIgnored
}

// A pod has a handful of images; one with thousands is made to hurt.
const mostSideBySide = 32

/** Whether an answer is the registry's word of just now, and no secret had a part in it that may have changed since. */
const isBeyondDoubt = ({ freshness, keys }: Answered): boolean => freshness === 'fresh' && isWithoutSecrets(keys)

const isWithoutSecrets = ({ credentials, notes }: Keys): boolean =>
  credentials.length === 0 && notes.every(({ kind }) => kind === 'nodes-may-hold' || kind === 'unreadable')

const unlooked = { held: 'no-node-known', nearTags: undefined, tagsShown: undefined, program: undefined } as const

/** Makes the function that all faces share. */
export const createCheck = (options: CheckOptions): Check => {
  const { doubts = true, mostListed } = options
  const asked = { ...options, tags: listingTogether(options.tags) }
  return async (workload, signal) => {
    const landing = options.landing(workload)
    const over = firing(signal)
    const asking = { workload, landing, over, signal }
    const answer = createAnswers(options, asking, false)
    let answerAnew: AnswerUse | undefined
    const settled = (judged: Judged): Judged | Promise<Judged> =>
      judged.judgement.next === undefined ? judged : createFurther(asked, over, signal)(judged)

    // Asked only where it decides: with thousands of nodes it is no small question.
    let among: ReturnType<CheckOptions['nodes']> | undefined
    const judge = (use: ImageUse, { reference, answer: told, keys, refusals }: Answered): Judged => {
      const asked = { reference, credentials: keys.credentials.filter(each => refusals.of(each) === undefined) }
      const evidence = { use, answer: told, landing, notes: keys.notes, ...unlooked }
      const first = judgedOn(evidence, asked)
      const mayFail = fails(first) || (options.settles === true && first.judgement.next === 'shown-tags')
      if (!mayFail && use.pullPolicy !== 'Never') return first
      among ??= options.nodes(workload)
      // All keys, refused ones too: the hint that nodes may hold others is for those who have none.
      const { credentials } = keys
      return judgedOn(withNodeLists(evidence, { nodes: among, reference, credentials, mostListed }), asked)
    }

    const verdictOn = async (use: ImageUse): Promise<Verdict> => {
      if (options.isIgnored(use.image.text)) return { kind: 'skipped', use, reason: 'ignored-image' }
      const answered = await answer(use)
      const first = judge(use, answered)
      if (!fails(first) || !doubts || isBeyondDoubt(answered))
        return verdictFrom(await settled(first), answered.freshness)
      // Before something remembered denies it is asked for again: image or secret may have come since.
      answerAnew ??= createAnswers(options, asking, true)
      const again = await answerAnew(use, answered)
      return verdictFrom(await settled(judge(use, again)), again.freshness)
    }
    const verdicts = await mapSideBySide(workload.images, mostSideBySide, verdictOn)
    over.release()
    return { object: workload.object, onEveryNode: landing.kind === 'platforms' && landing.every, verdicts }
  }
}
