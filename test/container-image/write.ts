import { existsSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { version } from '../../src/commands/version.ts'
import { buildImage } from './build.ts'
import { imageLayout } from './built.ts'

const layout = imageLayout()
if (!existsSync(layout)) {
  console.error(`test/container-image/setup: building ${layout}`)
  const folder = dirname(layout)
  await mkdir(folder, { recursive: true })
  // A quarter of a gigabyte each: those of sources that are gone go too.
  for (const old of await readdir(folder))
    if (old !== basename(layout)) await rm(join(folder, old), { recursive: true })
  await buildImage(layout, new Map([['VERSION', version]]))
}
