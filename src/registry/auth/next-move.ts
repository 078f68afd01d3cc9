import type { AnswerProblem, AskedAs } from '../failure.ts'
import type { Reply } from '../send.ts'
import { type Challenge, parseChallenges } from './challenge.ts'
import type { Credential } from './credential.ts'
import { type Grant, grantOf } from './grant.ts'
import { askedAsOf, basicProof, noProof, type Proof } from './proof.ts'

/** What is asked for, of whom, by whom. */
export interface Errand {
  /** The URL of the registry, or its origin. */
  readonly registryUrl: string
  readonly repository: string
  readonly credential: Credential | undefined
}

/** What follows on a reply that turned a proof away. */
export type Move =
  | { readonly kind: 'offer'; readonly proof: Proof }
  | { readonly kind: 'get-token'; readonly grant: Grant }
  | { readonly kind: 'refused'; readonly askedAs: AskedAs }
  | { readonly kind: 'not-understood'; readonly problem: AnswerProblem }

/** Statuses that a token of today might not get: ECR Public says 400 to one that expired, and rights may have been given since. */
const isForWantOfAnother = (status: number, proof: Proof): boolean => {
  if (proof.kind !== 'bearer' || proof.isFresh) return false
  return status === 400 || (proof.isOld && (status === 403 || status === 404))
}

/** Whether a reply asks for another proof. */
export const isTurnedAway = ({ status }: Reply, proof: Proof): boolean =>
  status === 401 || isForWantOfAnother(status, proof)

/**
 * Decides what to do about a reply that turned the last of the proofs away, the others having gone before it. It ends: a
 * token is renewed once and a password tried once, where containerd tries either up to five times.
 */
export const nextMove = (reply: Reply, proofs: readonly Proof[], errand: Errand): Move => {
  const proof = proofs.at(-1) ?? noProof
  if (reply.status !== 401 && proof.kind === 'bearer') return { kind: 'get-token', grant: proof.grant }
  const refused: Move = { kind: 'refused', askedAs: askedAsOf(proof, errand.credential) }
  // A password that was kept may meet a registry that wants tokens by now; one that was just asked for may not.
  if (proof.kind === 'basic' && proofs.length > 1) return refused
  const challenge = parseChallenges(reply.lines('www-authenticate')).find(({ scheme }) => scheme !== 'digest')
  switch (challenge?.scheme) {
    case 'bearer':
      return proof.kind === 'bearer' && proof.isFresh ? refused : tokenFor(challenge, errand)
    case 'basic':
      return proofs.some(({ kind }) => kind === 'basic') ? refused : passwordOf(errand)
    case 'digest':
    case undefined:
      return proof.kind === 'none' ? { kind: 'not-understood', problem: 'unsupported-challenge' } : refused
  }
}

const tokenFor = (challenge: Challenge, { registryUrl, repository }: Errand): Move => {
  const grant = grantOf(challenge, registryUrl, repository)
  return grant.ok ? { kind: 'get-token', grant: grant.value } : { kind: 'not-understood', problem: 'bad-realm' }
}

const passwordOf = ({ credential }: Errand): Move => {
  const proof = basicProof(credential)
  return proof === undefined ? { kind: 'refused', askedAs: 'anonymous' } : { kind: 'offer', proof }
}
