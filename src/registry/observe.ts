import type { ProbeFailure, Step } from './failure.ts'
import { type Quota, quotaOf } from './quota.ts'
import type { Send } from './send.ts'

/** One request and what came of it, for people who look on: no header, no body, nothing that proves who asks. */
export interface Exchanged {
  readonly method: string
  readonly url: string
  readonly step: Step
  /** The answer's status, or why there is none. */
  readonly outcome: number | ProbeFailure['kind']
  readonly tookMs: number
  /** What the answer says of how much may still be asked; good ones say it too. */
  readonly quota?: Quota
}

/** Told of each request when it is over. */
export type Observe = (exchanged: Exchanged) => void

/** What happens between requests, for people who look on; a host with its port, as in a URL. */
export type RegistryEvent =
  | { readonly kind: 'breaker'; readonly host: string; readonly state: 'open' | 'closed' }
  | { readonly kind: 'turned-away'; readonly host: string; readonly reason: 'full' | 'hopeless' }
  | { readonly kind: 'waited'; readonly host: string; readonly waitedMs: number }
  | { readonly kind: 'token'; readonly from: 'held' }
  | { readonly kind: 'token'; readonly from: 'fetched' | 'nowhere'; readonly tookMs: number }

/** Told of each event as it happens. */
export type Notify = (event: RegistryEvent) => void

// A signature in the address of a content network opens its door as a password does; these parameters open none.
const plainParameters = new Set(['service', 'scope', 'ns', 'n', 'last'])

// A stranger wrote it, and it is shown on terminals and in logs; only what makes a scope readable stands as it is.
const encoded = (value: string): string =>
  encodeURIComponent(value.toWellFormed()).replace(/%(?:3A|2F|2C|40)/g, decodeURIComponent)

/** An address that may be shown: what its query says is left out, but for what the protocol knows. */
export const shownUrl = (text: string): string => {
  const url = new URL(text)
  const query = [...url.searchParams].map(([name, value]) =>
    plainParameters.has(name) ? `${name}=${encoded(value)}` : '…',
  )
  return `${url.origin}${url.pathname}${query.length === 0 ? '' : `?${[...new Set(query)].join('&')}`}`
}

/** A sender that somebody looks on at. */
export const observed =
  (send: Send, observe: Observe, nowMs: () => number): Send =>
  async (request, signal) => {
    const beganMs = nowMs()
    const reply = await send(request, signal)
    const quota = reply.ok ? quotaOf(reply.value.header) : undefined
    observe({
      method: request.method,
      url: shownUrl(request.url),
      step: request.step,
      outcome: reply.ok ? reply.value.status : reply.error.kind,
      tookMs: nowMs() - beganMs,
      ...(quota === undefined ? {} : { quota }),
    })
    return reply
  }
