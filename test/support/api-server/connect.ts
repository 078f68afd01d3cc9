import { type ApiServer, createApiServer } from '../../../src/cluster/api-server.ts'
import type { FollowEvent, FollowOptions } from '../../../src/cluster/follow.ts'
import type { ClusterAccess } from '../../../src/cluster/identity.ts'
import type { LookupOptions } from '../../../src/cluster/lookup.ts'
import { ok } from '../../../src/lib/result.ts'
import { closedAfterTest } from '../lifetime.ts'
import { type FakeApiServer, startApiServer } from './server.ts'

/** An API server that lives as long as the test. */
export const apiServerFor = async (...options: Parameters<typeof startApiServer>): Promise<FakeApiServer> =>
  closedAfterTest(await startApiServer(...options))

/** The way to it, with a token that never changes. */
export const accessTo = ({ url, caPem }: Pick<FakeApiServer, 'url' | 'caPem'>): ClusterAccess => {
  const terms = { ca: caPem, cert: undefined, key: undefined, serverName: undefined, verify: true, through: undefined }
  const shown = { headers: { authorization: 'Bearer TOKEN' }, terms }
  return { server: url, identity: { present: async () => ok(shown) }, namespace: 'default' }
}

/** A client that lives as long as the test. */
export const clientOf = (access: ClusterAccess, headMs = 5000): ApiServer => {
  const api = createApiServer({ access, userAgent: 'pullgate/test', headMs })
  closedAfterTest({ close: async () => api.close() })
  return api
}

/** What a lookup is told where a test has no wish of its own. */
export const lookupOptions = (own: Partial<LookupOptions> = {}): LookupOptions => ({
  seconds: 10,
  entries: 100,
  bytes: 1024 * 1024,
  mostMs: 5000,
  nowMs: () => 0,
  wait: async () => {},
  ...own,
})

/** A note of what happened, which can be waited for. */
export interface Diary {
  readonly events: readonly FollowEvent[]
  readonly observe: (event: FollowEvent) => void
  /** As soon as something of this sort happens, or has happened already. */
  readonly until: (isIt: (event: FollowEvent) => boolean) => Promise<void>
}

/** Keeps a diary of who follows. */
export const keepDiary = (): Diary => {
  const events: FollowEvent[] = []
  const waiting = new Set<(event: FollowEvent) => void>()
  return {
    events,
    observe: event => {
      events.push(event)
      for (const told of waiting) told(event)
    },
    until: isIt =>
      new Promise(resolve => {
        if (events.some(isIt)) return resolve()
        const told = (event: FollowEvent): void => {
          if (!isIt(event)) return
          waiting.delete(told)
          resolve()
        }
        waiting.add(told)
      }),
  }
}

/** How a test follows: without waits, and without chance. */
export const followOptions = (own: Partial<FollowOptions> = {}): FollowOptions => ({
  pageSize: 500,
  pageMs: 5000,
  patienceMs: 60_000,
  nowMs: () => 0,
  random: () => 0,
  wait: async () => {},
  observe: () => {},
  ...own,
})
