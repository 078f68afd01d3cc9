/** What an attempt to talk to somebody came to, as far as it tells whether the next one is worth it. */
export type Attempt = 'answered' | 'failed' | 'unsettled'

/** Says whether a host is worth asking. */
export interface Breaker {
  /** Whether nobody is admitted at this moment. */
  readonly isShut: () => boolean
  /**
   * The function to be told how the question ended; undefined: the host is left alone. Once it was down, one question
   * at a time finds out.
   */
  readonly admit: () => ((attempt: Attempt) => void) | undefined
  /** Told of a connection that got no answer at all, whoever wanted it. */
  readonly stalled: () => void
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

/** One question that was admitted: the same as no other. */
type Admission = Readonly<Record<never, never>>

type State =
  | { readonly kind: 'closed'; readonly failures: readonly number[] }
  | { readonly kind: 'open'; readonly untilMs: number; readonly trial: Admission | undefined }

const healthy: State = { kind: 'closed', failures: [] }

/**
 * Makes a breaker: closed it admits everything, and opens at the fifth failure in a row, or at the first connection that
 * got no answer at all, since each of those costs its caller all the time there is.
 *
 * Questions that were admitted before it opened end later. An answer to any of them closes it, since a host that answers
 * is up; their failures tell nothing new, and neither prolong the pause nor end another's trial.
 */
export const createBreaker = (
  { nowMs, random }: BreakerOptions,
  changed: (kind: State['kind']) => void = () => {},
): Breaker => {
  let state: State = healthy
  const become = (next: State): void => {
    const isChange = next.kind !== state.kind
    state = next
    if (isChange) changed(next.kind)
  }

  const openFor = (trial: Admission | undefined): State => {
    const factor = 1 - jitter + 2 * jitter * random()
    return { kind: 'open', untilMs: nowMs() + openMs * factor, trial }
  }
  const afterFailure = (admission: Admission): State => {
    if (state.kind === 'open') return state.trial === admission ? openFor(undefined) : state
    const failures = [...state.failures.filter(at => nowMs() - at < withinMs), nowMs()]
    return failures.length < mostFailures ? { kind: 'closed', failures } : openFor(undefined)
  }
  const after = (attempt: Attempt, admission: Admission): State => {
    switch (attempt) {
      case 'answered':
        return healthy
      case 'failed':
        return afterFailure(admission)
      case 'unsettled':
        return state.kind === 'open' && state.trial === admission ? { ...state, trial: undefined } : state
    }
  }
  const isShut = (): boolean => state.kind === 'open' && (state.trial !== undefined || nowMs() < state.untilMs)

  return {
    isShut,
    admit: () => {
      if (isShut()) return undefined
      const admission: Admission = {}
      if (state.kind === 'open') state = { ...state, trial: admission }
      return attempt => become(after(attempt, admission))
    },
    stalled: () => become(openFor(state.kind === 'open' ? state.trial : undefined)),
  }
}
