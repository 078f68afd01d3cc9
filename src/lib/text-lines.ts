/** Where lines begin in a text, so that offsets become lines and columns. */
export interface Lines {
  /** Both count from 1; columns count UTF-16 units, as editors do. */
  readonly at: (offset: number) => { readonly line: number; readonly column: number }
  /** The text of a line, without its end. */
  readonly text: (line: number) => string
}

/** The offsets at which lines start. YAML ends lines by a carriage return alone as well, which editors do not count. */
const startsIn = (text: string): Uint32Array => {
  // Counted first: a text may be nothing but ends of lines, and a list of numbers that grows takes many times the room.
  let count = 1
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++
  const starts = new Uint32Array(count)
  for (let [line, at] = [1, text.indexOf('\n')]; at >= 0; line++, at = text.indexOf('\n', at + 1)) starts[line] = at + 1
  return starts
}

const lastUpTo = (starts: Uint32Array, offset: number): number => {
  let [low, high] = [0, starts.length]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle
  }
  return low
}

/** Makes the lines of a text; they are looked for when somebody asks. */
export const linesOf = (text: string): Lines => {
  let starts: Uint32Array | undefined
  const known = (): Uint32Array => {
    starts ??= startsIn(text)
    return starts
  }
  return {
    at: offset => {
      const index = lastUpTo(known(), Math.min(Math.max(offset, 0), text.length))
      return { line: index + 1, column: offset - (known()[index] ?? 0) + 1 }
    },
    text: line => text.slice(known()[line - 1] ?? text.length, known()[line] ?? text.length).replace(/\r?\n$/, ''),
  }
}
