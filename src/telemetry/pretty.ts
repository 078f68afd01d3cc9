import { styleText } from 'node:util'
import { asList, asRecord, asText } from '../lib/untrusted.ts'
import type { Level } from './log.ts'

const styles: Readonly<Record<Level, 'dim' | 'green' | 'yellow' | 'red'>> = {
  debug: 'dim',
  info: 'green',
  warn: 'yellow',
  error: 'red',
}

const isLevel = (text: string): text is Level => Object.hasOwn(styles, text)

const fieldText = (value: unknown): string => {
  const text = [value].flat().join(',')
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text)
}

/** A line of the log for somebody who sits at a terminal. */
export const prettyLine = (json: string): string => {
  const { time, level: name, msg, at, ...fields } = asRecord(JSON.parse(json)) ?? {}
  const level = asText(name) ?? ''
  const paint = (style: (typeof styles)[Level], text: string): string =>
    styleText(style, text, { validateStream: false })
  const clock = asText(time)?.slice('2000-01-01T'.length, -'Z'.length) ?? ''
  const shown = isLevel(level) ? paint(styles[level], level.padEnd(5)) : level
  const rest = Object.entries(fields).map(([field, value]) => `${field}=${fieldText(value)}`)
  const more = rest.length === 0 ? '' : `  ${paint('dim', rest.join(' '))}`
  const below = asList(at).map(place => `    at ${place}\n`)
  return `${paint('dim', clock)} ${shown} ${asText(msg) ?? ''}${more}\n${below.join('')}`
}
