import { type PullSecret, readPullSecret } from '../credentials/pull-secret.ts'
import { asRecord, asText, ownProperty } from '../lib/untrusted.ts'
import type { ApiServer } from './api-server.ts'
import { createLookup, type LookupOptions } from './lookup.ts'
import { isNamespaceName, isObjectName } from './object-name.ts'
import type { Secrets } from './secrets.ts'

// A pod may name any secret of its namespace. Of others than pull secrets nothing is to stay in our memory.
const kinds: ReadonlyMap<string, string> = new Map([
  ['kubernetes.io/dockerconfigjson', '.dockerconfigjson'],
  ['kubernetes.io/dockercfg', '.dockercfg'],
])

// In memory of its own: small buffers of Node's share theirs with strangers.
const decoded = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, 'base64'))

/** Reads a Secret object. */
export const secretOf = (object: unknown): PullSecret | undefined => {
  const type = asText(ownProperty(object, 'type'))
  if (ownProperty(object, 'kind') !== 'Secret' || type === undefined) return undefined
  const key = kinds.get(type)
  const content = key === undefined ? undefined : asText(ownProperty(asRecord(ownProperty(object, 'data')), key))
  const data = key === undefined || content === undefined ? [] : [[key, decoded(content)] as const]
  return { type, data: new Map(data) }
}

const bytesOf = ({ data }: PullSecret): number => [...data.values()].reduce((sum, { length }) => sum + length, 0)

/** One that is malformed is as good as missing: it may be mended in the next moment. */
const isKept = (secret: PullSecret): boolean => {
  const read = readPullSecret(secret)
  return read.ok || read.error === 'unusable'
}

const pathOf = (namespace: string, name: string): string | undefined =>
  isNamespaceName(namespace) && isObjectName(name) ? `/api/v1/namespaces/${namespace}/secrets/${name}` : undefined

/** Makes the reader of the cluster's pull secrets. */
export const createSecrets = (api: Pick<ApiServer, 'get'>, options: LookupOptions): Secrets =>
  createLookup(api, { path: pathOf, read: secretOf, bytes: bytesOf, isKept }, options)
