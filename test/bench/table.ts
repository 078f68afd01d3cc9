/** One line of the table: what was measured, what it is held against, and how they compare. */
export interface Row {
  readonly what: string
  readonly figure: string
  readonly against: string
  readonly ratio: string
}

const columns = ['what', 'figure', 'against', 'ratio'] as const

/** The rows as a Markdown table that reads well as text too. */
export const table = (rows: readonly Row[]): string => {
  const titles: Row = { what: 'what', figure: 'figure', against: 'held against', ratio: 'ratio' }
  const width = (column: keyof Row): number => Math.max(...[titles, ...rows].map(row => row[column].length))
  const line = (row: Row): string => `| ${columns.map(column => row[column].padEnd(width(column))).join(' | ')} |`
  const rule = `| ${columns.map(column => '-'.repeat(width(column))).join(' | ')} |`
  return [line(titles), rule, ...rows.map(line)].join('\n')
}

/** The one that no more than this share of some numbers is beyond. */
export const percentile = (numbers: readonly number[], share: number): number =>
  numbers.toSorted((a, b) => a - b)[Math.ceil(numbers.length * share) - 1] ?? Number.NaN

/** The middle one of some numbers. */
export const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
