/** What an attempt to talk to somebody came to, as far as it tells whether the next one is worth it. */
export type Attempt = 'answered' | 'failed' | 'stalled' | 'unsettled'

/** Says whether a host is worth asking. */
export interface Breaker {
  /** Whether it may be asked; once it was down, one question at a time finds out. */
  readonly admits: () => boolean
  /** Told of each question that was admitted how it ended. */
  readonly note: (attempt: Attempt) => void
}

/** Options of a breaker. */
export interface BreakerOptions {
  readonly nowMs: () => number
  /** From 0 up to, but not including, 1: replicas do not all knock at the same moment. */
  readonly random: () => number
}

// Five failures in a row within 10 s are no accident; 5 s are what a restart takes, give or take a fifth.
const mostFailures = 5
const withinMs = 10_000
const openMs = 5000
const jitter = 0.2

type State =
  | { readonly kind: 'closed'; readonly failures: readonly number[] }
  | { readonly kind: 'open'; readonly untilMs: number; readonly isTrying: boolean }

const healthy: State = { kind: 'closed', failures: [] }

/**
 * Makes a breaker: closed it admits everything, and opens at the fifth failure in a row, or at the first connection that
 * got no answer at all, since each of those costs its caller all the time there is.
 */
export const createBreaker = ({ nowMs, random }: BreakerOptions): Breaker => {
  let state: State = healthy
  const opened = (): State => {
    const factor = 1 - jitter + 2 * jitter * random()
    return { kind: 'open', untilMs: nowMs() + openMs * factor, isTrying: false }
  }
  const failed = (): State => {
    if (state.kind === 'open') return opened()
    const failures = [...state.failures.filter(at => nowMs() - at < withinMs), nowMs()]
    return failures.length < mostFailures ? { kind: 'closed', failures } : opened()
  }

  return {
    admits: () => {
      if (state.kind === 'closed') return true
      if (state.isTrying || nowMs() < state.untilMs) return false
      state = { ...state, isTrying: true }
      return true
    },
    note: attempt => {
      switch (attempt) {
        case 'answered':
          state = healthy
          return
        case 'failed':
          state = failed()
          return
        case 'stalled':
          state = opened()
          return
        case 'unsettled':
          if (state.kind === 'open') state = { ...state, isTrying: false }
      }
    },
  }
}
