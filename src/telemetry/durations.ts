import type { Exposed, Sample } from './exposed.ts'

/** Tells how long things took, by something of which there are only so many kinds. */
export interface Durations<K extends string> {
  readonly note: (kind: K, tookMs: number) => void
  readonly metric: Exposed
}

/** What is timed. */
export interface DurationsOptions<K extends string> {
  readonly name: string
  readonly help: string
  readonly kinds: readonly K[]
  readonly labelsOf: (kind: K) => Readonly<Record<string, string>>
}

// From a remembered answer to the longest that the API server waits.
const boundsSeconds = [0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const boundsMs = boundsSeconds.map(seconds => seconds * 1000)

interface Cell {
  readonly labels: Readonly<Record<string, string>>
  /** How many fell between a bound and the one before; the last had none above them. */
  readonly counts: number[]
  sumMs: number
}

const samplesOf = (name: string, { labels, counts, sumMs }: Cell): readonly Sample[] => {
  let below = 0
  const buckets = counts.map((count, index) => {
    below += count
    return { metricName: `${name}_bucket`, labels: { ...labels, le: boundsSeconds[index] ?? '+Inf' }, value: below }
  })
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sumMs / 1000 },
    { metricName: `${name}_count`, labels, value: below },
  ]
}

/** Makes a histogram of durations in seconds. */
export const createDurations = <K extends string>(options: DurationsOptions<K>): Durations<K> => {
  const { name, help, kinds, labelsOf } = options
  const cellOf = (kind: K): Cell => ({ labels: labelsOf(kind), counts: [...boundsMs, 0].map(() => 0), sumMs: 0 })
  const cells = new Map(kinds.map(kind => [kind, cellOf(kind)]))
  return {
    note: (kind, tookMs) => {
      const cell = cells.get(kind)
      if (cell === undefined || !Number.isFinite(tookMs)) return
      let index = 0
      while (tookMs > (boundsMs[index] ?? Number.POSITIVE_INFINITY)) index++
      cell.counts[index] = (cell.counts[index] ?? 0) + 1
      cell.sumMs += tookMs
    },
    metric: { name, help, type: 'histogram', read: () => [...cells.values()].flatMap(cell => samplesOf(name, cell)) },
  }
}
