import type { Attempt, Expectation } from './attempts.ts'
import type { KubectlLine } from './kubectl.ts'

/** What came of an attempt. */
export type Outcome = Expectation['kind']

/** What the printed lines amount to. */
export const outcomeOf = (lines: readonly KubectlLine[]): Outcome => {
  const tones = new Set(lines.map(({ tone }) => tone))
  if (tones.has('error')) return 'denied'
  return tones.has('warning') ? 'warned' : 'created'
}

/** One sentence on what did not come as the tour promises; undefined where all did. */
export const missOf = ({ title, expected }: Attempt, lines: readonly KubectlLine[]): string | undefined => {
  const outcome = outcomeOf(lines)
  if (outcome !== expected.kind) return `“${title}” should have been ${expected.kind}, and was ${outcome}.`
  if (expected.kind === 'created') return undefined
  const text = lines.map(line => line.text).join('\n')
  const unsaid = expected.saying.find(words => !text.includes(words))
  return unsaid === undefined ? undefined : `“${title}” should have been answered with “${unsaid}”, and was not.`
}
