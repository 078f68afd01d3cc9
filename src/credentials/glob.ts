// Go's filepath.Match, on one part of a host name. It is not made a regular expression: whoever writes a secret writes the pattern.

/** Says whether one character is meant, by its code point. */
type Meant = (character: number) => boolean

/** Characters one after another, and whether any others may stand before them. */
interface Chunk {
  readonly floats: boolean
  readonly meant: readonly Meant[]
}

/** What was read of a pattern, and where it goes on. */
interface Read<T> {
  readonly value: T
  readonly next: number
}

const codeOf = (character: string): number => character.codePointAt(0) ?? 0
const slash = codeOf('/')

/** An end of a range in brackets, which the pattern may not end with. */
const readEnd = (pattern: readonly string[], start: number): Read<number> | undefined => {
  const at = pattern[start] === '\\' ? start + 1 : start
  const character = pattern[at]
  if (character === undefined || pattern[at + 1] === undefined) return undefined
  return at === start && '-]'.includes(character) ? undefined : { value: codeOf(character), next: at + 1 }
}

const readRange = (pattern: readonly string[], start: number): Read<Meant> | undefined => {
  const low = readEnd(pattern, start)
  const high = low !== undefined && pattern[low.next] === '-' ? readEnd(pattern, low.next + 1) : low
  if (low === undefined || high === undefined) return undefined
  return { value: character => low.value <= character && character <= high.value, next: high.next }
}

/** The characters in brackets that open before this place; a bracket that closes at once is an error. */
const readClass = (pattern: readonly string[], start: number): Read<Meant> | undefined => {
  const negated = pattern[start] === '^'
  const ranges: Meant[] = []
  let at = negated ? start + 1 : start
  while (pattern[at] !== ']' || ranges.length === 0) {
    const range = readRange(pattern, at)
    if (range === undefined) return undefined
    ranges.push(range.value)
    at = range.next
  }
  return { value: character => ranges.some(means => means(character)) !== negated, next: at + 1 }
}

const readMeant = (pattern: readonly string[], at: number): Read<Meant> | undefined => {
  if (pattern[at] === '[') return readClass(pattern, at + 1)
  if (pattern[at] === '?') return { value: character => character !== slash, next: at + 1 }
  const character = pattern[at] === '\\' ? pattern[at + 1] : pattern[at]
  if (character === undefined) return undefined
  const code = codeOf(character)
  return { value: other => other === code, next: pattern[at] === '\\' ? at + 2 : at + 1 }
}

const readChunk = (pattern: readonly string[], start: number): Read<Chunk> | undefined => {
  let at = start
  while (pattern[at] === '*') at++
  const floats = at > start
  const meant: Meant[] = []
  while (at < pattern.length && pattern[at] !== '*') {
    const read = readMeant(pattern, at)
    if (read === undefined) return undefined
    meant.push(read.value)
    at = read.next
  }
  return { value: { floats, meant }, next: at }
}

const readChunks = (pattern: readonly string[]): readonly Chunk[] | undefined => {
  const chunks: Chunk[] = []
  for (let at = 0; at < pattern.length; ) {
    const chunk = readChunk(pattern, at)
    if (chunk === undefined) return undefined
    chunks.push(chunk.value)
    at = chunk.next
  }
  return chunks
}

const stands = ({ meant }: Chunk, name: readonly number[], at: number): boolean =>
  meant.every((means, index) => means(name[at + index] ?? 0))

/** Where the chunk first ends in the name, or, for the last chunk, the end of the name. */
const endOfChunk = (chunk: Chunk, name: readonly number[], start: number, isLast: boolean): number | undefined => {
  for (let at = start; at + chunk.meant.length <= name.length; at++) {
    const end = at + chunk.meant.length
    if ((!isLast || end === name.length) && stands(chunk, name, at)) return end
    if (!chunk.floats || name[at] === slash) return undefined
  }
  return undefined
}

/** Says whether names match a pattern of `*`, `?`, `[a-z]`, `[^a-z]` and `\`; none matches a pattern that makes no sense. */
export const createGlob = (pattern: string): ((name: string) => boolean) => {
  if (!/[*?[\\]/.test(pattern)) return name => name === pattern
  const chunks = readChunks([...pattern])
  if (chunks === undefined) return () => false
  return text => {
    const name = [...text].map(codeOf)
    let at: number | undefined = 0
    for (const [index, chunk] of chunks.entries()) {
      at = at === undefined ? undefined : endOfChunk(chunk, name, at, index === chunks.length - 1)
    }
    return at === name.length
  }
}
