import { rememberingTexts } from '../lib/remember.ts'
import { parseReference } from './reference.ts'

// Some 500 bytes each.
const mostReferences = 10_000

/** Reads an image reference as `parseReference` does. One review needs the same several times, and the same come again and again. */
export const knownReference = rememberingTexts(parseReference, mostReferences)

/** Whether the API server gives such an image the pull policy Always: its tag is, or defaults to, `latest`. */
export const defaultsToAlways = (text: string): boolean => {
  const reference = knownReference(text)
  return reference.ok && reference.value.target.tag === 'latest'
}
