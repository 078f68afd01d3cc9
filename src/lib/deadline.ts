const ends = new WeakMap<AbortSignal, number>()

// What timers take: AbortSignal.timeout throws at a fraction, and fires at once beyond some 24 days.
const mostMs = 2 ** 31 - 1
const wholeMs = (milliseconds: number): number => Math.min(Math.max(Math.ceil(milliseconds), 0), mostMs)

/** A signal that fires after a while, and of which others can find out how long that still is. */
export const deadlineIn = (milliseconds: number): AbortSignal => {
  const signal = AbortSignal.timeout(wholeMs(milliseconds))
  ends.set(signal, performance.now() + milliseconds)
  return signal
}

/** How long until the signal fires; undefined where nobody knows. */
export const remainingMs = (signal: AbortSignal): number | undefined => {
  const end = ends.get(signal)
  return end === undefined ? undefined : Math.max(end - performance.now(), 0)
}
