import type { Digest } from '../../image/digest.ts'

/** A layer as a manifest names it. The size is what the manifest says. */
export interface Layer {
  readonly digest: Digest
  readonly mediaType: string
  readonly sizeBytes: number
}
