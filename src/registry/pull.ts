import type { ImageReference } from '../image/reference.ts'
import type { Credential } from './auth/credential.ts'

/** One try of a node to pull an image: with one credential, or as anybody. The kubelet makes one for each credential in turn. */
export interface Pull {
  readonly reference: ImageReference
  readonly credential: Credential | undefined
}
