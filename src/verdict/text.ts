// Text that others chose (image names, tags, hosts) inside a line that people read and terminals print.

/** Characters that would break the line, drop a warning at the API server, or reorder what is read (bidirectional marks). */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

const isPlain = /^[ -~]*$/

const escaped = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`

/** The text with every character that does not print spelled out. */
export const printable = (text: string): string => text.replace(unprintable, escaped)

/** The text within so many characters: its middle gives way, since both ends of a name tell more. */
export const clip = (text: string, most: number): string => {
  // Nearly all that is shown is short and plain.
  if (text.length <= most && isPlain.test(text)) return text
  // Cut before counting: a tenant may send megabytes.
  const characters = [...printable(text.length > 4 * most ? text.slice(0, 2 * most) + text.slice(-2 * most) : text)]
  if (characters.length <= most) return characters.join('')
  const head = Math.ceil((most - 1) / 2)
  const tail = most - 1 - head
  return `${characters.slice(0, head).join('')}…${tail === 0 ? '' : characters.slice(-tail).join('')}`
}

/** The text in quotes, within so many characters. */
export const quoted = (text: string, most: number): string => `"${clip(text, most)}"`

/** How many characters a reader, and the API server's warning limit, count. */
export const lengthOf = (text: string): number => [...text].length

/** `a, b and c`, and no more than three of them. */
export const listed = (items: readonly string[], last = 'and'): string => {
  const shown = items.length > 3 ? [...items.slice(0, 2), `${items.length - 2} more`] : items
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} ${last} ${shown.at(-1)}`
}
