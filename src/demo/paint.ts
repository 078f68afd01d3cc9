import { styleText } from 'node:util'

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow'

/** Gives text a style, or leaves it plain. */
export type Paint = (style: Style, text: string) => string

/** Paints in colour, or not at all. */
export const createPaint = (colour: boolean): Paint =>
  colour ? (style, text) => styleText(style, text, { validateStream: false }) : (_style, text) => text

/** Whether the stream is to have colours: a terminal is, unless NO_COLOR or FORCE_COLOR say otherwise. */
export const hasColours = (stream: NodeJS.WritableStream): boolean => styleText('bold', 'x', { stream }) !== 'x'
