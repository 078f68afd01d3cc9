import type { Credential } from '../registry/auth/credential.ts'
import type { CredentialNote } from './note.ts'

/** What a node, or somebody's login, would try for an image, in that order, and what was seen on the way to it. */
export interface Keys {
  /** None: it asks as anybody. */
  readonly credentials: readonly Credential[]
  readonly notes: readonly CredentialNote[]
}

/** Nothing to try, and nothing to be said of it. */
export const noKeys: Keys = { credentials: [], notes: [] }

/** The keys of several sources, one behind the other. */
export const joinKeys = (all: readonly Keys[]): Keys => ({
  credentials: all.flatMap(({ credentials }) => credentials),
  notes: all.flatMap(({ notes }) => notes),
})
