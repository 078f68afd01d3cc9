import type { Result } from '../lib/result.ts'
import { asRecord, ownProperty, propertyAt } from '../lib/untrusted.ts'
import { type ApiFailure, isConflict } from './api-failure.ts'
import type { ApiServer } from './api-server.ts'

const ofOthers = (all: Readonly<Record<string, unknown>> = {}) =>
  Object.fromEntries(Object.entries(all).filter(([name]) => !name.startsWith('pullgate.dev/')))

type Written = Promise<Result<unknown, ApiFailure>>

/**
 * Writes an object in the place of what stands there, or anew where nothing does. Labels and annotations that others put there stay, and
 * our own of before do not; if somebody writes at the same time, what they wrote is read once more.
 */
export const keepObject = async (
  api: Pick<ApiServer, 'get' | 'post' | 'put'>,
  collection: string,
  object: { readonly metadata: { readonly name: string } },
  signal: AbortSignal,
): Written => {
  const path = `${collection}/${object.metadata.name}`
  const write = async (): Written => {
    const found = await api.get(path, signal)
    if (!found.ok) return found.error.kind === 'missing' ? api.post(collection, object, signal) : found
    const metadata = asRecord(ownProperty(found.value, 'metadata')) ?? {}
    const merged = (name: string) => ({
      ...ofOthers(asRecord(metadata[name])),
      ...asRecord(propertyAt(object, 'metadata', name)),
    })
    const kept = { ...metadata, ...object.metadata, labels: merged('labels'), annotations: merged('annotations') }
    return api.put(path, { ...object, metadata: kept }, signal)
  }
  const written = await write()
  return written.ok || !isConflict(written.error) ? written : write()
}
