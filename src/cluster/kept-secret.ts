import { fail, ok, type Result } from '../lib/result.ts'
import { asText, asTextMap, ownProperty, propertyAt } from '../lib/untrusted.ts'
import { type ApiFailure, isConflict } from './api-failure.ts'
import type { ApiServer } from './api-server.ts'

/** What a Secret of our own says, and its version. */
export interface SecretContent {
  /** Undefined: there is no such Secret. */
  readonly version: string | undefined
  readonly texts: ReadonlyMap<string, string>
}

/** Why a Secret of our own was not written: somebody else did so just now, or the API server's reason. */
export type WriteFailure = ApiFailure | { readonly kind: 'conflict' }

/** A Secret in which replicas keep what they share. */
export interface KeptSecret {
  readonly read: (signal: AbortSignal) => Promise<Result<SecretContent, ApiFailure>>
  /** Puts other texts in the place of what was read, unless somebody else did so meanwhile. */
  readonly write: (
    before: SecretContent,
    texts: ReadonlyMap<string, string>,
    signal: AbortSignal,
  ) => Promise<Result<undefined, WriteFailure>>
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')

const contentOf = (object: unknown): SecretContent | undefined => {
  const version = asText(propertyAt(object, 'metadata', 'resourceVersion'))
  if (!version || ownProperty(object, 'kind') !== 'Secret') return undefined
  const data = [...asTextMap(ownProperty(object, 'data'))]
  return { version, texts: new Map(data.map(([key, value]) => [key, Buffer.from(value, 'base64').toString()])) }
}

const nothing: SecretContent = { version: undefined, texts: new Map() }

/** Makes the reader and writer of one Secret. What else the object says, such as its labels, stays as it is. */
export const createKeptSecret = (
  api: Pick<ApiServer, 'get' | 'post' | 'patch'>,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): KeptSecret => {
  const collection = `/api/v1/namespaces/${namespace}/secrets`
  const one = `${collection}/${name}`

  const written = (version: string | undefined, data: Readonly<Record<string, string>>, signal: AbortSignal) => {
    if (version === undefined) {
      const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name }, type: 'Opaque', data }
      return api.post(collection, secret, signal)
    }
    // An add replaces; a version in what is written lets the API server refuse whoever comes second.
    const operations = [
      { op: 'add', path: '/metadata/resourceVersion', value: version },
      { op: 'add', path: '/data', value: data },
    ]
    return api.patch(one, operations, signal)
  }

  return {
    read: async signal => {
      const answer = await api.get(one, signal)
      if (!answer.ok) return answer.error.kind === 'missing' ? ok(nothing) : answer
      const content = contentOf(answer.value)
      return content === undefined ? fail({ kind: 'bad-answer', status: 200 }) : ok(content)
    },
    write: async ({ version }, texts, signal) => {
      const data = Object.fromEntries([...texts].map(([key, text]) => [key, base64(text)]))
      const answer = await written(version, data, signal)
      if (answer.ok) return ok(undefined)
      return fail(isConflict(answer.error) ? { kind: 'conflict' } : answer.error)
    },
  }
}
