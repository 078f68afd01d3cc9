import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Keys } from '../../src/credentials/keys.ts'
import { createLogins } from '../../src/credentials/login/logins.ts'
import { deadlineIn } from '../../src/lib/deadline.ts'
import { directoryForTest, pathOf, writeProgram } from './programs.ts'

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const hub = 'https://index.docker.io/v1/'
const nginx = 'docker.io/library/nginx'

interface Home {
  readonly files: Readonly<Record<string, string>>
  /** Helpers by their names, as shell scripts. */
  readonly helpers?: Readonly<Record<string, string>>
  readonly environment?: (home: string) => Readonly<Record<string, string>>
  readonly runMs?: number
}

const lookUp = async (home: Home, name: string): Promise<Keys> => {
  const directory = await directoryForTest()
  for (const [file, text] of Object.entries(home.files)) {
    await mkdir(dirname(join(directory, file)), { recursive: true })
    await writeFile(join(directory, file), text)
  }
  for (const [helper, script] of Object.entries(home.helpers ?? {}))
    await writeProgram(directory, `docker-credential-${helper}`, script)
  const environment = { ...pathOf(directory), ...home.environment?.(directory) }
  const options = { environment, home: directory, runMs: home.runMs ?? 5000, nowMs: () => 0 }
  const found = await createLogins(options)(name, deadlineIn(5000))
  return JSON.parse(JSON.stringify(found).replaceAll(directory, '~'))
}

/** What is found, in a line: the logins, and behind a bar what could not be read. */
const said = ({ credentials, notes }: Keys): string => {
  const logins = credentials.map(({ username, password }) => `${username}:${password}`).join(' ')
  const unread = notes.map(note => ('name' in note ? note.name : note.kind)).join(' ')
  return unread === '' ? logins : `${logins} | ${unread}`
}

const docker = (config: object): Home => ({ files: { '.docker/config.json': JSON.stringify(config) } })
const auths = (...entries: readonly (readonly [key: string, login: string])[]): object => ({
  auths: Object.fromEntries(entries.map(([key, login]) => [key, { auth: base64(login) }])),
})

describe("docker's file has", () => {
  test.each<[what: string, config: object, name: string, expected: string]>([
    ['a login by its host', auths(['a.example', 'u:p']), 'a.example/x', 'u:p'],
    ['a login by its host and port', auths(['a.example:5000', 'u:p']), 'a.example:5000/x', 'u:p'],
    ['a login by its URL', auths(['https://a.example/v1/', 'u:p']), 'a.example/x', 'u:p'],
    ['a login of Docker Hub', auths([hub, 'u:p']), nginx, 'u:p'],
    ['a login of Docker Hub by another name', auths(['docker.io', 'u:p']), nginx, 'u:p'],
    ['a password with colons, and zeroes at its end', auths(['a', 'u:p:q\0\0']), 'a/x', 'u:p:q'],
    ['an identity token', { auths: { a: { auth: base64('u:'), identitytoken: 't' } } }, 'a/x', ':t'],
    ['name and password in plain text', { auths: { a: { username: 'u', password: 'p' } } }, 'a/x', 'u:p'],
    ['no login of another host', auths(['b.example', 'u:p']), 'a.example/x', ''],
    ['no login of another port', auths(['a.example', 'u:p']), 'a.example:5000/x', ''],
    ['no login in patterns', auths(['*.example', 'u:p']), 'a.example/x', ''],
    ['no login of a host that ends alike', auths(['xa.example', 'u:p']), 'a.example/x', ''],
    ['no login in an empty entry', { auths: { a: {} } }, 'a/x', ''],
    ['no login where nothing is written', {}, 'a/x', ''],
    ['no login under a name that objects have', { auths: {} }, 'constructor/x', ''],
    ['an entry that cannot be decoded', { auths: { a: { auth: '!' } } }, 'a/x', ' | ~/.docker/config.json'],
    ['an entry without a colon', { auths: { a: { auth: 'YWE=' } } }, 'a/x', ' | ~/.docker/config.json'],
    [
      'an entry that cannot be decoded, for another host',
      { auths: { a: { auth: '!' }, ...{ b: { auth: base64('u:p') } } } },
      'b/x',
      'u:p',
    ],
  ])('%s', async (_, config, name, expected) => {
    expect(said(await lookUp(docker(config), name))).toBe(expected)
  })
})

describe('files are found', () => {
  const one = JSON.stringify(auths(['a', 'one:p']))
  const two = JSON.stringify(auths(['a', 'two:p']))
  test.each<[what: string, home: Home, expected: string]>([
    ['nowhere', { files: {} }, ''],
    [
      'where DOCKER_CONFIG says',
      {
        files: { 'd/config.json': one, '.docker/config.json': two },
        environment: home => ({ DOCKER_CONFIG: `${home}/d` }),
      },
      'one:p',
    ],
    [
      'at home where DOCKER_CONFIG is empty',
      { files: { '.docker/config.json': two }, environment: () => ({ DOCKER_CONFIG: '' }) },
      'two:p',
    ],
    [
      'not where DOCKER_CONFIG says something wrong',
      { files: { '.docker/config.json': two }, environment: home => ({ DOCKER_CONFIG: `${home}/d` }) },
      ' | ~/d/config.json',
    ],
    [
      "in podman's directory of the run",
      { files: { 'run/containers/auth.json': one }, environment: home => ({ XDG_RUNTIME_DIR: `${home}/run` }) },
      'one:p',
    ],
    ["in podman's directory at home", { files: { '.config/containers/auth.json': one } }, 'one:p'],
    [
      "in podman's directory by the environment",
      { files: { 'c/containers/auth.json': one }, environment: home => ({ XDG_CONFIG_HOME: `${home}/c` }) },
      'one:p',
    ],
    [
      'where REGISTRY_AUTH_FILE says, before all others',
      { files: { f: one, '.docker/config.json': two }, environment: home => ({ REGISTRY_AUTH_FILE: `${home}/f` }) },
      'one:p two:p',
    ],
    [
      "where REGISTRY_AUTH_FILE says, and not in podman's own",
      {
        files: { f: one, '.config/containers/auth.json': two },
        environment: home => ({ REGISTRY_AUTH_FILE: `${home}/f` }),
      },
      'one:p',
    ],
    [
      "at docker's before podman's",
      { files: { '.config/containers/auth.json': two, '.docker/config.json': one } },
      'one:p two:p',
    ],
    [
      'broken, and the next is read',
      { files: { '.docker/config.json': '{', '.config/containers/auth.json': two } },
      'two:p | ~/.docker/config.json',
    ],
    [
      'with a byte order mark, which is broken',
      { files: { '.docker/config.json': `\ufeff${one}` } },
      ' | ~/.docker/config.json',
    ],
    ['to be lists, which is broken', { files: { '.docker/config.json': '[]' } }, ' | ~/.docker/config.json'],
  ])('%s', async (_, home, expected) => {
    expect(said(await lookUp(home, 'a/x'))).toBe(expected)
  })
})

describe("podman's keys", () => {
  const file = JSON.stringify(
    auths(
      ['a.example', 'host:p'],
      ['a.example/team', 'team:p'],
      ['a.example/team/app', 'app:p'],
      ['docker.io/library', 'library:p'],
    ),
  )
  test.each<[name: string, expected: string]>([
    ['a.example/team/app', 'app:p'],
    ['a.example/team/app/sub', 'app:p'],
    ['a.example/team/other', 'team:p'],
    ['a.example/teamwork', 'host:p'],
    ['a.example/x', 'host:p'],
    [nginx, 'library:p'],
    ['docker.io/team/app', ''],
    ['b.example/team', ''],
  ])('name parts of a registry, the longest first: %s', async (name, expected) => {
    expect(said(await lookUp({ files: { '.config/containers/auth.json': file } }, name))).toBe(expected)
  })
})

/** A helper that answers with what it was asked, as its user's name. */
const echo = `read server; [ "$1" = get ] && printf '{"ServerURL":"%s","Username":"%s","Secret":"s"}' "$server" "$server"`

describe('a helper', () => {
  const withStore = (script: string): Home => ({
    ...docker({ credsStore: 'x', ...auths(['a', 'written:p']) }),
    helpers: { x: script },
  })
  const failing = (words: string): string => `echo "${words}"; exit 1`

  test.each<[what: string, home: Home, name: string, expected: string]>([
    ['of all registries is asked for a host', withStore(echo), 'a.example:5000/x', 'a.example:5000:s'],
    ['of all registries is asked for Docker Hub by its URL', withStore(echo), nginx, `${hub}:s`],
    ['of all registries goes before what is written', withStore(echo), 'a/x', 'a:s'],
    [
      'of one registry goes before that of all',
      { ...docker({ credsStore: 'no', credHelpers: { a: 'x' } }), helpers: { x: echo } },
      'a/x',
      'a:s',
    ],
    [
      'of one registry is not asked for another',
      { ...docker({ credHelpers: { b: 'x' }, ...auths(['a', 'u:p']) }), helpers: { x: echo } },
      'a/x',
      'u:p',
    ],
    [
      'of Docker Hub is found by its URL',
      { ...docker({ credHelpers: { [hub]: 'x' } }), helpers: { x: echo } },
      nginx,
      `${hub}:s`,
    ],
    ['may give an identity token', withStore(`echo '{"Username":"<token>","Secret":"t"}'`), 'a/x', ':t'],
    ['may have nothing', withStore(failing('credentials not found in native keychain')), 'a/x', ''],
    ['may give an empty secret, which is nothing', withStore(`echo '{"Username":"","Secret":""}'`), 'a/x', ''],
    ['may fail', withStore(failing('the keychain c4n4ry is locked')), 'a/x', ' | docker-credential-x'],
    ['may print garbage', withStore('echo c4n4ry'), 'a/x', ' | docker-credential-x'],
    ['may print too much', withStore('yes'), 'a/x', ' | docker-credential-x'],
    ['may hang', { ...withStore('exec sleep 600'), runMs: 300 }, 'a/x', ' | docker-credential-x'],
    ['may leave out the secret', withStore(`echo '{"Username":"u"}'`), 'a/x', ' | docker-credential-x'],
    ['may be missing', docker({ credsStore: 'missing' }), 'a/x', ' | docker-credential-missing'],
    [
      'may not be a path',
      { ...docker({ credsStore: '../x' }), helpers: { x: echo } },
      'a/x',
      ' | docker-credential-../x',
    ],
    ['may be no text', docker({ credsStore: 5, credHelpers: ['x'], ...auths(['a', 'u:p']) }), 'a/x', 'u:p'],
    ['may be empty, which is none', docker({ credsStore: '', ...auths(['a', 'u:p']) }), 'a/x', 'u:p'],
  ])('%s', async (_, home, name, expected) => {
    const found = said(await lookUp(home, name))
    expect(found).toBe(expected)
    expect(found).not.toContain('c4n4ry')
  })
})

test('a login that comes while images are waited for is found soon, and not looked for with each of them', async () => {
  const home = await directoryForTest()
  let nowMs = 0
  const logins = createLogins({ environment: {}, home, runMs: 5000, nowMs: () => nowMs })
  const users = async () => (await logins('r.example/web', deadlineIn(5000))).credentials.map(each => each.username)
  expect(await users()).toEqual([])
  await mkdir(join(home, '.docker'))
  await writeFile(join(home, '.docker/config.json'), JSON.stringify(auths(['r.example', 'puller:secret'])))
  expect(await users()).toEqual([])
  nowMs = 10_000
  expect(await users()).toEqual(['puller'])
})
