import type { AskedAs } from '../failure.ts'
import { basicAuthorization, type Credential } from './credential.ts'
import type { Grant } from './grant.ts'

/** What goes along with a request. A token is fresh when the same question obtained it; it is not obtained again. What an
 * old one may not do, one of today may. */
export type Proof =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly credential: Credential }
  | {
      readonly kind: 'bearer'
      readonly grant: Grant
      readonly token: string
      readonly isFresh: boolean
      readonly isOld: boolean
    }

/** The proof before anything is asked for. */
export const noProof: Proof = { kind: 'none' }

/** The header that carries the proof. */
export const headersOf = (proof: Proof): Readonly<Record<string, string>> => {
  switch (proof.kind) {
    case 'none':
      return {}
    case 'basic':
      return { authorization: basicAuthorization(proof.credential) }
    case 'bearer':
      return { authorization: `Bearer ${proof.token}` }
  }
}

/** A credential that Basic authentication takes; with half of one containerd says "no basic auth credentials". */
export const basicProof = (credential: Credential | undefined): Proof | undefined =>
  credential === undefined || credential.username === '' || credential.password === ''
    ? undefined
    : { kind: 'basic', credential }

/** As what a registry sees who comes with this proof. */
export const askedAsOf = (proof: Proof, credential: Credential | undefined): AskedAs => {
  if (proof.kind === 'none') return 'unchallenged'
  // Without a password the token was one for anybody.
  return credential === undefined || credential.password === '' ? 'anonymous' : 'credentials'
}
