import type { Digest } from './digest.ts'
import type { Platform } from './platform.ts'

/** What an entry of an index stands for: an image, a further index, what attests to an image, or something else. */
export type EntryRole = 'image' | 'index' | 'attestation' | 'other'

/** Whether the registry has what the index names. */
export type Presence = 'present' | 'absent' | 'unasked'

/** One entry of an index. */
export interface IndexEntry {
  readonly digest: Digest
  readonly mediaType: string
  readonly sizeBytes: number
  /** Undefined where the index names none: any node takes such an entry as a last resort. */
  readonly platform: Platform | undefined
  readonly role: EntryRole
  readonly presence: Presence
  /** Of an index within an index: what it names; undefined while nobody read it. */
  readonly entries: readonly IndexEntry[] | undefined
}

/** What an image's configuration says of it. */
export interface ConfigFacts {
  /** Undefined where the configuration names neither operating system nor architecture. */
  readonly platform: Platform | undefined
  /** Whether it names what to start; a container that names nothing either cannot be made. */
  readonly namesCommand: boolean
}

/** What the registry keeps under a digest. */
export type ImageContent =
  | { readonly kind: 'index'; readonly entries: readonly IndexEntry[] }
  | { readonly kind: 'manifest'; readonly config: ConfigFacts }
  | { readonly kind: 'artifact'; readonly artifactType: string }
  | { readonly kind: 'schema1' }
  /** Nobody read it, since the host would count that as a pull; it is there. */
  | { readonly kind: 'unread'; readonly host: string }

/** What is true of a digest for ever, because the digest is made of it. */
export interface ImageFacts {
  readonly digest: Digest
  readonly mediaType: string
  readonly sizeBytes: number
  readonly content: ImageContent
}
