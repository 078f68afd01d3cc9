import type { Wait } from '../cluster/wait.ts'
import type { WebhookServer } from '../webhook/server.ts'

/** Options of a parting. */
export interface DrainOptions {
  readonly server: Pick<WebhookServer, 'partWithClients' | 'connections' | 'lastReviewMs'>
  /** For how long at the most. */
  readonly mostMs: number
  readonly nowMs: () => number
  readonly wait: Wait
}

// What no longer names us as an endpoint has told every API server of it by then.
const quietMs = 8000
const lookMs = 200

/**
 * Goes on answering while API servers learn that we are leaving: each client is asked to come back elsewhere, and when nobody
 * is connected any more, and nobody has come for a while, it is over.
 */
export const drain = async ({ server, mostMs, nowMs, wait }: DrainOptions, signal: AbortSignal): Promise<void> => {
  const beganMs = nowMs()
  server.partWithClients()
  const isQuiet = (): boolean =>
    server.connections() === 0 && nowMs() - Math.max(beganMs, server.lastReviewMs()) >= quietMs
  while (!signal.aborted && !isQuiet() && nowMs() - beganMs < mostMs) await wait(lookMs, signal)
}
