import { fail, ok, type Result } from '../../lib/result.ts'
import type { AskedAs, ProbeFailure } from '../failure.ts'
import type { Reply, Request, Send } from '../send.ts'
import { noteWhereabouts } from '../whereabouts.ts'
import type { Credential } from './credential.ts'
import { isTurnedAway, type Move, nextMove } from './next-move.ts'
import { askedAsOf, headersOf, noProof, type Proof } from './proof.ts'
import { createTokenFetch } from './token.ts'
import { createWallet, type WalletOptions } from './wallet.ts'

/** For what, and with what, a registry is asked. */
export interface Access {
  /** Below the registry: `library/nginx`. */
  readonly repository: string
  readonly credential: Credential | undefined
}

/** A reply that wants no other proof, though it may be a 403 or a 404. */
export interface Authorized {
  readonly reply: Reply
  readonly askedAs: AskedAs
}

/** Asks as a node would that holds this one credential, or none. */
export type Authorizer = (
  request: Request,
  access: Access,
  signal: AbortSignal,
) => Promise<Result<Authorized, ProbeFailure>>

/** Options of an authorizer. */
export interface AuthorizerOptions extends Omit<WalletOptions, 'fetchToken'> {
  readonly send: Send
}

const failureOf = (move: Extract<Move, { kind: 'refused' | 'not-understood' }>, { host, step }: Request) => {
  const at = { host, step, status: 401 } as const
  return move.kind === 'refused'
    ? fail({ ...at, kind: 'refused', askedAs: move.askedAs } as const)
    : fail({ ...at, kind: 'bad-answer', problem: move.problem } as const)
}

/**
 * Makes an authorizer, which asks as containerd does (core/remotes/docker/authorizer.go): with nothing until it is
 * challenged, then with a token or a password, and from then on with what served for that repository.
 */
export const createAuthorizer = (options: AuthorizerOptions): Authorizer => {
  const purseFor = createWallet({ ...options, fetchToken: createTokenFetch(options.send) })

  return (request, { repository, credential }, signal) => {
    const errand = { registryUrl: new URL(request.url).origin, repository, credential }
    const purse = purseFor(errand, request.client)

    const nextProof = async (reply: Reply, proofs: readonly Proof[]): Promise<Result<Proof, ProbeFailure>> => {
      const move = nextMove(reply, proofs, errand)
      switch (move.kind) {
        case 'offer':
          return ok(move.proof)
        case 'get-token':
          return purse.tokenFor(move.grant, proofs.at(-1) ?? noProof, signal)
        case 'refused':
        case 'not-understood':
          return failureOf(move, request)
      }
    }

    const ask = async (proof: Proof, before: readonly Proof[]): Promise<Result<Authorized, ProbeFailure>> => {
      noteWhereabouts(signal, request)
      const reply = await options.send({ ...request, headers: { ...request.headers, ...headersOf(proof) } }, signal)
      if (!reply.ok) return reply
      if (!isTurnedAway(reply.value, proof)) {
        purse.remember(proof)
        return ok({ reply: reply.value, askedAs: askedAsOf(proof, credential) })
      }
      purse.forget(proof)
      const proofs = [...before, proof]
      const next = await nextProof(reply.value, proofs)
      return next.ok ? ask(next.value, proofs) : next
    }
    return ask(purse.recall(), [])
  }
}
