/** In which dress a canary was met. */
export type Form = 'plain' | 'base64' | 'hex' | 'percent'

/** A canary that was met. */
export interface Met {
  readonly marker: string
  readonly form: Form
}

/** How each canary begins; what follows is in the alphabet that no encoding for URLs or JSON touches. */
export const markerStart = 'cnry'
/** How many characters follow. */
export const markerLength = 14

const markers = new RegExp(`${markerStart}[a-z0-9]{${markerLength}}`, 'g')
const base64Runs = /[A-Za-z0-9+/_-]{16,}/g
const hexRuns = /(?:[0-9a-f]{2}){18,}/gi
const mostDepth = 2

const percentDecoded = (text: string): string =>
  text.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

const plainly = (text: string, form: Form): readonly Met[] =>
  (text.match(markers) ?? []).map(marker => ({ marker, form }))

/** A run may begin with something else: one of four readings is the right one. */
const base64Readings = (run: string): readonly string[] =>
  [0, 1, 2, 3].map(offset => Buffer.from(run.slice(offset), 'base64').toString('latin1'))

const within = (text: string, depth: number): readonly Met[] => {
  if (depth === mostDepth) return []
  const found: Met[] = []
  const look = (inner: string, form: Form): void => {
    found.push(...plainly(inner, form), ...within(inner, depth + 1))
  }
  for (const run of text.match(base64Runs) ?? []) for (const reading of base64Readings(run)) look(reading, 'base64')
  for (const run of text.match(hexRuns) ?? []) look(Buffer.from(run, 'hex').toString('latin1'), 'hex')
  if (text.includes('%')) look(percentDecoded(text), 'percent')
  return found
}

/** The canaries in a text: as they are, or in base64, in hexadecimal digits or percent signs, and those within each other. */
export const markersIn = (text: string): readonly Met[] => {
  const found = [...plainly(text, 'plain'), ...within(text, 0)]
  return [...new Map(found.toReversed().map(met => [met.marker, met])).values()]
}
