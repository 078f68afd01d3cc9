import { fail, type Result } from '../lib/result.ts'
import { type DockerConfigFormat, type DockerEntry, readDockerConfig } from './docker-config.ts'
import type { SecretProblem } from './note.ts'

/** A secret as far as it may hold pull credentials. */
export interface PullSecret {
  readonly type: string
  readonly data: ReadonlyMap<string, Uint8Array>
}

/** Why a secret gives no entries: a node passes over an unusable one, and pulls nothing with any other problem. */
export type PullSecretProblem = 'unusable' | SecretProblem

const formats: ReadonlyMap<string, { readonly key: string; readonly format: DockerConfigFormat }> = new Map([
  ['kubernetes.io/dockerconfigjson', { key: '.dockerconfigjson', format: 'dockerconfigjson' }],
  ['kubernetes.io/dockercfg', { key: '.dockercfg', format: 'dockercfg' }],
])

/** Reads the entries of a pull secret; type and key must go together (kubernetes, pkg/credentialprovider/secrets/secrets.go). */
export const readPullSecret = (secret: PullSecret): Result<readonly DockerEntry[], PullSecretProblem> => {
  const known = formats.get(secret.type)
  const bytes = known === undefined ? undefined : secret.data.get(known.key)
  if (known === undefined || bytes === undefined || bytes.length === 0) return fail('unusable')
  return readDockerConfig(bytes, known.format)
}
