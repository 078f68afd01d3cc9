import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Environment } from './surroundings.ts'

const root = new URL('../../', import.meta.url)

const manifest: unknown = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))

/** The version of this package. */
export const version = (manifest as { readonly version: string }).version

const isCommit = (text: string): boolean => /^[0-9a-f]{7,64}$/.test(text)

/** What the build wrote down beside the compiled files. */
const writtenCommit = (): string => {
  try {
    return readFileSync(new URL('dist/commit', root), 'utf8').trim()
  } catch {
    return ''
  }
}

const git = (): string => {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], {
      cwd: fileURLToPath(root),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 2000,
    }).trim()
  } catch {
    return ''
  }
}

/** The version with the commit that it was made of: from the environment of an image, from the build, or, in a checkout, from git. */
export const versionWithCommit = (environment: Environment): string => {
  const isCheckout = existsSync(new URL('.git', root))
  const sources = [() => environment['PULLGATE_COMMIT'] ?? '', () => (isCheckout ? git() : writtenCommit())]
  for (const source of sources) {
    const commit = source()
    if (isCommit(commit)) return `${version} (${commit.slice(0, 12)})`
  }
  return version
}
