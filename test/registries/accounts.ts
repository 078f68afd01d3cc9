import type { Credential } from '../../src/registry/auth/credential.ts'

/** The one account at registries that want a password. */
export const account: Credential = { username: 'pullgate', password: 'right' }

/** Its name with another password. */
export const stranger: Credential = { username: 'pullgate', password: 'wrong' }

/** The account as a line of an htpasswd file: made once with Perl's `crypt`, since Node has no bcrypt. */
export const htpasswd = 'pullgate:$2y$05$abcdefghijklmnopqrstuu8xaCxxL82bnl.UY74PMksDxIJShppPC\n'
