import { randomBytes } from 'node:crypto'
import { rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { codeOf } from '../../lib/small-file.ts'

/** Pipes and devices cannot be put in place of one another. */
const isSpecial = async (path: string): Promise<boolean> =>
  stat(path).then(
    stats => !stats.isFile(),
    () => false,
  )

/** Writes a file that appears whole or not at all; undefined where it is there, and otherwise the end of a sentence that begins with its name. */
export const writeWhole = async (path: string, text: string): Promise<string | undefined> => {
  const beside = join(dirname(path), `.pullgate-${randomBytes(6).toString('hex')}`)
  try {
    if (await isSpecial(path)) await writeFile(path, text)
    else {
      await writeFile(beside, text, { flag: 'wx' })
      await rename(beside, path)
    }
    return undefined
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined)
    const code = codeOf(error)
    return code === 'ENOENT'
      ? 'cannot be written: its folder does not exist'
      : `cannot be written (${code || 'unknown reason'})`
  }
}
