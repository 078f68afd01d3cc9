/**
 * A promise that is kept when the signal fires. One for many waits: a signal looks through all its listeners each time
 * that one is added, so that thousands of them would cost seconds.
 */
export const firing = (signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
