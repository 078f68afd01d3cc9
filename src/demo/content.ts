import { type Digest, digestOf } from '../image/digest.ts'

/** Bytes that a registry serves, named by their digest. */
export interface Content {
  readonly mediaType: string
  readonly digest: Digest
  readonly bytes: Uint8Array
}

/** An image, or another artifact: the manifest that a tag names, and everything that it leads to. */
export interface Image {
  readonly top: Content
  /** The top manifest and those below it. */
  readonly manifests: readonly Content[]
  readonly blobs: readonly Content[]
}

/** How a manifest speaks of other content. */
export interface Descriptor {
  readonly mediaType: string
  readonly digest: Digest
  readonly size: number
}

/** Bytes as content. */
export const contentOf = (mediaType: string, bytes: Uint8Array): Content => ({
  mediaType,
  digest: digestOf(bytes),
  bytes,
})

/** A document as content. */
export const jsonContent = (mediaType: string, document: object): Content =>
  contentOf(mediaType, Buffer.from(JSON.stringify(document, null, 2)))

/** The descriptor of content. */
export const descriptorOf = ({ mediaType, digest, bytes }: Content): Descriptor => ({
  mediaType,
  digest,
  size: bytes.length,
})
