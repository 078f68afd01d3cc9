const newline = 10

/** Takes bytes as they come, and gives the lines that they end; undefined where one is longer than allowed. */
export type TakeBytes = (bytes: Buffer) => readonly string[] | undefined

/** Makes a cutter of lines. What follows the last newline waits for more: of a line that broke off nothing is known. */
export const createLineCutter = (mostBytes: number): TakeBytes => {
  let pieces: Buffer[] = []
  let length = 0
  const keep = (piece: Buffer): void => {
    pieces.push(piece)
    length += piece.length
  }
  const cut = (): string => {
    const line = Buffer.concat(pieces).toString('utf8')
    pieces = []
    length = 0
    return line
  }
  return bytes => {
    const lines: string[] = []
    let from = 0
    for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, from)) {
      keep(bytes.subarray(from, at))
      from = at + 1
      if (length > mostBytes) return undefined
      lines.push(cut())
    }
    // Copied: a piece of a chunk would keep the whole of it.
    if (from < bytes.length) keep(Buffer.from(bytes.subarray(from)))
    return length > mostBytes ? undefined : lines
  }
}
