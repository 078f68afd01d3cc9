import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

const cache = new URL('../../.cache/registries/', import.meta.url)

const sources = (): string => {
  const hash = createHash('sha256')
  for (const name of ['go.mod', 'go.sum', 'main.go']) hash.update(readFileSync(new URL(name, import.meta.url)))
  return hash.digest('hex').slice(0, 16)
}

/** Where test/registries/setup puts the registries. */
export const built = {
  debian: new URL('debian/docker-registry', cache).pathname,
  distribution: new URL(`${sources()}/distribution`, cache).pathname,
  crane: new URL(`${sources()}/crane`, cache).pathname,
} as const
