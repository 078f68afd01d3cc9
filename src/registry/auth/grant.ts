import { ok, type Result } from '../../lib/result.ts'
import type { Challenge } from './challenge.ts'
import { type RealmProblem, readRealm } from './realm.ts'

/** What a registry wants a token for, and where it is to be had. */
export interface Grant {
  /** The token server's URL. */
  readonly realm: string
  readonly service: string
  /** Sorted, none twice, the pull of the repository among them. */
  readonly scopes: readonly string[]
}

/**
 * What a Bearer challenge asks for. The scopes are the challenge's and the pull of the repository, as containerd joins
 * them (core/remotes/docker/scope.go GetTokenScopes).
 */
export const grantOf = (
  { parameters }: Challenge,
  registryUrl: string,
  repository: string,
): Result<Grant, RealmProblem> => {
  const realm = readRealm(parameters.get('realm'), registryUrl)
  if (!realm.ok) return realm
  const wanted = (parameters.get('scope') ?? '').split(' ').filter(scope => scope !== '')
  const scopes = [...new Set([...wanted, `repository:${repository}:pull`])].toSorted()
  return ok({ realm: realm.value.href, service: parameters.get('service') ?? '', scopes })
}
