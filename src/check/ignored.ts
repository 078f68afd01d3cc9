import { anatomyOf } from '../image/anatomy.ts'
import { parseReference } from '../image/reference.ts'

/** Says whether an image, as it is written, is one that nobody asks about. */
export type IsIgnored = (image: string) => boolean

/**
 * Whether a text is the pattern, in which a star stands for any text: its pieces are looked for one after another, each at
 * its first place behind the one before, so that nothing is looked through twice.
 */
const matches = (pieces: readonly string[], text: string): boolean => {
  const [first = '', ...rest] = pieces
  const last = rest.pop()
  if (last === undefined) return text === first
  if (!text.startsWith(first)) return false
  let at = first.length
  for (const piece of rest) {
    const found = text.indexOf(piece, at)
    if (found < 0) return false
    at = found + piece.length
  }
  return at + last.length <= text.length && text.endsWith(last)
}

/** An image's names: the whole, and without tag and digest. */
interface Names {
  readonly whole: readonly string[]
  readonly bare: readonly string[]
}

const namesOf = (image: string): Names => {
  const written = { whole: [image], bare: [anatomyOf(image).name] }
  const parsed = parseReference(image)
  if (!parsed.ok) return written
  const { registry, repository, target } = parsed.value
  const name = `${registry}/${repository}`
  const tagged = target.tag === undefined ? [] : [`${name}:${target.tag}`]
  const pinned =
    target.kind === 'tag' ? [] : [`${name}@${target.digest}`, ...tagged.map(each => `${each}@${target.digest}`)]
  const full = target.kind === 'tag' ? tagged : pinned
  return { whole: [...full, ...written.whole], bare: [name, ...written.bare] }
}

// A reference has some 500 characters at the most. What is longer is none, and is said to be none.
const mostCharacters = 1024

/**
 * Makes the function that knows what to ignore. A pattern is held against the full name and against what is written; where
 * it names neither tag nor digest, it means all of them.
 */
export const ignoring = (patterns: readonly string[]): IsIgnored => {
  if (patterns.length === 0) return () => false
  const rows = patterns.map(pattern => {
    const { tag, digest } = anatomyOf(pattern)
    return { pieces: pattern.split('*'), isBare: tag === undefined && digest === undefined }
  })
  return image => {
    if (image.length > mostCharacters) return false
    const names = namesOf(image)
    return rows.some(({ pieces, isBare }) => names[isBare ? 'bare' : 'whole'].some(name => matches(pieces, name)))
  }
}
