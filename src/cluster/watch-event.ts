import { asText, ownProperty, propertyAt } from '../lib/untrusted.ts'
import type { ApiFailure } from './api-failure.ts'

/** What a watch tells. */
export type WatchEvent =
  | { readonly kind: 'put'; readonly object: unknown; readonly version: string }
  | { readonly kind: 'drop'; readonly object: unknown; readonly version: string }
  /** Nothing changed up to this version. */
  | { readonly kind: 'bookmark'; readonly version: string }
  | { readonly kind: 'failed'; readonly failure: ApiFailure }

const failureOf = (status: unknown): ApiFailure => {
  const code = ownProperty(status, 'code')
  return code === 410
    ? { kind: 'expired' }
    : { kind: 'bad-answer', status: typeof code === 'number' ? code : undefined }
}

/** Reads one event of a watch; undefined where it is none. */
export const watchEventOf = (event: unknown): WatchEvent | undefined => {
  const [type, object] = [ownProperty(event, 'type'), ownProperty(event, 'object')]
  if (type === 'ERROR') return { kind: 'failed', failure: failureOf(object) }
  const version = asText(propertyAt(object, 'metadata', 'resourceVersion'))
  if (!version) return undefined
  if (type === 'BOOKMARK') return { kind: 'bookmark', version }
  if (type === 'DELETED') return { kind: 'drop', object, version }
  return type === 'ADDED' || type === 'MODIFIED' ? { kind: 'put', object, version } : undefined
}
