import type { Origin } from './failure.ts'

const origins = new WeakMap<AbortSignal, Origin>()

/** Notes whom a question is asking now, and what: for those who stop waiting for its answer. */
export const noteWhereabouts = (signal: AbortSignal, { host, step }: Origin): void =>
  void origins.set(signal, { host, step })

/** Whom a question asked last, and what. */
export const whereaboutsOf = (signal: AbortSignal): Origin | undefined => origins.get(signal)
