import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The path of what the chart rendered when somebody looked at it last. */
export const goldenFile = (name: string): string => join(import.meta.dirname, 'golden', `${name}.yaml`)

/** The first line that differs from what was rendered before; undefined where none does. `PULLGATE_GOLDEN=write` takes the new one. */
export const goldenDifference = (name: string, text: string): object | undefined => {
  if (process.env['PULLGATE_GOLDEN'] === 'write') writeFileSync(goldenFile(name), text)
  const [before, now] = [readFileSync(goldenFile(name), 'utf8'), text].map(each => each.split('\n'))
  if (before === undefined || now === undefined) return undefined
  const line = before.concat(now).findIndex((_, at) => before[at] !== now[at])
  return line < 0 ? undefined : { line: line + 1, before: before[line], now: now[line] }
}
