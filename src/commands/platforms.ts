import { parseKnownPlatform } from '../image/known-platform.ts'
import type { Platform } from '../image/platform.ts'
import { fail, ok, type Result } from '../lib/result.ts'

/** Reads a list of platforms such as `linux/amd64`; fails with a sentence on the first that is none. */
export const parsePlatforms = (texts: readonly string[]): Result<readonly Platform[], string> => {
  const platforms: Platform[] = []
  for (const text of texts) {
    const platform = parseKnownPlatform(text)
    if (!platform.ok) return fail(`"${text}" is not a platform such as linux/amd64: ${platform.error}`)
    platforms.push(platform.value)
  }
  return ok(platforms)
}
