import { fail, ok, type Result } from '../lib/result.ts'
import { decodeAuthField, type Login } from './auth-field.ts'
import { type Json, type Member, readJson } from './json.ts'
import type { SecretProblem } from './note.ts'

/** An entry of a docker config: for which registry, or part of one, a login is meant. */
export interface DockerEntry extends Login {
  /** As it was written: `https://index.docker.io/v1/`, `*.example.com/team`. */
  readonly place: string
}

/** The two shapes of a docker config: entries below `auths`, or entries alone. */
export type DockerConfigFormat = 'dockerconfigjson' | 'dockercfg'

type Entries = Map<string, Login>

// Go finds a field by its name in any case, and the long s is a case of s (encoding/json fold.go).
const isNamed = (member: Member, field: string): boolean =>
  member.name.replaceAll('\u017f', 's').toLowerCase() === field

const membersOf = (value: Json): readonly Member[] | undefined => {
  if (value.kind === 'null') return []
  return value.kind === 'object' ? value.members : undefined
}

/** The text of a field: the last one counts, null leaves it as it was, and any other type makes it undefined. */
const textField = (members: readonly Member[], field: string): string | undefined => {
  let text: string | undefined = ''
  for (const { value } of members.filter(member => isNamed(member, field))) {
    if (value.kind === 'text') text = value.text
    else if (value.kind !== 'null') return undefined
  }
  return text
}

const readEntry = (value: Json): Result<Login, SecretProblem> => {
  const members = membersOf(value)
  if (members === undefined) return fail('wrong-shape')
  const username = textField(members, 'username')
  const password = textField(members, 'password')
  const auth = textField(members, 'auth')
  const email = textField(members, 'email')
  if (username === undefined || password === undefined || auth === undefined || email === undefined)
    return fail('wrong-shape')
  return auth === '' ? ok({ username, password }) : decodeAuthField(auth)
}

/** Adds entries to those that are there: one of a place that is there already takes its place as a whole. */
const addEntries = (entries: Entries, members: readonly Member[]): SecretProblem | undefined => {
  for (const { name, value } of members) {
    const entry = readEntry(value)
    if (!entry.ok) return entry.error
    entries.set(name, entry.value)
  }
  return undefined
}

/** Reads the value of one field into the entries; null empties them. */
const readEntries = (entries: Entries, value: Json): SecretProblem | undefined => {
  if (value.kind === 'null') entries.clear()
  const members = membersOf(value)
  return members === undefined ? 'wrong-shape' : addEntries(entries, members)
}

// Nobody uses them, but a wrong type in them spoils the whole (kubernetes, pkg/credentialprovider/config.go DockerConfigJSON).
const isHeaders = (value: Json): boolean =>
  membersOf(value)?.every(({ value: { kind } }) => kind === 'text' || kind === 'null') ?? false

const readMember = (entries: Entries, member: Member): SecretProblem | undefined => {
  if (isNamed(member, 'auths')) return readEntries(entries, member.value)
  return isNamed(member, 'httpheaders') && !isHeaders(member.value) ? 'wrong-shape' : undefined
}

const readAuths = (entries: Entries, root: Json): SecretProblem | undefined => {
  const members = membersOf(root)
  if (members === undefined) return 'wrong-shape'
  for (const member of members) {
    const problem = readMember(entries, member)
    if (problem !== undefined) return problem
  }
  return undefined
}

/**
 * Reads the entries of a docker config as the kubelet does, in the order of the text: all of them, or why there are none. One
 * entry that cannot be decoded spoils the others.
 */
export const readDockerConfig = (
  bytes: Uint8Array,
  format: DockerConfigFormat,
): Result<readonly DockerEntry[], SecretProblem> => {
  const root = readJson(bytes)
  if (!root.ok) return root
  const entries: Entries = new Map()
  const problem = format === 'dockercfg' ? readEntries(entries, root.value) : readAuths(entries, root.value)
  if (problem !== undefined) return fail(problem)
  return ok([...entries].map(([place, login]) => ({ place, ...login })))
}
