import { commandInLine } from './log-line.ts'
import { shown } from './names.ts'

const entities = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
])

const escaped = (text: string): string =>
  text
    .replace(/[&<>"']/g, character => entities.get(character) ?? character)
    // The same text to whoever parses it, and in a log nobody's command.
    .replace(/^(\s*):(?=:)/, '$1&#58;')
    .replace(commandInLine, '#&#35;')

/** A stranger's text within XML or HTML, in an element or an attribute. The two characters that XML forbids and that print are left out. */
export const xmlText = (text: string): string => escaped(shown(text).replace(/[\uFFFE\uFFFF]/g, '\uFFFD'))

/** Our own text of many lines within XML or HTML. */
export const xmlLines = (text: string): string => text.split('\n').map(escaped).join('\n')
