import fc from 'fast-check'
import { vi } from 'vitest'

// Seconds where the machine has nothing else to do; PULLGATE_COUNT asks for as long as it takes.
vi.setConfig({ testTimeout: 600_000 })

const numRuns = Number(process.env['PULLGATE_COUNT'] ?? 20_000)

/** What became of an input. */
export type Fate = 'accepted' | 'refused'

/** The part of the inputs that has to meet each fate: fuzzing that never gets past the first check, or is never turned away, proves little. */
const leastShare = 0.1

/** Holds a property against 20,000 inputs, or PULLGATE_COUNT of them. The property says what became of its input. */
export const fuzz = <Input>(inputs: fc.Arbitrary<Input>, check: (input: Input) => Fate): void => {
  let accepted = 0
  fc.assert(
    fc.property(inputs, input => {
      if (check(input) === 'accepted') accepted++
    }),
    { numRuns },
  )
  const share = accepted / numRuns
  if (share < leastShare || share > 1 - leastShare)
    throw new Error(`${accepted} of ${numRuns} inputs are accepted: the fuzzing stays on one side`)
}

/** Fails the property with what was found. Cheaper than an assertion that is made 20,000 times. */
export const must = (holds: boolean, found: unknown): void => {
  if (!holds) throw new Error(`not so: ${JSON.stringify(found)}`)
}

// Of the processor, not of the clock: the machine may have much else to do. What goes back for each character takes minutes.
const stages = [
  { characters: 2 ** 14, mostMs: 500 },
  { characters: 2 ** 17, mostMs: 1500 },
  { characters: 2 ** 20, mostMs: 4000 },
]

/** Fails where the work takes the processor longer than going once through what it reads. */
export const mustTakeAtMost = (mostMs: number, work: () => unknown, what: string): void => {
  const began = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(began)
  const ms = (user + system) / 1000
  if (ms > mostMs) throw new Error(`${what} takes ${Math.round(ms)} ms`)
}

/** Has texts of a mebibyte read that repeat one piece, each in its frame; shorter ones first, so that what is quadratic fails soon. */
export const mustReadSoon = (
  read: (text: string) => unknown,
  pieces: readonly string[],
  frames: readonly ((text: string) => string)[],
): void => {
  for (const { characters, mostMs } of stages)
    for (const piece of pieces)
      for (const frame of frames) {
        const text = frame(piece.repeat(characters / piece.length))
        mustTakeAtMost(mostMs, () => read(text), `${JSON.stringify(text.slice(0, 40))} of ${text.length} characters`)
      }
}
