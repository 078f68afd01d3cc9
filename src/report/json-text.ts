import { commandInLine } from './log-line.ts'

// What JSON leaves as it stands, though a terminal obeys it or it reorders what is read.
const unprintable = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu

const unit = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

const escaped = (character: string): string => character.split('').map(unit).join('')

/** A value as JSON with a line break at its end, that may be shown where logs are: the same value to whoever reads it. */
export const jsonText = (value: unknown): string =>
  // Outside of texts JSON has neither of both.
  `${JSON.stringify(value, undefined, 2).replace(unprintable, escaped).replace(commandInLine, '#\\u0023')}\n`
