import { firing } from '../lib/abort.ts'
import { deadlineIn } from '../lib/deadline.ts'

/** Work that is shared by those who asked before it began. */
export interface FreshFlights<T> {
  /** The end of work that begins no earlier than this call; what `leave` says as soon as the caller's signal fires. */
  readonly share: (
    key: string,
    work: (flight: AbortSignal) => Promise<T>,
    leave: () => T,
    signal: AbortSignal,
  ) => Promise<T>
}

/**
 * Makes a place for work whose answer must not be older than the question: whoever comes while some is under way waits for its end,
 * and shares the next with all who wait. Each piece of work may take so long.
 */
export const createFreshFlights = <T>(mostMs: number): FreshFlights<T> => {
  const underWay = new Map<string, Promise<void>>()
  const toCome = new Map<string, Promise<T>>()

  const begun = (key: string, work: (flight: AbortSignal) => Promise<T>): Promise<T> => {
    const { promise: end, resolve } = Promise.withResolvers<void>()
    underWay.set(key, end)
    return work(deadlineIn(mostMs)).finally(() => {
      if (underWay.get(key) === end) underWay.delete(key)
      resolve()
    })
  }
  const inTurn = async (key: string, work: (flight: AbortSignal) => Promise<T>): Promise<T> => {
    await underWay.get(key)
    toCome.delete(key)
    return begun(key, work)
  }
  return {
    share: (key, work, leave, signal) => {
      if (signal.aborted) return Promise.resolve(leave())
      const next = toCome.get(key) ?? inTurn(key, work)
      toCome.set(key, next)
      const { fired, release } = firing(signal)
      return Promise.race([next, fired.then(leave)]).finally(release)
    },
  }
}
