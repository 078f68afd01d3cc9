/** How long an answer may take. */
export interface BudgetOptions {
  /** What the webhook's registration says; the API server never waits longer. */
  readonly timeoutMs: number
  /** Kept back for reading the request and for the way home. */
  readonly reserveMs: number
}

// Enough to say that there was no time.
const leastMs = 100

/**
 * The time for one review, from the `timeout` parameter that the API server sends. It rounds that up to whole seconds
 * (apiserver validating/dispatcher.go callHook), so a value below the registered one may be a second too long. What the
 * review has waited for already, unread, is gone.
 */
export const budgetMs = (timeoutParameter: string | undefined, options: BudgetOptions, waitedMs = 0): number => {
  const seconds = /^(\d{1,3})s$/.exec(timeoutParameter ?? '')?.[1]
  const offeredMs = seconds === undefined ? options.timeoutMs : Number(seconds) * 1000
  const trustedMs = offeredMs < options.timeoutMs ? offeredMs - 1000 : options.timeoutMs
  return Math.max(trustedMs - options.reserveMs - waitedMs, leastMs)
}
