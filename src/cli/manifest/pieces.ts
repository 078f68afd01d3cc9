/** A part of a text that can be read for itself: one document, or what belongs to one. */
export interface Piece {
  readonly text: string
  /** Where it begins. */
  readonly offset: number
}

// A file with more is no manifest.
const mostPieces = 100_000

/** A line that begins a document; by YAML's grammar nothing else may begin so (1.2.2, c-forbidden). */
const marker = /(?<![^\r\n])---(?=[ \t\r\n]|$)/g
const directives = /(?<![^\r\n])%/g

/** A directive belongs to the document after the next marker, so that nothing is cut between both. */
const endsInDirectives = (text: string): boolean => {
  const last = [...text.matchAll(directives)].at(-1)
  return last !== undefined && text.slice(last.index).search(marker) < 0
}

/**
 * Cuts a text where its documents begin, without reading them: one that is broken then leaves the others whole. Undefined
 * where there are too many.
 */
export const piecesOf = (text: string): readonly Piece[] | undefined => {
  const hasDirectives = text.search(directives) >= 0
  const starts = [0]
  for (const { index } of text.matchAll(marker)) {
    if (starts.length === mostPieces) return undefined
    const before = starts.at(-1) ?? 0
    const belongs = index === before || (hasDirectives && endsInDirectives(text.slice(before, index)))
    if (!belongs) starts.push(index)
  }
  return starts.map((start, index) => ({ text: text.slice(start, starts[index + 1]), offset: start }))
}
