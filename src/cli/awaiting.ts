import { type Answer, type AskOptions, askAll, type Question } from './questions.ts'

/** Waits for so long. */
export type Sleep = (milliseconds: number) => Promise<void>

/** Options of the waiting. */
export interface AwaitOptions extends AskOptions {
  /** For how long images may still come; 0: they are not waited for. */
  readonly waitMs: number
  readonly nowMs: () => number
  readonly sleep: Sleep
  /** Told before each pause how many images are waited for. */
  readonly waiting: (missing: number, pauseMs: number) => void
}

// A push takes seconds to minutes: at first it is near, later a registry is not to be bothered.
const firstPauseMs = 2000
const longestPauseMs = 30_000

const isMissing = ({ verdict }: Answer): boolean =>
  verdict?.kind === 'judged' && verdict.findings.some(({ code }) => code === 'not-found')

/** Asks, and asks again for what was not found, and only for that, until it is there or the time is over. */
export const askUntilThere = async (
  questions: readonly Question[],
  options: AwaitOptions,
): Promise<readonly Answer[]> => {
  const { waitMs, nowMs, sleep, waiting } = options
  const endMs = nowMs() + waitMs
  const answers = new Map((await askAll(questions, options)).entries())
  const missing = (): readonly number[] =>
    [...answers].filter(([, answer]) => isMissing(answer)).map(([index]) => index)
  let pauseMs = firstPauseMs
  for (let left = missing(); left.length > 0 && nowMs() < endMs; left = missing()) {
    const thisPauseMs = Math.min(pauseMs, endMs - nowMs())
    waiting(left.length, thisPauseMs)
    await sleep(thisPauseMs)
    pauseMs = Math.min(pauseMs * 2, longestPauseMs)
    const asked = left.flatMap(index => questions[index] ?? [])
    const again = await askAll(asked, options)
    for (const [at, index] of left.entries()) {
      const answer = again[at]
      if (answer !== undefined) answers.set(index, answer)
    }
  }
  return [...answers.values()]
}
