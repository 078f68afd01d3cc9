import { posix } from 'node:path'
import { parse } from 'smol-toml'
import { isPath } from '../../../image/grammar.ts'
import { fail, ok, type Result } from '../../../lib/result.ts'
import { type GoRegexp, readGoRegexp, replaceAll } from './go-regexp.ts'

/** Changes the names of repositories for a mirror. */
export interface Rewrite {
  readonly pattern: GoRegexp
  readonly replacement: string
}

/** What is wrong with a rewrite. */
export interface RewriteProblem {
  readonly what: string
  /** Whether a node goes on without it; else it is not known what the node does. */
  readonly isPassedOver: boolean
}

/** K3s writes both texts between quotes into a TOML file, just as they are: a backslash has to be written twice. */
const throughToml = (text: string): string | undefined => {
  try {
    const { value } = parse(`value = "${text}"`)
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}

/** Reads a rewrite as it comes to K3s's containerd (core/remotes/docker/resolver.go withRewritesFromHost). */
export const readRewrite = (pattern: string, replacement: string): Result<Rewrite, RewriteProblem> => {
  const [written, template] = [throughToml(pattern), throughToml(replacement)]
  if (written === undefined || template === undefined)
    return fail({ isPassedOver: false, what: 'breaks the TOML that it is copied into: write each backslash twice' })
  const regexp = readGoRegexp(written)
  if (regexp.ok) return ok({ pattern: regexp.value, replacement: template })
  return regexp.error === 'not-a-pattern'
    ? fail({ isPassedOver: true, what: 'not a regular expression to Go, and passed over' })
    : fail({
        isPassedOver: false,
        what: 'a regular expression that is not read here: begin it with ^, and repeat less',
      })
}

/** What a repository is called at a mirror; undefined where that is no name, and nothing can be asked. */
export const rewritten = (repository: string, rewrites: readonly Rewrite[]): string | undefined => {
  for (const { pattern, replacement } of rewrites) {
    const name = replaceAll(pattern, repository, replacement)
    if (name === repository) continue
    // The name becomes a part of a path, which is cleaned.
    const clean = posix.join('/', name).replace(/^\/|\/$/g, '')
    return isPath(clean) ? clean : undefined
  }
  return repository
}
