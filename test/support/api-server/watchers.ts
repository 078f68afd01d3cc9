import { EventEmitter, once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Store } from './store.ts'

/** The watches of one kind that are open. */
export interface Watchers {
  readonly open: (response: ServerResponse, from: number) => void
  readonly count: () => number
  /** As soon as one is open. */
  readonly untilOpen: () => Promise<void>
  readonly bookmark: () => void
  /** Writes a line of our own to all of them. */
  readonly write: (line: string) => void
  /** Ends all of them, as the server does after a while. */
  readonly end: () => void
  /** Cuts the connections. */
  readonly cut: () => void
  /** Cuts them within the next thing that is written, after so many bytes. */
  readonly tearAfter: (bytes: number) => void
}

const failure = (code: number, reason: string): object => ({
  type: 'ERROR',
  object: { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, code },
})

/** Makes a place for watches. */
export const createWatchers = (store: Store, kind: string): Watchers => {
  const open = new Set<ServerResponse>()
  const events = new EventEmitter()
  let tearBytes: number | undefined

  const send = (response: ServerResponse, text: string): void => {
    if (tearBytes === undefined) return void response.write(text)
    const part = Buffer.from(text).subarray(0, tearBytes)
    tearBytes = undefined
    open.delete(response)
    if (part.length === 0) return void response.socket?.destroy()
    response.write(part, () => response.socket?.destroy())
  }
  const line = (event: object): string => `${JSON.stringify(event)}\n`
  const toAll = (text: string): void => {
    for (const response of open) send(response, text)
  }
  store.onChange(({ type, object }) => toAll(line({ type, object })))

  return {
    open: (response, from) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.flushHeaders()
      const missed = store.since(from)
      if (missed === undefined) return void response.end(line(failure(410, 'Expired')))
      open.add(response)
      response.on('close', () => open.delete(response))
      for (const { type, object } of missed) if (open.has(response)) send(response, line({ type, object }))
      events.emit('open')
    },
    count: () => open.size,
    untilOpen: async () => {
      if (open.size === 0) await once(events, 'open')
    },
    bookmark: () => {
      const metadata = { resourceVersion: String(store.version()) }
      toAll(line({ type: 'BOOKMARK', object: { apiVersion: 'v1', kind, metadata } }))
    },
    write: text => toAll(`${text}\n`),
    end: () => {
      for (const response of open) response.end()
      open.clear()
    },
    cut: () => {
      for (const response of open) response.socket?.destroy()
      open.clear()
    },
    tearAfter: bytes => {
      tearBytes = bytes
    },
  }
}
