/** A signal to be waited for by many. */
export interface Firing {
  /** Kept when the signal fires. */
  readonly fired: Promise<void>
  /** Stops listening: a signal may live longer than those who wait for it. */
  readonly release: () => void
}

/**
 * Listens to a signal once, for however many waits: a signal looks through all its listeners each time that one is added,
 * so that thousands of them would cost seconds.
 */
export const firing = (signal: AbortSignal): Firing => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const listener = (): void => resolve()
  if (signal.aborted) resolve()
  else signal.addEventListener('abort', listener, { once: true })
  return { fired: promise, release: () => signal.removeEventListener('abort', listener) }
}

/** The promise's end, or the signal's reason as soon as it fires; what was begun goes on. */
export const abortable = <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
