import { createHmac, createSecretKey } from 'node:crypto'
import { remembering } from '../../lib/remember.ts'

/** A name and a secret; without a name the secret is an identity token. Never logged, never part of a failure. */
export interface Credential {
  readonly username: string
  readonly password: string
}

// A key as bytes is read anew each time, which costs eight times as much as the hash.
const keyObjectOf = remembering((key: Uint8Array) => createSecretKey(key))

// As JSON no two pairs have the same text. One question needs it several times.
const fingerprintsBy = remembering((key: Uint8Array) =>
  remembering(({ username, password }: Credential): string =>
    createHmac('sha256', keyObjectOf(key))
      .update(JSON.stringify([username, password]))
      .digest('base64url'),
  ),
)

/** What tells credentials apart without telling what they are: equal for equal ones, and void without the key. */
export const fingerprintOf = (credential: Credential | undefined, key: Uint8Array): string =>
  credential === undefined ? 'anonymous' : fingerprintsBy(key)(credential)

/** The `Authorization` header that carries name and secret themselves. */
export const basicAuthorization = ({ username, password }: Credential): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
