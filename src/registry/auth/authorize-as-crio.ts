import { fail, ok, type Result } from '../../lib/result.ts'
import type { ProbeFailure } from '../failure.ts'
import type { Reply, Request } from '../send.ts'
import { noteWhereabouts } from '../whereabouts.ts'
import type { Access, Authorized, AuthorizerOptions } from './authorize.ts'
import { type Challenge, missingScope } from './challenge.ts'
import type { Credential } from './credential.ts'
import { plainGrantOf } from './grant.ts'
import { isTurnedAway } from './next-move.ts'
import { askedAsOf, headersOf, noProof, type Proof } from './proof.ts'
import { createTokenFetchAsCrio } from './token-as-crio.ts'
import { createWallet } from './wallet.ts'

/** For what, and with what, a registry is asked that said beforehand what it wants; undefined: nothing. */
export interface AccessAsCrio extends Access {
  readonly challenge: Challenge | undefined
}

/** Asks as a CRI-O node would that holds this one credential, or none. */
export type AuthorizerAsCrio = (
  request: Request,
  access: AccessAsCrio,
  signal: AbortSignal,
) => Promise<Result<Authorized, ProbeFailure>>

// To a registry that wants a password, somebody without one shows an empty name and an empty password. So does who has
// an identity token, which is for token servers alone.
const nobody = { username: '', password: '' }
const passwordOf = (credential: Credential | undefined): Credential =>
  credential === undefined || credential.username === '' ? nobody : credential

/** Whether another token may do better: this one is not of just now, or another scope is asked for. */
const isWorthAnother = (reply: Reply, proof: Proof, scope: string | undefined): boolean =>
  proof.kind === 'bearer' && isTurnedAway(reply, proof) && (!proof.isFresh || scope !== undefined)

/**
 * Makes an authorizer that asks as CRI-O does (go.podman.io/image, docker/docker_client.go setupRequestAuth,
 * makeRequestToResolvedURL): each request goes with what the registry wanted before anything was asked of it, and
 * whatever an answer wants is not heeded, but for one other scope.
 */
export const createAuthorizerAsCrio = (options: AuthorizerOptions): AuthorizerAsCrio => {
  const purseFor = createWallet({ ...options, fetchToken: createTokenFetchAsCrio(options.send) })

  return async (request, { repository, credential, challenge }, signal) => {
    const at = { host: request.host, step: request.step }
    const registryUrl = new URL(request.url).origin
    const purse = purseFor({ registryUrl, repository, credential }, request.client)

    const proofWith = async (scopes: readonly string[], before: Proof): Promise<Result<Proof, ProbeFailure>> => {
      if (challenge?.scheme === 'basic') return ok({ kind: 'basic', credential: passwordOf(credential) })
      if (challenge?.scheme !== 'bearer') return ok(noProof)
      const grant = plainGrantOf(challenge, registryUrl, repository, scopes)
      if (!grant.ok) return fail({ ...at, kind: 'bad-answer', problem: 'bad-realm', status: undefined })
      return purse.tokenFor(grant.value, before, signal)
    }
    const send = (proof: Proof): Promise<Result<Reply, ProbeFailure>> => {
      noteWhereabouts(signal, request)
      return options.send({ ...request, headers: { ...request.headers, ...headersOf(proof) } }, signal)
    }
    const told = (reply: Reply, proof: Proof): Result<Authorized, ProbeFailure> => {
      const askedAs = askedAsOf(proof, credential)
      return reply.status === 401 ? fail({ ...at, kind: 'refused', status: 401, askedAs }) : ok({ reply, askedAs })
    }

    const first = await proofWith([], noProof)
    if (!first.ok) return first
    const reply = await send(first.value)
    if (!reply.ok) return reply
    const scope = missingScope(reply.value.lines('www-authenticate'))
    if (!isWorthAnother(reply.value, first.value, scope)) return told(reply.value, first.value)
    purse.forget(first.value)
    const second = await proofWith(scope === undefined ? [] : [scope], first.value)
    if (!second.ok) return second
    const again = await send(second.value)
    return again.ok ? told(again.value, second.value) : again
  }
}
