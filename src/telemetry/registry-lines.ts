import type { Exchanged, RegistryEvent } from '../registry/observe.ts'
import { clip } from '../verdict/text.ts'
import { stepWords } from '../verdict/vocabulary.ts'
import type { Line } from './log.ts'

// What a host can be called in DNS, and a port.
const mostHost = 260

/** What went wrong with a request; undefined: nothing that its host is to be blamed for. */
const failureWords = (outcome: Exchanged['outcome']): string | undefined => {
  if (outcome === 429) return 'asked for patience (status 429)'
  if (typeof outcome === 'number') return outcome >= 500 ? `failed with status ${outcome}` : undefined
  switch (outcome) {
    case 'unreachable':
      return 'could not be reached'
    case 'timed-out':
      return 'did not answer in time'
    case 'blocked':
      return 'is at an address that is not to be contacted'
    case 'rate-limited':
      return 'asked for patience'
    case 'bad-answer':
    case 'oversized':
    case 'wrong-content':
      return 'gave no answer that could be used'
    case 'absent':
    case 'refused':
      return undefined
  }
}

/** The line on a request that failed; undefined for one that was answered. */
export const failureLine = (given: string, { outcome, step, tookMs }: Exchanged): Line | undefined => {
  const what = failureWords(outcome)
  if (what === undefined) return undefined
  const host = clip(given, mostHost)
  return {
    key: `failure ${host}`,
    level: 'warn',
    told: () => ({
      words: `${host} ${what} ${stepWords[step]}`,
      fields: { event: 'request', host, step, outcome, tookMs: Math.round(tookMs) },
    }),
  }
}

/** The line on what happens between requests; undefined where nobody needs to know. */
export const noticeLine = (event: RegistryEvent): Line | undefined => {
  if (event.kind === 'waited' || event.kind === 'token') return undefined
  const host = clip(event.host, mostHost)
  return event.kind === 'turned-away' ? shedLine(host, event.reason) : breakerLine(host, event.state)
}

const shedLine = (host: string, reason: 'full' | 'hopeless'): Line => ({
  key: `shed ${host}`,
  level: 'warn',
  told: () => ({
    words: `${host} is asked for more than it has room for: a request was not sent`,
    fields: { event: 'shed', host, reason },
  }),
})

const breakerLine = (host: string, state: 'open' | 'closed'): Line => ({
  key: `breaker ${state} ${host}`,
  level: state === 'open' ? 'warn' : 'info',
  told: () => ({
    words: state === 'open' ? `${host} fails, and is left alone for some seconds` : `${host} answers again`,
    fields: { event: 'breaker', host, state },
  }),
})
