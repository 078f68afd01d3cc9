import { remainingMs } from '../../lib/deadline.ts'
import { fail, ok, type Result } from '../../lib/result.ts'

/** Lets so many in at a time. */
export interface Turnstile {
  /** Whether whoever comes now has to wait. */
  readonly isFull: () => boolean
  /** The function that leaves again; fails at once where there is no room to wait or no hope, or as soon as the signal fires. */
  readonly enter: (signal: AbortSignal) => Promise<Result<() => void, 'full' | 'hopeless' | 'aborted'>>
}

/** Options of a turnstile. */
export interface TurnstileOptions {
  readonly nowMs: () => number
  readonly mostInside: number
  readonly mostWaiting: number
}

interface Waiting {
  readonly admit: () => void
}

// How much the newest stay weighs in what a stay is expected to be.
const newest = 0.2

/** Makes a turnstile. Whoever waits is let in by order of arrival. */
export const createTurnstile = ({ nowMs, mostInside, mostWaiting }: TurnstileOptions): Turnstile => {
  const queue = new Set<Waiting>()
  let inside = 0
  let expectedStayMs = 0

  const admitted = (): (() => void) => {
    inside++
    const since = nowMs()
    let isInside = true
    return () => {
      if (!isInside) return
      isInside = false
      inside--
      expectedStayMs += newest * (nowMs() - since - expectedStayMs)
      const [next] = queue
      if (next === undefined) return
      queue.delete(next)
      next.admit()
    }
  }

  const isHopeless = (signal: AbortSignal): boolean => {
    const left = remainingMs(signal)
    const wait = (Math.floor(queue.size / mostInside) + 1) * expectedStayMs
    return left !== undefined && wait > left
  }

  const wait = (signal: AbortSignal): ReturnType<Turnstile['enter']> =>
    new Promise(resolve => {
      const leave = (): void => {
        queue.delete(waiting)
        resolve(fail('aborted'))
      }
      const waiting: Waiting = {
        admit: () => {
          signal.removeEventListener('abort', leave)
          resolve(ok(admitted()))
        },
      }
      queue.add(waiting)
      signal.addEventListener('abort', leave, { once: true })
    })

  return {
    isFull: () => inside >= mostInside,
    enter: async signal => {
      if (signal.aborted) return fail('aborted')
      if (inside < mostInside) return ok(admitted())
      if (queue.size >= mostWaiting) return fail('full')
      return isHopeless(signal) ? fail('hopeless') : wait(signal)
    },
  }
}
