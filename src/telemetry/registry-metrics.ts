import type { ProbeFailure, Step } from '../registry/failure.ts'
import type { Exchanged, RegistryEvent } from '../registry/observe.ts'
import { createByHost } from './by-host.ts'
import { createDurations } from './durations.ts'
import type { Exposed } from './exposed.ts'
import { createTally } from './tally.ts'

/** Counts what happens between us and registries. */
export interface RegistryMetrics {
  readonly exchanged: (host: string, exchanged: Exchanged) => void
  readonly noticed: (event: RegistryEvent) => void
  /** Hosts that the configuration names: the first to be counted by their own names. */
  readonly expectHosts: (hosts: Iterable<string>) => void
  readonly metrics: readonly Exposed[]
}

// No request is of another step.
const steps = ['token', 'manifest', 'child', 'config', 'program', 'tags'] as const satisfies readonly Step[]

const failureKinds = [
  'absent',
  'refused',
  'rate-limited',
  'unreachable',
  'bad-answer',
  'timed-out',
  'blocked',
  'oversized',
  'wrong-content',
] as const satisfies readonly ProbeFailure['kind'][]

const unlabelled = (): Readonly<Record<string, string>> => ({})

/** Makes the metrics of the registry floor. */
export const createRegistryMetrics = (): RegistryMetrics => {
  const byHost = createByHost()
  const requestDurations = createDurations<Step>({
    name: 'pullgate_registry_request_duration_seconds',
    help: 'How long requests to registries and token servers took, once they were sent.',
    kinds: steps,
    labelsOf: step => ({ step }),
  })
  const failures = createTally<ProbeFailure['kind']>({
    name: 'pullgate_registry_failures_total',
    help: 'Requests to which no answer came that could be used, by what went wrong.',
    kinds: failureKinds,
    labelsOf: kind => ({ kind }),
  })
  const waits = createDurations({
    name: 'pullgate_registry_wait_duration_seconds',
    help: 'How long requests waited for their turn at a host, where they had to.',
    kinds: ['host'],
    labelsOf: unlabelled,
  })
  const tokenDurations = createDurations({
    name: 'pullgate_token_duration_seconds',
    help: 'How long it took to get a token, with every request to the token server.',
    kinds: ['token'],
    labelsOf: unlabelled,
  })
  const tokens = createTally({
    name: 'pullgate_tokens_total',
    help: 'Tokens that were shown again, fetched, or not to be had.',
    kinds: ['held', 'fetched', 'nowhere'],
    labelsOf: from => ({ from }),
  })
  const sheds = createTally({
    name: 'pullgate_registry_sheds_total',
    help: 'Requests that were not sent, because too many waited for the host already, or the wait would have been too long.',
    kinds: ['full', 'hopeless'],
    labelsOf: reason => ({ reason }),
  })

  return {
    exchanged: (host, exchanged) => {
      byHost.exchanged(host, exchanged)
      requestDurations.note(exchanged.step, exchanged.tookMs)
      if (typeof exchanged.outcome === 'string') failures.count(exchanged.outcome)
    },
    noticed: event => {
      switch (event.kind) {
        case 'breaker':
          return byHost.breaker(event.host, event.state)
        case 'turned-away':
          return sheds.count(event.reason)
        case 'waited':
          return waits.note('host', event.waitedMs)
        case 'token':
          if (event.from !== 'held') tokenDurations.note('token', event.tookMs)
          return tokens.count(event.from)
      }
    },
    expectHosts: byHost.expect,
    metrics: [
      ...byHost.metrics,
      ...[requestDurations, failures, waits, tokenDurations, tokens, sheds].map(({ metric }) => metric),
    ],
  }
}
