import { reReading } from '../../lib/re-read.ts'
import { readSmallFile } from '../../lib/small-file.ts'
import type { Credential } from '../../registry/auth/credential.ts'
import { joinKeys, type Keys, noKeys } from '../keys.ts'
import { type AskHelper, createHelpers, type HelperOptions, helperProgram } from './credential-helper.ts'
import { type LoginFile, readLoginFile } from './login-file.ts'
import { type LoginKeys, loginKeysOf } from './login-keys.ts'
import { type LoginPath, type LoginPlaces, loginPathsOf } from './login-paths.ts'

/** Options of a user's logins. */
export type LoginOptions = LoginPlaces & HelperOptions & { readonly nowMs: () => number }

/** Finds a user's own logins for an image by its name without tag and digest. */
export type FindLogins = (name: string, signal: AbortSignal) => Promise<Keys>

const unread = (name: string): Keys => ({
  credentials: [],
  notes: [{ kind: 'unreadable', source: 'docker-config', name }],
})

const found = (credential: Credential | undefined): Keys =>
  credential === undefined ? noKeys : { credentials: [credential], notes: [] }

/** The key under which the file itself has the login. */
const writtenKey = ({ logins }: LoginFile, { keys, isHost }: LoginKeys): string | undefined =>
  keys.find(key => logins.has(key)) ?? [...logins.keys()].find(isHost)

const helperOf = ({ credHelpers }: LoginFile, { keys, isHost }: LoginKeys): string | undefined =>
  credHelpers.get(keys.find(key => credHelpers.has(key)) ?? [...credHelpers.keys()].find(isHost) ?? '')

/** Finds the login of one file: a helper of the registry goes before the store, and either before what is written. */
const findIn = async (
  file: LoginFile & { readonly path: string },
  keys: LoginKeys,
  ask: AskHelper,
  signal: AbortSignal,
): Promise<Keys> => {
  const helper = helperOf(file, keys) ?? file.credsStore
  if (helper !== undefined) {
    const answer = await ask(helper, keys.server, signal)
    return answer.ok ? found(answer.value) : unread(helperProgram(helper))
  }
  const key = writtenKey(file, keys)
  if (key === undefined) return noKeys
  const login = file.logins.get(key)
  return login === undefined ? unread(file.path) : found(login)
}

const readPath = async ({ file, isNamed }: LoginPath): Promise<LoginFile | 'missing' | 'unreadable'> => {
  const bytes = await readSmallFile(file)
  if (!bytes.ok) return bytes.error.code === 'ENOENT' && !isNamed ? 'missing' : 'unreadable'
  const read = readLoginFile(bytes.value)
  return read.ok ? read.value : 'unreadable'
}

/** Makes what finds a user's logins. The files are read again and again: a login may come while images are waited for. */
export const createLogins = (options: LoginOptions): FindLogins => {
  const ask = createHelpers(options)
  const files = loginPathsOf(options).map(path => ({
    path: path.file,
    read: reReading(options.nowMs, () => readPath(path)),
  }))
  return async (name, signal) => {
    const keys = loginKeysOf(name)
    const results: Keys[] = []
    for (const { path, read } of files) {
      const file = await read()
      if (file === 'unreadable') results.push(unread(path))
      else if (file !== 'missing') results.push(await findIn({ ...file, path }, keys, ask, signal))
    }
    return joinKeys(results)
  }
}
