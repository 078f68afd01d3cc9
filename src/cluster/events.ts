import { LRUCache } from 'lru-cache'
import { endingIn } from '../lib/deadline.ts'
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

/** An Event that was written, and how often there was cause for it. */
interface Told {
  readonly name: string
  readonly firstTimestamp: string
  readonly count: number
  readonly writtenMs: number
}

// As client-go's recorders: 25 at once on one source, and one more each five minutes is too few for a cluster's webhook
// (tools/record/events_cache.go); so twice as many at once, and one more each second.
const most = 50
const perMs = 1000
// What is told for the first time goes before what is told again.
const leftForFirst = 25
// The same of the same object is counted always, and written once a minute.
const sameMs = 60 * 1000
const mostRemembered = 5000
const mostMessage = 1000
const mostName = 253
const writingMs = 5000

/** Like client-go's: the object's name, and what makes it the only one (tools/record/event.go). */
const nameOf = (object: string, suffix: string): string =>
  `${object.slice(0, mostName - 1 - suffix.length).replace(/[-.]+$/, '')}.${suffix}`

/** Makes what writes Events, so many at the most. What recurs is one Event with a count, as of any other part of Kubernetes. */
export const createEvents = (api: Pick<ApiServer, 'post' | 'patch'>, options: EventsOptions): Events => {
  const { reporter, instance, nowMs, wallClock } = options
  const told = new LRUCache<string, Told>({ max: mostRemembered })
  const closing = new AbortController()
  // A host may have a name that no object may have.
  const source = instance.toLowerCase().replace(/[^a-z0-9]/g, '')
  let [left, countedMs, number] = [most, nowMs(), 0]

  const mayTell = (least: number): boolean => {
    left = Math.min(most, left + (nowMs() - countedMs) / perMs)
    countedMs = nowMs()
    if (left < least) return false
    left -= 1
    return true
  }

  const first = ({ object }: EventNote): Told => {
    const now = wallClock()
    number += 1
    const name = nameOf(object.name, `${now.getTime().toString(16)}${number.toString(16)}${source}`)
    return { name, firstTimestamp: now.toISOString(), count: 1, writtenMs: nowMs() }
  }

  const eventOf = ({ object, reason, message }: EventNote, { name, firstTimestamp, count }: Told): object => ({
    ...{ apiVersion: 'v1', kind: 'Event', metadata: { name, namespace: object.namespace } },
    involvedObject: object,
    ...{ reason, message: message.slice(0, mostMessage), type: 'Warning', count },
    ...{ firstTimestamp, lastTimestamp: wallClock().toISOString() },
    ...{ source: { component: reporter }, reportingComponent: reporter, reportingInstance: instance },
  })

  const write = async (note: EventNote, event: Told): Promise<void> => {
    const signal = endingIn(writingMs, closing.signal)
    const collection = `/api/v1/namespaces/${note.object.namespace}/events`
    if (event.count > 1) {
      const operations = [
        { op: 'replace', path: '/count', value: event.count },
        { op: 'replace', path: '/lastTimestamp', value: wallClock().toISOString() },
      ]
      const patched = await api.patch(`${collection}/${event.name}`, operations, signal)
      // An Event lives for an hour, unless the API server is told otherwise.
      if (patched.ok || patched.error.kind !== 'missing') return
    }
    await api.post(collection, eventOf(note, event), signal)
  }

  return {
    tell: note => {
      const { namespace, kind, name, uid } = note.object
      if (!isNamespaceName(namespace) || !isObjectName(name)) return
      const key = JSON.stringify([namespace, kind, name, uid, note.message])
      const before = told.get(key)
      const isDue = before === undefined ? mayTell(1) : nowMs() - before.writtenMs >= sameMs && mayTell(leftForFirst)
      if (before === undefined && !isDue) return
      const now = before === undefined ? first(note) : { ...before, count: before.count + 1 }
      const event = isDue ? { ...now, writtenMs: nowMs() } : now
      told.set(key, event)
      if (isDue) void write(note, event)
    },
    close: () => closing.abort(),
  }
}
