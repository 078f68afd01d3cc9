// On the signal itself: an entry in a WeakMap, which the collector has to look after, costs as much as all else that a deadline does.
const endMs = Symbol('endMs')

interface Timed {
  [endMs]?: number
}

const noteEnd = (signal: AbortSignal & Timed, milliseconds: number): void => {
  signal[endMs] = performance.now() + milliseconds
}

// What timers take: AbortSignal.timeout throws at a fraction, and fires at once beyond some 24 days.
const mostMs = 2 ** 31 - 1
const wholeMs = (milliseconds: number): number => Math.min(Math.max(Math.ceil(milliseconds), 0), mostMs)

/** A signal that fires after a while, and of which others can find out how long that still is. */
export const deadlineIn = (milliseconds: number): AbortSignal => {
  const signal = AbortSignal.timeout(wholeMs(milliseconds))
  noteEnd(signal, milliseconds)
  return signal
}

/** A signal that fires with another, and after a while at the latest. */
export const endingIn = (milliseconds: number, signal: AbortSignal): AbortSignal =>
  AbortSignal.any([signal, AbortSignal.timeout(wholeMs(milliseconds))])

/** A deadline that may be over before its time. */
export interface Deadline {
  readonly signal: AbortSignal
  /** Says that nobody waits any more: its timer goes, and the signal will not fire. */
  readonly release: () => void
}

/** A deadline for work of which there is a lot: the signals of `AbortSignal.timeout` live until they fire. */
export const createDeadline = (milliseconds: number): Deadline => {
  const controller = new AbortController()
  const { signal } = controller
  const late = (): void => controller.abort(new DOMException('The deadline is over.', 'TimeoutError'))
  const timer = setTimeout(late, wholeMs(milliseconds))
  noteEnd(signal, milliseconds)
  return { signal, release: () => clearTimeout(timer) }
}

/** How long until the signal fires; undefined where nobody knows. */
export const remainingMs = (signal: AbortSignal & Timed): number | undefined => {
  const end = signal[endMs]
  return end === undefined ? undefined : Math.max(end - performance.now(), 0)
}
