import { ok, type Result } from '../../lib/result.ts'
import type { Challenge } from './challenge.ts'
import { type RealmProblem, readRealm } from './realm.ts'

/** What a registry wants a token for, and where it is to be had. */
export interface Grant {
  /** The token server's URL. */
  readonly realm: string
  readonly service: string
  /** The pull of the repository among them. */
  readonly scopes: readonly string[]
}

/**
 * What a Bearer challenge asks for. The scopes are the challenge's and the pull of the repository, as containerd joins
 * them, sorted and none twice (core/remotes/docker/scope.go GetTokenScopes).
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

/** What CRI-O asks for: the pull of the repository, whatever the challenge says, and the scope that was said to be missing. */
export const plainGrantOf = (
  { parameters }: Challenge,
  registryUrl: string,
  repository: string,
  more: readonly string[],
): Result<Grant, RealmProblem> => {
  const realm = readRealm(parameters.get('realm'), registryUrl)
  if (!realm.ok) return realm
  const service = parameters.get('service') ?? ''
  return ok({ realm: realm.value.href, service, scopes: [`repository:${repository}:pull`, ...more] })
}
