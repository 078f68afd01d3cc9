import { shown } from './names.ts'

const entity = (character: string): string => `&#${character.codePointAt(0) ?? 0};`

// GitHub and GitLab make notices and links of @name and #1 even where the sign is an entity: a comment keeps it from the word. A colon
// matters before the rest of an address or of an emoji's name.
const marks = /[\\`*_{}[\]<>()#+!|~&$@]|:(?=[A-Za-z/+_-])/g
const inText = (character: string): string =>
  character === '@' || character === '#' ? `${entity(character)}<!-- -->` : entity(character)

const withoutAddress = (text: string): string => text.replace(/www\./gi, word => `${word.slice(0, 3)}&#46;`)

/** A stranger's text in a sentence or a table's cell of Markdown, where it stays text. */
export const markdownText = (text: string): string => withoutAddress(shown(text).replace(marks, inText))

/** A stranger's name as code, in a sentence or a table's cell of Markdown. */
export const markdownCode = (text: string): string => {
  const name = shown(text)
  if (/^[\w./:@-]+$/.test(name)) return `\`${name}\``
  return name === '' ? '' : `<code>${withoutAddress(name.replace(/[!-,:-@[-`{-~]/g, entity))}</code>`
}
