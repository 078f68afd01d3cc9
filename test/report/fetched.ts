import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '../../.cache/report')

/** The path of what test/report/setup fetched under that name. */
export const fetched = (name: string): string => {
  const versions = existsSync(folder) ? readdirSync(folder) : []
  const found = versions.map(version => join(folder, version, name)).findLast(path => existsSync(path))
  if (found === undefined) throw new Error(`test/report/setup has not fetched ${name}: run it first`)
  return found
}
