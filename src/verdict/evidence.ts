import type { CredentialNote } from '../credentials/note.ts'
import type { ImageFacts } from '../image/facts.ts'
import type { Platform } from '../image/platform.ts'
import type { ReferenceProblem } from '../image/reference.ts'
import type { ProbeFailure } from '../registry/failure.ts'
import type { Landing } from '../workload/landing.ts'
import type { ImageUse } from '../workload/workload.ts'

/** What came of asking for an image. */
export type Answer =
  | { readonly kind: 'placeholder' }
  | { readonly kind: 'invalid'; readonly problem: ReferenceProblem }
  /** No registry was asked, because the node will not ask one either. */
  | { readonly kind: 'unasked' }
  | {
      readonly kind: 'facts'
      readonly facts: ImageFacts
      /** The host that says that nothing more may be pulled for now, though it answered us. */
      readonly quotaUsedUpAt: string | undefined
    }
  | { readonly kind: 'failed'; readonly failure: ProbeFailure }

/**
 * Which of the nodes that the pod may land on are known to hold the image, in a way that the pod may use. Untold: none lists it, and
 * there is none of whose list it would have to be.
 */
export type Held = 'every-node' | 'some-nodes' | 'no-node-known' | 'untold'

/** What a look into the layers told of the program itself. */
export type Program = { readonly kind: 'found'; readonly platform: Platform } | { readonly kind: 'not-found' }

/** All that is known about one use of an image when it is judged. */
export interface Evidence {
  readonly use: ImageUse
  readonly answer: Answer
  readonly landing: Landing
  readonly held: Held
  readonly notes: readonly CredentialNote[]
  /** Existing tags like the one asked for, best first; undefined while nobody looked. */
  readonly nearTags: readonly string[] | undefined
  /**
   * Whether the registry lists the repository's tags to whom it says no, so that other credentials would get the same answer;
   * undefined while nobody looked.
   */
  readonly tagsShown: boolean | undefined
  /** Undefined while nobody looked. */
  readonly program: Program | undefined
}
