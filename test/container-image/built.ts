import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

const sources = (): readonly string[] =>
  [
    ...['Dockerfile', '.dockerignore', 'package.json', 'package-lock.json', 'LICENSE'],
    ...['tsconfig.json', 'rolldown.config.ts'],
    ...globSync(['src/**/*.ts', 'docs/verdicts/*', 'test/container-image/*.ts'], { cwd: root }),
  ]
    .filter(file => !file.endsWith('.test.ts'))
    .toSorted()

/** Where test/container-image/setup puts the image, by what it is made of. */
export const imageLayout = (): string => {
  const hash = createHash('sha256')
  for (const file of sources()) hash.update(`${file}\n`).update(readFileSync(join(root, file)))
  return join(root, '.cache/image', hash.digest('hex').slice(0, 16))
}
