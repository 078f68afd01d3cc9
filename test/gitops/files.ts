import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

const root = join(import.meta.dirname, '../..')

/** A file of YAML, as it stands in the repository. */
// biome-ignore lint/suspicious/noExplicitAny: what a test looks at it knows the shape of
export type Parsed = any

/** Reads a file of the repository. */
export const textOf = (path: string): Promise<string> => readFile(join(root, path), 'utf8')

/** Reads a file of the repository that is YAML. */
export const yamlOf = async (path: string): Promise<Parsed> => parse(await textOf(path))

const hash = (): string => {
  const sources = createHash('sha256')
  for (const name of ['go.mod', 'go.sum']) sources.update(readFileSync(new URL(name, import.meta.url)))
  return sources.digest('hex').slice(0, 16)
}

/** Where test/gitops/setup puts kustomize. */
export const kustomizeProgram = fileURLToPath(new URL(`../../.cache/gitops/${hash()}/kustomize`, import.meta.url))
