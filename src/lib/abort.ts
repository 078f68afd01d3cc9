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
