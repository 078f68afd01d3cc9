import { type Gauge, Registry } from 'prom-client'

/** One series of a metric, as it stands now. */
export interface Sample {
  readonly labels: Readonly<Record<string, string | number>>
  readonly value: number
  /** Where it is not the metric's own: a histogram has three. */
  readonly metricName?: string
}

/** A metric, which is asked for its series when somebody reads it. */
export interface Exposed {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly read: () => readonly Sample[]
}

/**
 * Writes metrics down in Prometheus's text format. The library's own counters and histograms look their labels up by a
 * text that they put together at each event, which costs ten times as much as the counting; so it is only asked to write.
 */
export const exposition = (metrics: readonly Exposed[]): (() => Promise<string>) => {
  const registry = new Registry()
  // It asks of a metric no more than its name and this function.
  for (const { read, ...metric } of metrics)
    registry.registerMetric({ ...metric, get: async () => ({ ...metric, values: read() }) } as unknown as Gauge)
  return () => registry.metrics()
}
