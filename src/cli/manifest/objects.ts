import { asList, asRecord, asText, ownProperty } from '../../lib/untrusted.ts'
import type { PathStep } from './steps.ts'

/** A Kubernetes object, and where it stands in its document. */
export interface PlacedObject {
  readonly object: unknown
  readonly apiVersion: string
  readonly kind: string
  readonly steps: readonly PathStep[]
}

// A list of lists is odd, and deeper ones are made to hurt.
const mostLists = 4

const listed = (list: PlacedObject, level: number): readonly PlacedObject[] => {
  // In what the API server lists, items leave out what the list says already.
  const kind = list.kind.slice(0, -'List'.length)
  const inherited = kind === '' ? {} : { apiVersion: list.apiVersion, kind }
  return asList(ownProperty(list.object, 'items')).flatMap((item, index) => {
    const record = asRecord(item)
    const isWhole = record === undefined || Object.hasOwn(record, 'kind')
    return objectsAt(isWhole ? item : { ...inherited, ...record }, [...list.steps, 'items', index], level + 1)
  })
}

const objectsAt = (object: unknown, steps: readonly PathStep[], level: number): readonly PlacedObject[] => {
  const apiVersion = asText(ownProperty(object, 'apiVersion'))
  const kind = asText(ownProperty(object, 'kind'))
  if (apiVersion === undefined || kind === undefined || level > mostLists) return []
  const placed = { object, apiVersion, kind, steps }
  const isList = kind.endsWith('List') && Array.isArray(ownProperty(object, 'items'))
  return isList ? listed(placed, level) : [placed]
}

/** The Kubernetes objects of a document: those of its lists one by one, and none where it is something else. */
export const objectsIn = (document: unknown): readonly PlacedObject[] => objectsAt(document, [], 0)

/** The group of an API version. */
export const groupOf = (apiVersion: string): string =>
  apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : ''
