import type { Digest } from '../image/digest.ts'

/** The step of the dialogue at which something happened. */
export type Step =
  | 'hosts'
  | 'dns'
  | 'connect'
  | 'tls'
  | 'proxy'
  | 'token'
  | 'manifest'
  | 'child'
  | 'config'
  | 'program'
  | 'tags'

/**
 * With what the registry was asked: it wanted nothing, it wanted something and got nothing, or it got credentials. Of several
 * hosts, as the one that leaves most hope to better credentials: what refused them counts as if it had got nothing.
 */
export type AskedAs = 'unchallenged' | 'anonymous' | 'credentials'

/** What a registry that knows the answer says is missing. */
export type Missing = 'repository' | 'tag' | 'digest' | 'unnamed'

/** Why no conversation came about. */
export type NetworkProblem =
  | 'no-such-host'
  | 'resolver-failed'
  | 'connection-refused'
  | 'connection-lost'
  | 'no-route'
  | 'breaker-open'
  | 'certificate-expired'
  | 'certificate-untrusted'
  | 'certificate-name'
  | 'tls-failed'
  | 'not-https'
  | 'proxy-refused'
  | 'proxy-auth'
  | 'mirror-unasked'
  | 'too-busy'
  | 'hosts-unreadable'
  | 'hosts-mistaken'
  | 'hosts-forbidden'
  | 'short-name'
  | 'no-capable-host'

/** Why an answer that came is none that can be believed. */
export type AnswerProblem =
  | 'server-error'
  | 'unexpected-status'
  | 'bare-not-found'
  | 'not-a-registry'
  | 'not-json'
  | 'wrong-shape'
  | 'wrong-media-type'
  | 'contradiction'
  | 'bad-digest'
  | 'digest-mismatch'
  | 'wrong-size'
  | 'too-large'
  | 'too-many-entries'
  | 'no-token'
  | 'bad-realm'
  | 'bad-redirect'
  | 'refused-after-redirect'
  | 'unsupported-challenge'

/** Who was asked, and at which step. */
export interface Origin {
  /** Host and port as they stand in the reference, the mirror or the realm: never a resolved address. */
  readonly host: string
  readonly step: Step
}

/** Everything that can come between a question and its answer; the words for it are the verdict's. */
export type ProbeFailure = Origin &
  (
    | { readonly kind: 'absent'; readonly missing: Missing; readonly askedAs: AskedAs }
    | { readonly kind: 'refused'; readonly status: 400 | 401 | 403; readonly askedAs: AskedAs }
    /** Spared: it was not asked at all, since it would count that as a pull. */
    | { readonly kind: 'rate-limited'; readonly retryAfterMs: number | undefined; readonly spared?: true }
    | { readonly kind: 'unreachable'; readonly problem: NetworkProblem }
    | { readonly kind: 'bad-answer'; readonly problem: AnswerProblem; readonly status: number | undefined }
    | { readonly kind: 'timed-out' }
    | { readonly kind: 'blocked' }
    | { readonly kind: 'oversized'; readonly sizeBytes: number | undefined }
    | { readonly kind: 'wrong-content'; readonly wanted: Digest }
  )
