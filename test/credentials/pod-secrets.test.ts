import { describe, expect, test } from 'vitest'
import type { CredentialNote } from '../../src/credentials/note.ts'
import { readPodSecrets } from '../../src/credentials/pod-secrets.ts'
import type { PullSecret } from '../../src/credentials/pull-secret.ts'
import { configSecret, emptyStore, secretFor, secretOf } from '../check/stage.ts'

const signal = (): AbortSignal => AbortSignal.timeout(1000)
const good = (username: string): PullSecret => secretFor({ username, password: 'p' }, 'registry.example')

/** A cluster with the secrets a to e, each with the username of its name, and some ServiceAccounts. */
const cluster = () => {
  const store = emptyStore()
  for (const name of 'abcde') store.secrets.set(`ns/${name}`, good(name))
  store.secrets.set('ns/shut', 'unreadable')
  store.secrets.set('other/far', good('far'))
  const accounts = { default: ['d'], robot: ['c', 'e'], bare: [], odd: ['', 'c', '', 'c'], lost: ['gone'] }
  for (const [name, names] of Object.entries(accounts)) store.accounts.set(`ns/${name}`, names)
  store.accounts.set('ns/shut', 'unreadable')
  store.accounts.set('other/far', ['far'])
  return store
}

type Names = readonly string[] | undefined

const readAs = async (secrets: Names, account: string | undefined, merge: boolean, anew = false) => {
  const store = cluster()
  const pullAs = { namespace: 'ns', imagePullSecrets: secrets, serviceAccount: account }
  const read = await readPodSecrets({ pullAs, addsAccountSecrets: merge }, store.sources, anew, signal())
  const users = read.entries.map(({ username }) => username).join(' ')
  return { users, notes: read.notes.map(short).join(', '), reads: store.reads }
}

const short = (note: CredentialNote): string => {
  switch (note.kind) {
    case 'missing-secret':
      return `missing ${note.secret}`
    case 'unusable-secret':
      return `unusable ${note.secret}`
    case 'malformed-secret':
      return `malformed ${note.secret}: ${note.problem}`
    case 'unreadable':
      return `unread ${note.source} ${note.name}`.trimEnd()
    case 'nodes-may-hold':
      return 'nodes'
  }
}

type Row = readonly [secrets: Names, account: string | undefined, users: string, notes: string]

// To a template what admission adds to its pods is still to be added; to a pod it has been.
const templates: readonly Row[] = [
  [[], 'default', 'd', ''],
  [[], 'robot', 'c e', ''],
  [[], 'bare', '', ''],
  [[], 'odd', 'c', ''],
  [[], 'lost', '', 'missing gone'],
  [[], 'none', '', 'unread service-account none'],
  [[], 'shut', '', 'unread service-account shut'],
  [[], 'far', '', 'unread service-account far'],
  [['a'], 'default', 'a', ''],
  [['a'], 'robot', 'a', ''],
  [['a'], 'none', 'a', ''],
  [['a'], 'shut', 'a', ''],
  [['a', 'b'], 'robot', 'a b', ''],
  [['b', 'a'], 'robot', 'b a', ''],
  [['a', 'a'], 'robot', 'a', ''],
  [['a', 'b', 'a'], 'robot', 'a b', ''],
  [[''], 'robot', '', ''],
  [['', ''], 'robot', '', ''],
  [['', 'a'], 'robot', 'a', ''],
  [['a', ''], 'robot', 'a', ''],
  [['gone'], 'robot', '', 'missing gone'],
  [['gone', 'a'], 'robot', 'a', 'missing gone'],
  [['shut'], 'robot', '', 'unread secret shut'],
  [['far'], 'robot', '', 'missing far'],
  [undefined, 'default', '', 'unread controller'],
  [undefined, 'robot', '', 'unread controller'],
  [undefined, undefined, '', 'unread controller'],
  [[], undefined, '', 'unread controller'],
  // What is written counts, though the controller may add to it.
  [['a'], undefined, 'a', 'unread controller'],
  [['gone', 'a'], undefined, 'a', 'unread controller, missing gone'],
]

const pods: readonly Row[] = [
  [[], 'default', '', ''],
  [[], 'robot', '', ''],
  [[], 'none', '', ''],
  [[], 'shut', '', ''],
  [['a'], 'robot', 'a', ''],
  [['a', 'b'], 'default', 'a b', ''],
  [[''], 'robot', '', ''],
  [['', 'b'], 'none', 'b', ''],
  [['gone'], 'none', '', 'missing gone'],
  [['shut', 'b'], 'shut', 'b', 'unread secret shut'],
  [['d', 'c', 'b', 'a'], 'default', 'd c b a', ''],
  [undefined, 'robot', '', 'unread controller'],
  [['a'], undefined, 'a', 'unread controller'],
]

describe('the secrets of a template are', () => {
  test.each(templates)('%j of account %s: %j %j', async (secrets, account, users, notes) => {
    expect(await readAs(secrets, account, true)).toMatchObject({ users, notes })
  })
})

describe('the secrets of a pod are', () => {
  test.each(pods)('%j of account %s: %j %j', async (secrets, account, users, notes) => {
    expect(await readAs(secrets, account, false)).toMatchObject({ users, notes })
  })
})

describe('nothing is read', () => {
  test('of a ServiceAccount whose list does not count', async () => {
    expect((await readAs(['a'], 'robot', true)).reads).toEqual(['secret ns/a'])
    expect((await readAs([''], 'robot', true)).reads).toEqual([])
    expect((await readAs([], 'robot', false)).reads).toEqual([])
  })

  test('twice, and all is read anew where that is wanted', async () => {
    expect((await readAs(['a', 'b', 'a'], 'robot', true)).reads).toEqual(['secret ns/a', 'secret ns/b'])
    const anew = ['account ns/robot anew', 'secret ns/c anew', 'secret ns/e anew']
    expect((await readAs([], 'robot', true, true)).reads).toEqual(anew)
  })

  test('beyond a hundred, and that is said once', async () => {
    const many = Array.from({ length: 5000 }, (_, at) => `s${at}`)
    const { reads, notes } = await readAs(many, 'default', false)
    expect(reads).toHaveLength(100)
    expect(notes.split(', ').slice(99)).toEqual(['missing s99', 'unread secret s100'])
  })
})

const json = 'kubernetes.io/dockerconfigjson'
const cfg = 'kubernetes.io/dockercfg'
const entry = '{"username":"u","password":"p"}'
const base64 = (text: string): string => Buffer.from(text).toString('base64')

const secretRows: readonly [string, PullSecret, users: string, notes: string][] = [
  ['a docker config', secretOf(json, '.dockerconfigjson', `{"auths":{"r":${entry}}}`), 'u', ''],
  ['the old format', secretOf(cfg, '.dockercfg', `{"r":${entry}}`), 'u', ''],
  ['no entries', configSecret('{"auths":{}}'), '', ''],
  ['null', configSecret('null'), '', ''],
  ['another type', secretOf('Opaque', '.dockerconfigjson', `{"auths":{"r":${entry}}}`), '', 'unusable s'],
  ['no type', secretOf('', '.dockerconfigjson', `{"auths":{"r":${entry}}}`), '', 'unusable s'],
  ['the key of the other type', secretOf(json, '.dockercfg', `{"r":${entry}}`), '', 'unusable s'],
  ['the other key of the other type', secretOf(cfg, '.dockerconfigjson', '{}'), '', 'unusable s'],
  ['no such key', secretOf(json, 'config.json', '{}'), '', 'unusable s'],
  ['an empty text', secretOf(json, '.dockerconfigjson', ''), '', 'unusable s'],
  ['no JSON', configSecret('user:pass'), '', 'malformed s: not-json'],
  ['a NUL behind it', configSecret('{"auths":{}}\0'), '', 'malformed s: not-json'],
  ['a list', configSecret('{"auths":[]}'), '', 'malformed s: wrong-shape'],
  ['a number for a password', configSecret('{"auths":{"r":{"password":1}}}'), '', 'malformed s: wrong-shape'],
  ['no base64', configSecret('{"auths":{"r":{"auth":"%%%"}}}'), '', 'malformed s: bad-base64'],
  ['no colon', configSecret(`{"auths":{"r":{"auth":"${base64('up')}"}}}`), '', 'malformed s: no-colon'],
  ['one bad entry of two', configSecret(`{"auths":{"r":${entry},"q":[]}}`), '', 'malformed s: wrong-shape'],
  ['the new format under the old key', secretOf(cfg, '.dockercfg', `{"auths":{"r":${entry}}}`), '', ''],
  ['the old format under the new key', configSecret(`{"r":${entry}}`), '', ''],
]

describe('of a secret with', () => {
  test.each(secretRows)('%s: %j %j', async (_, secret, users, notes) => {
    const { secrets, sources } = emptyStore()
    secrets.set('ns/s', secret)
    const pullAs = { namespace: 'ns', imagePullSecrets: ['s'], serviceAccount: 'default' }
    const read = await readPodSecrets({ pullAs, addsAccountSecrets: false }, sources, false, signal())
    expect(read.entries.map(({ username }) => username).join(' ')).toBe(users)
    expect(read.notes.map(short).join(', ')).toBe(notes)
  })
})

const bad = configSecret('{"auths":{"r":{"auth":"%%%"}}}')

const severalRows: readonly [names: readonly string[], users: string, notes: string][] = [
  [['a', 'b', 'c'], 'a b c', ''],
  [['c', 'gone', 'a'], 'c a', 'missing gone'],
  [['gone', 'lost'], '', 'missing gone, missing lost'],
  [['gone', 'gone'], '', 'missing gone'],
  [['opaque', 'a', 'opaque'], 'a', 'unusable opaque'],
  [['bad', 'a'], 'a', 'malformed bad: bad-base64'],
  [['a', 'bad'], 'a', 'malformed bad: bad-base64'],
  [
    ['gone', 'bad', 'opaque', 'shut', 'a'],
    'a',
    'missing gone, malformed bad: bad-base64, unusable opaque, unread secret shut',
  ],
  [['shut', 'shut', 'a', 'a'], 'a', 'unread secret shut'],
  [['__proto__', 'a'], 'a', 'missing __proto__'],
  [['a/../b'], '', 'missing a/../b'],
]

describe('of several secrets', () => {
  test.each(severalRows)('%j: %j %j, in the order of the list', async (names, users, notes) => {
    const { secrets, sources } = cluster()
    secrets.set('ns/bad', bad)
    secrets.set('ns/opaque', secretOf('Opaque', 'x', 'y'))
    const pullAs = { namespace: 'ns', imagePullSecrets: names, serviceAccount: 'default' }
    const read = await readPodSecrets({ pullAs, addsAccountSecrets: false }, sources, false, signal())
    expect(read.entries.map(({ username }) => username).join(' ')).toBe(users)
    expect(read.notes.map(short).join(', ')).toBe(notes)
  })

  test('the order of the list stands, whichever is read first', async () => {
    const gates = new Map('abc'.split('').map(name => [name, Promise.withResolvers<void>()]))
    const { sources } = cluster()
    const secret: typeof sources.secret = async (namespace, name, anew, until) => {
      await gates.get(name)?.promise
      return sources.secret(namespace, name, anew, until)
    }
    const pullAs = { namespace: 'ns', imagePullSecrets: ['a', 'b', 'c'], serviceAccount: 'default' }
    const reading = readPodSecrets({ pullAs, addsAccountSecrets: false }, { ...sources, secret }, false, signal())
    for (const name of ['c', 'a', 'b']) gates.get(name)?.resolve()
    expect((await reading).entries.map(({ username }) => username)).toEqual(['a', 'b', 'c'])
  })
})

const tables = [templates, pods, secretRows, severalRows]
const count = tables.reduce((sum, { length }) => sum + length, 0)

test(`these are ${count} mergers of the secrets of pods and ServiceAccounts`, () => {
  expect(count).toBeGreaterThanOrEqual(40)
})
