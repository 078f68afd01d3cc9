import type { CredentialSource, SecretProblem } from '../credentials/note.ts'
import type { ProviderProblem } from '../credentials/provider/provider-problem.ts'
import type { Digest } from '../image/digest.ts'
import type { Platform } from '../image/platform.ts'
import type { ReferenceProblem } from '../image/reference.ts'
import type { AnswerProblem, AskedAs, Missing, NetworkProblem, Step } from '../registry/failure.ts'
import type { Code } from './codes.ts'

/** How an image can be damaged. */
export type Damage = 'missing-child' | 'missing-config' | 'wrong-digest' | 'schema-1' | 'empty-index' | 'no-command'

interface FindingData {
  readonly 'bad-pull-secret': { readonly secret: string; readonly problem: SecretProblem }
  readonly 'invalid-reference': { readonly problem: ReferenceProblem }
  readonly 'not-found': { readonly host: string; readonly missing: Missing; readonly near: readonly string[] }
  readonly denied: {
    readonly host: string
    readonly askedAs: AskedAs
    /** The pod's secrets that are not there, or that exist and are none of a registry. */
    readonly without: readonly { readonly name: string; readonly exists: boolean }[]
  }
  readonly 'broken-image': { readonly damage: Damage; readonly platforms: readonly Platform[] }
  readonly 'no-platform': { readonly wanted: readonly Platform[]; readonly offered: readonly Platform[] }
  readonly 'other-platform': { readonly wanted: readonly Platform[]; readonly actual: Platform }
  readonly 'not-an-image': { readonly artifactType: string }
  readonly 'some-platforms': { readonly misfits: readonly Platform[]; readonly fits: readonly Platform[] }
  readonly 'never-pulled': { readonly somewhere: boolean }
  readonly 'oversized-manifest': { readonly sizeBytes: number | undefined }
  readonly 'runtime-differs': { readonly runs: readonly string[]; readonly fails: readonly string[] }
  readonly 'missing-pull-secret': { readonly secret: string; readonly exists: boolean }
  /** What it would be but for the nodes: they list the image, or may hold it without listing it. */
  readonly 'cached-only': { readonly instead: Finding; readonly listed: boolean }
  readonly 'moved-tag': { readonly running: Digest; readonly now: Digest }
  readonly mislabelled: { readonly labelled: Platform; readonly actual: Platform }
  readonly 'unknown-credentials': {
    readonly source: CredentialSource
    readonly name: string
    readonly problem?: ProviderProblem
  }
  readonly 'node-credentials': { readonly host: string }
  /** Spared: the registry counts what is asked of it, and was not asked for so much. */
  readonly 'rate-limited': {
    readonly host: string
    readonly retryAfterMs: number | undefined
    readonly spared?: 'content' | 'image'
  }
  readonly unreachable: { readonly host: string; readonly problem: NetworkProblem }
  readonly 'registry-error': {
    readonly host: string
    readonly step: Step
    readonly problem: AnswerProblem
    readonly status: number | undefined
  }
  readonly 'timed-out': { readonly host: string; readonly step: Step }
  readonly 'blocked-address': { readonly host: string }
  readonly placeholder: object
}

/** What was found out about one use of an image: a code, and the data that its words need. */
export type Finding = { readonly [C in Code]: { readonly code: C } & FindingData[C] }[Code]
