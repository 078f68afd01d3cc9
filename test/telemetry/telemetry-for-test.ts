import { createTelemetry, type Telemetry, type TelemetryOptions } from '../../src/telemetry/telemetry.ts'

/** Telemetry with a clock that stands still until it is told otherwise, and what it wrote. */
export interface TelemetryForTest extends Telemetry {
  readonly clock: { now: number }
  readonly text: () => string
  /** What was written, line by line, as JSON. */
  readonly lines: () => readonly Readonly<Record<string, unknown>>[]
  /** What a series says; undefined where there is none. */
  readonly figure: (series: string) => Promise<number | undefined>
  /** All series. */
  readonly series: () => Promise<readonly string[]>
}

/** Makes telemetry for a test. */
export const telemetryForTest = (given: Partial<TelemetryOptions> = {}): TelemetryForTest => {
  const written: string[] = []
  const clock = { now: 0 }
  const telemetry = createTelemetry({
    stream: { write: text => written.push(text) },
    isTerminal: false,
    nowMs: () => clock.now,
    wallClock: () => new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 6) + clock.now),
    version: '1.2.3',
    ...given,
  })
  const text = (): string => written.join('')
  const series = async (): Promise<readonly string[]> =>
    (await telemetry.metricsText()).split('\n').filter(line => line !== '' && !line.startsWith('#'))
  return {
    ...telemetry,
    clock,
    text,
    series,
    lines: () =>
      text()
        .split('\n')
        .filter(line => line !== '')
        .map(line => JSON.parse(line)),
    figure: async wanted => {
      const line = (await series()).find(each => each.startsWith(`${wanted} `))
      return line === undefined ? undefined : Number(line.slice(wanted.length + 1))
    },
  }
}
