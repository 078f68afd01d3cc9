import { LRUCache } from 'lru-cache'
import type { ApiServer } from './api-server.ts'
import { isNamespaceName, isObjectName } from './object-name.ts'

/** What an Event says, and of which object. */
export interface EventNote {
  readonly object: {
    readonly apiVersion: string
    readonly kind: string
    readonly namespace: string
    readonly name: string
    readonly uid: string
  }
  /** One word, as in `ImageNotPullable`. */
  readonly reason: string
  readonly message: string
}

/** Writes Events of the cluster. Nobody waits for them, and one that cannot be written is gone. */
export interface Events {
  readonly tell: (note: EventNote) => void
  readonly close: () => void
}

/** Options of Events. */
export interface EventsOptions {
  /** What stands before the names of Events, and who says so. */
  readonly reporter: string
  /** The replica. */
  readonly instance: string
  readonly nowMs: () => number
  readonly wallClock: () => Date
}

// As client-go's recorders: 25 at once on one source, and one more each five minutes is too few for a cluster's webhook
// (tools/record/events_cache.go); so twice as many at once, and one more each second.
const most = 50
const perMs = 1000
// The same of the same object: once in ten minutes.
const sameMs = 10 * 60 * 1000
const mostRemembered = 5000
const mostMessage = 1000
const writingMs = 5000

/** Makes what writes Events, so many at the most. */
export const createEvents = (api: Pick<ApiServer, 'post'>, options: EventsOptions): Events => {
  const { reporter, instance, nowMs, wallClock } = options
  const told = new LRUCache<string, true>({ max: mostRemembered, ttl: sameMs, perf: { now: nowMs } })
  const closing = new AbortController()
  let [left, countedMs, number] = [most, nowMs(), 0]

  const mayTell = (): boolean => {
    left = Math.min(most, left + (nowMs() - countedMs) / perMs)
    countedMs = nowMs()
    if (left < 1) return false
    left -= 1
    return true
  }

  const eventOf = ({ object, reason, message }: EventNote): object => {
    const now = wallClock()
    number += 1
    // Like client-go's: the object's name, and what makes it the only one (tools/record/event.go).
    const name = `${object.name.slice(0, 200)}.${now.getTime().toString(16)}${number.toString(16)}${instance}`
    return {
      ...{ apiVersion: 'v1', kind: 'Event', metadata: { name, namespace: object.namespace } },
      involvedObject: object,
      ...{ reason, message: message.slice(0, mostMessage), type: 'Warning', count: 1 },
      ...{ firstTimestamp: now.toISOString(), lastTimestamp: now.toISOString() },
      ...{ source: { component: reporter }, reportingComponent: reporter, reportingInstance: instance },
    }
  }

  return {
    tell: note => {
      const { namespace, kind, name } = note.object
      const key = JSON.stringify([namespace, kind, name, note.message])
      if (!isNamespaceName(namespace) || !isObjectName(name) || told.has(key) || !mayTell()) return
      told.set(key, true)
      const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(writingMs)])
      void api.post(`/api/v1/namespaces/${namespace}/events`, eventOf(note), signal)
    },
    close: () => closing.abort(),
  }
}
