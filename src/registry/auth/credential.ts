import { createHmac, createSecretKey } from 'node:crypto'
import { remembering } from '../../lib/remember.ts'

/** A name and a secret; without a name the secret is an identity token. Never logged, never part of a failure. */
export interface Credential {
  readonly username: string
  readonly password: string
}

// A key as bytes is read anew each time, which costs eight times as much as the hash.
const keyObjectOf = remembering((key: Uint8Array) => createSecretKey(key))

/** What tells credentials apart without telling what they are: equal for equal ones, and void without the key. */
export const fingerprintOf = (credential: Credential | undefined, key: Uint8Array): string => {
  if (credential === undefined) return 'anonymous'
  // As JSON no two pairs have the same text.
  const text = JSON.stringify([credential.username, credential.password])
  return createHmac('sha256', keyObjectOf(key)).update(text).digest('base64url')
}

/** The `Authorization` header that carries name and secret themselves. */
export const basicAuthorization = ({ username, password }: Credential): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
