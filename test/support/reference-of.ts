import { type ImageReference, parseReference } from '../../src/image/reference.ts'

/** The reference that the text is. */
export const referenceOf = (text: string): ImageReference => {
  const parsed = parseReference(text)
  if (!parsed.ok) throw new Error(parsed.error.message)
  return parsed.value
}
