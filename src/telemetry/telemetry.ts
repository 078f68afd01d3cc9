import type { Asked } from '../check/observe.ts'
import type { Exchanged, RegistryEvent } from '../registry/observe.ts'
import type { Verdict } from '../verdict/verdict.ts'
import { type AuditMetrics, createAuditMetrics } from './audit-metrics.ts'
import { bugLine } from './bug-line.ts'
import { exposition } from './exposed.ts'
import { createLog, type Level, type Line, type LogOptions, type Told } from './log.ts'
import { createOwnMetrics, type OwnCertificate, type Reload } from './own-metrics.ts'
import { failureLine, noticeLine } from './registry-lines.ts'
import { createRegistryMetrics } from './registry-metrics.ts'
import { createRepeats, type Write } from './repeats.ts'
import { reviewLine } from './review-line.ts'
import type { Reviewed } from './reviewed.ts'
import { createVerdictMetrics } from './verdict-metrics.ts'

/** Turns what the floors tell into metrics and logs. */
export interface Telemetry {
  /** For the registry floor: each request. */
  readonly exchanged: (exchanged: Exchanged) => void
  /** For the registry floor: what happens between requests. */
  readonly noticed: (event: RegistryEvent) => void
  /** For the probe. */
  readonly probed: (asked: Asked) => void
  /** For the check. */
  readonly judged: (verdict: Verdict) => void
  /** For the webhook. */
  readonly reviewed: (reviewed: Reviewed) => void
  /** Told of a review that was let through unread, because there were too many. */
  readonly overloaded: () => void
  /** Told of a look at the configuration; what is to be said of it is logged by whoever looked. */
  readonly reloaded: (reload: Reload) => void
  /** Told until when a certificate is good, in milliseconds since 1970. */
  readonly certified: (certificate: OwnCertificate, untilMs: number) => void
  /** For audits that go on and on. */
  readonly audited: AuditMetrics['audited']
  /** Told of what nobody expected, and what was being done. */
  readonly bug: (thrown: unknown, during: string) => void
  /** Hosts that the configuration names: the first to be counted by their own names. */
  readonly expectHosts: (hosts: Iterable<string>) => void
  /** Writes a text that somebody put together, one entry a line. */
  readonly log: (text: string, level?: Level) => void
  /** Everything that was counted, as Prometheus reads it. */
  readonly metricsText: () => Promise<string>
  /** Writes down what was kept back, at the end. */
  readonly close: () => void
}

/** Options of telemetry. */
export interface TelemetryOptions extends Omit<LogOptions, 'level'> {
  readonly version: string
  /** A clock in milliseconds that never goes back. */
  readonly nowMs: () => number
  /** `info` unless told otherwise. */
  readonly level?: Level
}

/** The media type of the metrics' text. */
export const metricsType = 'text/plain; version=0.0.4; charset=utf-8'

const minuteMs = 60_000
// More different things than that in a minute nobody reads.
const mostLines = 1000

const hostOf = (url: string): string => URL.parse(url)?.host ?? ''

const overloadLine: Line = {
  key: 'overload',
  level: 'warn',
  told: () => ({ words: 'too many reviews at once: some are let through unread', fields: { event: 'shed' } }),
}

/** Makes telemetry. */
export const createTelemetry = (options: TelemetryOptions): Telemetry => {
  const { version, nowMs, level = 'info' } = options
  const log = createLog({ ...options, level })
  const [registry, verdicts, own] = [createRegistryMetrics(), createVerdictMetrics(), createOwnMetrics(version)]
  const audits = createAuditMetrics()
  const writeText = exposition([...registry.metrics, ...verdicts.metrics, ...own.metrics, ...audits.metrics])
  const repeats = createRepeats({
    nowMs,
    everyMs: minuteMs,
    most: mostLines,
    leftOut: lines =>
      log('warn', `${lines} more lines were left out: too many different things happened within a minute`),
  })

  // On its own: what is kept for a minute must not hold on to a line's making, and by it to a whole review.
  const writing =
    (of: Level, { words, fields }: Told): Write =>
    keptBack =>
      log(of, words, keptBack === 0 ? fields : { ...fields, repeated: keptBack })
  const say = (line: Line | undefined): void => {
    if (line === undefined) return
    const { key, level: of, told } = line
    repeats.say(key, () => writing(of, told()))
  }

  return {
    exchanged: exchanged => {
      const host = hostOf(exchanged.url)
      registry.exchanged(host, exchanged)
      say(failureLine(host, exchanged))
    },
    noticed: event => {
      registry.noticed(event)
      say(noticeLine(event))
    },
    probed: verdicts.probed,
    judged: verdicts.judged,
    reviewed: reviewed => {
      verdicts.reviewed(reviewed)
      say(reviewLine(reviewed))
    },
    overloaded: () => {
      verdicts.overloaded()
      say(overloadLine)
    },
    reloaded: own.reloaded,
    certified: own.certified,
    audited: audits.audited,
    bug: (thrown, during) => {
      own.bug()
      say(bugLine(thrown, during))
    },
    expectHosts: registry.expectHosts,
    log: (text, of = 'warn') => {
      for (const line of text.split('\n')) if (line !== '') log(of, line)
    },
    metricsText: () => {
      repeats.settle()
      return writeText()
    },
    close: repeats.finish,
  }
}
