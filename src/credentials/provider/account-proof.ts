import { createHash } from 'node:crypto'
import { fail, ok, type Result } from '../../lib/result.ts'
import type { TokenTerms } from './provider-config.ts'
import type { FindAccount, Puller, RequestToken } from './puller.ts'

/** What a provider is told of the ServiceAccount; without a token where it is told nothing. */
export interface AccountProof {
  readonly token: string
  readonly annotations: Readonly<Record<string, string>>
  /** What tells accounts apart whose credentials are not each other's. */
  readonly account: string
}

const noProof: AccountProof = { token: '', annotations: {}, account: '' }

/** Where ServiceAccounts and their tokens come from. */
export interface AccountSource {
  readonly findAccount: FindAccount
  readonly requestToken: RequestToken
}

const annotationsFor = (
  terms: TokenTerms,
  found: ReadonlyMap<string, string>,
): Readonly<Record<string, string>> | undefined => {
  if (!terms.requiredAnnotations.every(key => found.has(key))) return undefined
  const wanted = [...terms.requiredAnnotations, ...terms.optionalAnnotations].filter(key => found.has(key)).sort()
  return Object.fromEntries(wanted.map(key => [key, found.get(key) ?? '']))
}

/** What tells tokens apart without telling what they are. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url')

/** The proof for a puller; undefined where the provider is not to be asked at all. */
export const proofFor = async (
  terms: TokenTerms | undefined,
  { findAccount, requestToken }: AccountSource,
  puller: Puller,
  signal: AbortSignal,
): Promise<Result<AccountProof | undefined, 'failed'>> => {
  if (terms === undefined) return ok(noProof)
  const { namespace, serviceAccount } = puller
  if (serviceAccount === undefined || serviceAccount === '')
    return ok(terms.requireServiceAccount ? undefined : noProof)
  const account = await findAccount(namespace, serviceAccount, signal)
  if (account === undefined) return fail('failed')
  const annotations = annotationsFor(terms, account.annotations)
  if (annotations === undefined) return ok(undefined)
  const { uid } = account
  const token = await requestToken({ namespace, serviceAccount, uid, audience: terms.audience }, signal)
  if (token === undefined) return fail('failed')
  const identity = [namespace, serviceAccount, uid, annotations, terms.cache === 'Token' ? hashOf(token) : '']
  return ok({ token, annotations, account: JSON.stringify(identity) })
}
