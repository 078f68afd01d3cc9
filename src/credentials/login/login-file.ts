import { jsonIn } from '../../lib/json.ts'
import { fail, ok, type Result } from '../../lib/result.ts'
import { asRecord, asText, asTextMap, ownProperty } from '../../lib/untrusted.ts'
import type { Credential } from '../../registry/auth/credential.ts'
import { decodeAuthField } from '../auth-field.ts'
import { textOfBytes } from '../utf8.ts'

/** A file of logins, as `docker login` and `podman login` write it. */
export interface LoginFile {
  /** What is written under each key; undefined where it cannot be decoded. */
  readonly logins: ReadonlyMap<string, Credential | undefined>
  /** The helper that keeps all logins, by what follows `docker-credential-` in its name. */
  readonly credsStore: string | undefined
  /** Helpers by the key whose logins they keep. */
  readonly credHelpers: ReadonlyMap<string, string>
}

// An identity token is a secret without a name; beside it docker leaves a name that means nothing.
const identityToken = (entry: unknown): Credential | undefined => {
  const token = asText(ownProperty(entry, 'identitytoken')) ?? ''
  return token === '' ? undefined : { username: '', password: token }
}

/** What an entry says; an empty one says that a helper keeps the login. */
const loginOf = (entry: unknown): Credential | 'elsewhere' | undefined => {
  const token = identityToken(entry)
  if (token !== undefined) return token
  const auth = asText(ownProperty(entry, 'auth')) ?? ''
  const decoded = auth === '' ? undefined : decodeAuthField(auth)
  if (decoded !== undefined)
    // Old versions of docker filled the password up with zeroes (docker/cli, cli/config/configfile decodeAuth).
    return decoded.ok ? { ...decoded.value, password: decoded.value.password.replace(/^\0+|\0+$/g, '') } : undefined
  const username = asText(ownProperty(entry, 'username')) ?? ''
  const password = asText(ownProperty(entry, 'password')) ?? ''
  return username === '' ? 'elsewhere' : { username, password }
}

/** Reads a file of logins. An entry that cannot be decoded harms no other. */
export const readLoginFile = (bytes: Uint8Array): Result<LoginFile, 'unreadable'> => {
  const root = asRecord(jsonIn(textOfBytes(bytes)))
  if (root === undefined) return fail('unreadable')
  const logins = new Map<string, Credential | undefined>()
  for (const [key, entry] of Object.entries(asRecord(ownProperty(root, 'auths')) ?? {})) {
    const login = loginOf(entry)
    if (login !== 'elsewhere') logins.set(key, login)
  }
  const credsStore = asText(ownProperty(root, 'credsStore'))
  return ok({
    logins,
    credsStore: credsStore === '' ? undefined : credsStore,
    credHelpers: asTextMap(ownProperty(root, 'credHelpers')),
  })
}
