import { fail, ok, type Result } from '../../lib/result.ts'
import { parseDuration } from '../../registry/hosts/go-duration.ts'
import type { DockerEntry } from '../docker-config.ts'
import { type Json, type Member, readJson } from '../json.ts'

/** For what a provider's credentials are good: the image, its registry, or any image. */
export type CacheKey = 'Image' | 'Registry' | 'Global'

/** What a provider answered. */
export interface ProviderAnswer {
  readonly cacheKey: CacheKey
  /** How long the credentials may be kept; undefined where the provider leaves that to its configuration. */
  readonly cacheMs: number | undefined
  readonly entries: readonly DockerEntry[]
}

// Unlike a docker config an answer is read strictly: names in their own case, none that is unknown, none twice.
type Fields = ReadonlyMap<string, Json>

const fieldsOf = (value: Json | undefined, known: readonly string[] | undefined): Fields | undefined => {
  if (value === undefined || value.kind === 'null') return new Map()
  if (value.kind !== 'object') return undefined
  const fields = new Map(value.members.map((member: Member) => [member.name, member.value]))
  const isKnown = known === undefined || [...fields.keys()].every(name => known.includes(name))
  return isKnown && fields.size === value.members.length ? fields : undefined
}

const textOf = (value: Json | undefined): string | undefined => {
  if (value === undefined || value.kind === 'null') return ''
  return value.kind === 'text' ? value.text : undefined
}

const isCacheKey = (text: string | undefined): text is CacheKey =>
  text === 'Image' || text === 'Registry' || text === 'Global'

const cacheMsOf = (value: Json | undefined): Result<number | undefined, 'bad-answer'> => {
  if (value === undefined || value.kind === 'null') return ok(undefined)
  const milliseconds = value.kind === 'text' ? parseDuration(value.text) : undefined
  return milliseconds === undefined ? fail('bad-answer') : ok(milliseconds)
}

const entriesOf = (value: Json | undefined): readonly DockerEntry[] | undefined => {
  const entries: DockerEntry[] = []
  for (const [place, entry] of fieldsOf(value, undefined) ?? [['', undefined] as const]) {
    const fields = entry === undefined ? undefined : fieldsOf(entry, ['username', 'password'])
    const [username, password] = [textOf(fields?.get('username')), textOf(fields?.get('password'))]
    if (fields === undefined || username === undefined || password === undefined) return undefined
    entries.push({ place, username, password })
  }
  return entries
}

/** Reads a CredentialProviderResponse as the kubelet does (kubernetes, pkg/credentialprovider/plugin/plugin.go). */
export const readProviderAnswer = (bytes: Uint8Array, apiVersion: string): Result<ProviderAnswer, 'bad-answer'> => {
  const root = readJson(bytes)
  const known = ['apiVersion', 'kind', 'cacheKeyType', 'cacheDuration', 'auth']
  const fields = root.ok && root.value.kind === 'object' ? fieldsOf(root.value, known) : undefined
  if (fields === undefined || textOf(fields.get('apiVersion')) !== apiVersion) return fail('bad-answer')
  if (textOf(fields.get('kind')) !== 'CredentialProviderResponse') return fail('bad-answer')
  const cacheKey = textOf(fields.get('cacheKeyType'))
  const cacheMs = cacheMsOf(fields.get('cacheDuration'))
  const entries = entriesOf(fields.get('auth'))
  if (!isCacheKey(cacheKey) || !cacheMs.ok || entries === undefined) return fail('bad-answer')
  return ok({ cacheKey, cacheMs: cacheMs.value, entries })
}
