import type { Exposed } from './exposed.ts'

/** Counts events by something of which there are only so many kinds. */
export interface Tally<K extends string> {
  readonly count: (kind: K) => void
  readonly metric: Exposed
}

/** What a tally counts. */
export interface TallyOptions<K extends string> {
  readonly name: string
  readonly help: string
  readonly kinds: readonly K[]
  /** The labels of a kind. */
  readonly labelsOf: (kind: K) => Readonly<Record<string, string>>
}

/** Makes a tally. Each kind begins with zero, so that its first event is seen as an increase; what is no kind is not counted. */
export const createTally = <K extends string>({ name, help, kinds, labelsOf }: TallyOptions<K>): Tally<K> => {
  const cells = new Map(kinds.map(kind => [kind, { labels: labelsOf(kind), value: 0 }]))
  return {
    count: kind => {
      const cell = cells.get(kind)
      if (cell !== undefined) cell.value++
    },
    metric: { name, help, type: 'counter', read: () => [...cells.values()] },
  }
}
