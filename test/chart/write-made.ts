import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chart, madeFiles } from './made-files.ts'

for (const [file, content] of madeFiles()) {
  const path = join(chart, file)
  writeFileSync(path, JSON.stringify(content))
  execFileSync('biome', ['format', '--write', path], { stdio: ['ignore', 'ignore', 'inherit'] })
}
