import { firing } from '../lib/abort.ts'
import type { ApiFailure } from './api-failure.ts'

/** How well we know what we follow. */
export type Standing =
  /** The first list is not whole yet. */
  | { readonly kind: 'starting' }
  /** The list is whole, and changes reach us. */
  | { readonly kind: 'synced' }
  /** The list was whole once; changes have not reached us since. It is tried on. */
  | { readonly kind: 'behind'; readonly sinceMs: number; readonly failure: ApiFailure }
  /** No list came in the time that is worth waiting for, or we may not read it. It is tried on. */
  | { readonly kind: 'given-up'; readonly failure: ApiFailure }

/** Something in the cluster that is followed. */
export interface Followed {
  readonly standing: () => Standing
  /** Until the first list is whole, or is given up, or the signal fires. */
  readonly settled: (signal: AbortSignal) => Promise<void>
}

/** Keeps the standing, from what is told of it. */
export interface StandingKeeper extends Followed {
  /** The list is whole. */
  readonly listed: () => void
  /** Changes reach us again. */
  readonly reached: () => void
  readonly failed: (failure: ApiFailure) => void
  /** Nobody is to wait any longer. */
  readonly end: () => void
}

/** Options of a standing. */
export interface StandingOptions {
  /** For how long the first list is worth waiting for. */
  readonly patienceMs: number
  readonly nowMs: () => number
}

/** Makes a standing. */
export const createStanding = ({ patienceMs, nowMs }: StandingOptions): StandingKeeper => {
  const { promise: settled, resolve: settle } = Promise.withResolvers<void>()
  const startedMs = nowMs()
  let standing: Standing = { kind: 'starting' }
  const isHopeless = ({ kind }: ApiFailure): boolean => kind === 'forbidden' || nowMs() - startedMs >= patienceMs

  const afterFailure = (failure: ApiFailure): Standing => {
    if (standing.kind === 'synced') return { kind: 'behind', sinceMs: nowMs(), failure }
    if (standing.kind === 'behind') return { ...standing, failure }
    return isHopeless(failure) ? { kind: 'given-up', failure } : standing
  }
  const synced = (): void => {
    standing = { kind: 'synced' }
    settle()
  }
  return {
    standing: () => standing,
    settled: async signal => {
      const { fired, release } = firing(signal)
      await Promise.race([settled, fired]).finally(release)
    },
    listed: synced,
    reached: () => {
      if (standing.kind === 'behind') synced()
    },
    failed: failure => {
      standing = afterFailure(failure)
      if (standing.kind === 'given-up') settle()
    },
    end: settle,
  }
}
