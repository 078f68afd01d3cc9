import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'

/** What is compared: the same question to ours and to the original, in one shape. */
export interface Comparison<Input, Answer> {
  readonly name: string
  readonly inputs: fc.Arbitrary<Input>
  /** How many inputs a run takes when PULLGATE_COUNT does not say. */
  readonly count: number
  readonly ours: (input: Input) => Answer
  readonly theirs: (input: Input) => Promise<Answer>
  /** Which of two sides an answer of the original falls on. */
  readonly sideOf: (answer: Answer) => string
}

/** The part of the inputs that each side has to get: a run where nearly all is refused proves little. */
const leastShare = 0.2

/**
 * Compares ours with the original on random inputs, PULLGATE_COUNT of them, drawn from the seed PULLGATE_SEED,
 * and prints one line about it. A disagreement fails the test with the input shrunk, both answers and the seed.
 */
export async function compare<Input, Answer>(comparison: Comparison<Input, Answer>): Promise<void> {
  const seed = Number(process.env['PULLGATE_SEED'] ?? Date.now() % 2 ** 31)
  const numRuns = Number(process.env['PULLGATE_COUNT'] ?? comparison.count)
  const sides = new Map<string, number>()
  const agree = fc.asyncProperty(comparison.inputs, async input => {
    const theirs = await comparison.theirs(input)
    const ours = comparison.ours(input)
    if (!isDeepStrictEqual(ours, theirs)) throw new Error(disagreement(ours, theirs))
    const side = comparison.sideOf(theirs)
    sides.set(side, (sides.get(side) ?? 0) + 1)
  })
  await fc.assert(agree, { seed, numRuns })
  const shares = [...sides].map(([side, count]) => `${side} ${count}`).sort()
  console.log(`${comparison.name}: ${numRuns} compared, 0 disagreements (${shares.join(', ')}), seed ${seed}`)
  const isLopsided = sides.size !== 2 || [...sides.values()].some(count => count < leastShare * numRuns)
  if (isLopsided) throw new Error(`${comparison.name}: one side is hardly ever asked about: ${shares.join(', ')}`)
}

const disagreement = (ours: unknown, theirs: unknown): string =>
  `the original answers ${JSON.stringify(theirs)}, ours ${JSON.stringify(ours)}`
