import { type Level as PinoLevel, pino } from 'pino'
import { scrubbed } from '../lib/scrub.ts'
import { printable } from '../verdict/text.ts'
import { prettyLine } from './pretty.ts'

/** How much a line matters. */
export type Level = Extract<PinoLevel, 'debug' | 'info' | 'warn' | 'error'>

/** What a line says beside its words. */
export type Fields = Readonly<Record<string, string | number | readonly string[] | undefined>>

/** Writes a line. */
export type Log = (level: Level, words: string, fields?: Fields) => void

/** What a line says. */
export interface Told {
  readonly words: string
  readonly fields: Fields
}

/** A line that is written once a while, however often there is a reason for it. */
export interface Line {
  /** Equal for events of which one line is enough. */
  readonly key: string
  readonly level: Level
  /** Puts it together. */
  readonly told: () => Told
}

/** Options of a log. */
export interface LogOptions {
  readonly stream: { write(text: string): unknown }
  /** Whether people read it at a terminal: otherwise each line is JSON. */
  readonly isTerminal: boolean
  /** The least that a line must matter. */
  readonly level: Level
  readonly wallClock: () => Date
}

const mostCharacters = 1000

// Others chose the names in it, and it is shown on terminals. Cut last: half a credential is not known for one.
const clean = (text: string): string => printable(scrubbed(text).slice(0, mostCharacters))

const cleanField = (value: Fields[string]): Fields[string] => {
  if (typeof value === 'string') return clean(value)
  return typeof value === 'object' ? value.map(clean) : value
}

/** Makes a log of one line an event. */
export const createLog = ({ stream, isTerminal, level, wallClock }: LogOptions): Log => {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${wallClock().toISOString()}"`,
      formatters: { level: label => ({ level: label }) },
    },
    { write: line => void stream.write(isTerminal ? prettyLine(line) : line) },
  )
  return (of, words, fields = {}) => {
    if (!logger.isLevelEnabled(of)) return
    logger[of](
      Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, cleanField(value)])),
      clean(words),
    )
  }
}
