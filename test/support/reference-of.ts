import { type ImageReference, parseReference } from '../../src/image/reference.ts'
import type { Credential } from '../../src/registry/auth/credential.ts'
import type { Pull } from '../../src/registry/pull.ts'

/** The reference that the text is. */
export const referenceOf = (text: string): ImageReference => {
  const parsed = parseReference(text)
  if (!parsed.ok) throw new Error(parsed.error.message)
  return parsed.value
}

/** The pull of an image that is known to parse; as anybody without a credential. */
export const pullOf = (text: string, credential?: Credential): Pull => ({ reference: referenceOf(text), credential })
