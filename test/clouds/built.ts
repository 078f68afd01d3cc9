import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

const sources = (): string => {
  const hash = createHash('sha256')
  for (const name of ['go.mod', 'go.sum']) hash.update(readFileSync(new URL(name, import.meta.url)))
  return hash.digest('hex').slice(0, 16)
}

/** The directory into which test/clouds/setup puts the programs that it builds. */
export const builtDirectory = new URL(`../../.cache/clouds/${sources()}/`, import.meta.url).pathname
