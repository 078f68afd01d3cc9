/** Random choices that the seed repeats. */
export interface Draw {
  readonly below: (bound: number) => number
  readonly chance: (probability: number) => boolean
  readonly pick: <T>(among: readonly T[]) => T
  /** Letters and digits, beginning with a letter. */
  readonly word: (length: number) => string
}

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** Draws from a seed, by the generator that is known as mulberry32. */
export const createDraw = (seed: number): Draw => {
  let state = seed >>> 0
  const random = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (bound: number): number => Math.floor(random() * bound)
  return {
    below,
    chance: probability => random() < probability,
    pick: <T>(among: readonly T[]): T => among[below(among.length)] as T,
    word: length => Array.from({ length }, (_, index) => letters[below(index === 0 ? 26 : 36)]).join(''),
  }
}
