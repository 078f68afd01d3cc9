import { LRUCache } from 'lru-cache'
import { ok, type Result } from '../../lib/result.ts'
import type { ProbeFailure } from '../failure.ts'
import type { ClientTerms } from '../send.ts'
import { noteWhereabouts } from '../whereabouts.ts'
import { fingerprintOf } from './credential.ts'
import type { Grant } from './grant.ts'
import type { Errand } from './next-move.ts'
import { basicProof, noProof, type Proof } from './proof.ts'
import type { FetchToken } from './token.ts'
import { createTokenStore, type TokenStoreOptions } from './token-store.ts'

/** The proofs that serve for one errand. */
export interface Purse {
  /** What served last time, as long as it is good. */
  readonly recall: () => Proof
  readonly remember: (proof: Proof) => void
  readonly forget: (proof: Proof) => void
  /** A token, held or fetched, in the place of the proof that was turned away. */
  readonly tokenFor: (grant: Grant, before: Proof, signal: AbortSignal) => Promise<Result<Proof, ProbeFailure>>
}

/** Keeps the proofs of all errands. */
export type Wallet = (errand: Errand, client: ClientTerms) => Purse

/** Options of a wallet. */
export interface WalletOptions extends TokenStoreOptions {
  readonly fetchToken: FetchToken
  /** Random, and this process's own: it tells credentials apart. */
  readonly fingerprintKey: Uint8Array
}

/** What a registry wanted of somebody who was asking for a repository. */
type Habit = { readonly kind: 'basic' } | { readonly kind: 'bearer'; readonly grant: Grant }

const habitOf = (proof: Proof): Habit | undefined => {
  switch (proof.kind) {
    case 'none':
      return undefined
    case 'basic':
      return { kind: 'basic' }
    case 'bearer':
      return { kind: 'bearer', grant: proof.grant }
  }
}

/** Makes a wallet. A proof is kept for one registry, one repository and one credential, and shown to no other. */
export const createWallet = ({ fetchToken, fingerprintKey, ...storeOptions }: WalletOptions): Wallet => {
  const store = createTokenStore(storeOptions)
  const habits = new LRUCache<string, Habit>({ max: storeOptions.mostTokens })

  return ({ registryUrl, repository, credential }, client) => {
    const fingerprint = fingerprintOf(credential, fingerprintKey)
    const place = JSON.stringify([registryUrl, repository, fingerprint])
    // With the registry's URL, so that no token goes to another registry that names the same token server.
    const keyOf = ({ realm, service, scopes }: Grant): string =>
      JSON.stringify([registryUrl, realm, service, scopes, fingerprint])

    return {
      recall: () => {
        const habit = habits.get(place)
        if (habit === undefined) return noProof
        if (habit.kind === 'basic') return basicProof(credential) ?? noProof
        const key = keyOf(habit.grant)
        const token = store.held(key)
        return token === undefined ? noProof : { ...habit, token, isFresh: false, isOld: store.isOld(key) }
      },
      remember: proof => {
        const habit = habitOf(proof)
        if (habit !== undefined) habits.set(place, habit)
      },
      forget: proof => {
        habits.delete(place)
        if (proof.kind === 'bearer') store.drop(keyOf(proof.grant), proof.token)
      },
      tokenFor: async (grant, before, signal) => {
        const at = { host: new URL(grant.realm).host, step: 'token' } as const
        noteWhereabouts(signal, at)
        const stored = await store.get(
          keyOf(grant),
          flight => fetchToken({ client, registryUrl, grant, credential }, flight),
          { ...at, kind: 'timed-out' },
          signal,
        )
        if (!stored.ok) return stored
        // A held token in the place of one turned away is another question's new one, and as good as fresh.
        const isFresh = stored.value.isFresh || before.kind === 'bearer'
        const isOld = !stored.value.isFresh && store.isOld(keyOf(grant))
        return ok({ kind: 'bearer', grant, token: stored.value.text, isFresh, isOld })
      },
    }
  }
}
