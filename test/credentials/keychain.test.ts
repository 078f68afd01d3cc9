import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createKeychain, type HeldKeys, type KeychainOptions } from '../../src/credentials/keychain.ts'
import { joinKeys, noKeys } from '../../src/credentials/keys.ts'
import { nodeFileKeys } from '../../src/credentials/node-file.ts'
import type { PullingPod } from '../../src/credentials/pod-secrets.ts'
import type { ProviderConfig } from '../../src/credentials/provider/provider-config.ts'
import { createProviders } from '../../src/credentials/provider/providers.ts'
import type { Puller } from '../../src/credentials/provider/puller.ts'
import { deadlineIn } from '../../src/lib/deadline.ts'
import { configSecret, emptyStore, secretFor } from '../check/stage.ts'
import { referenceOf } from '../support/reference-of.ts'
import { directoryForTest, pathOf, writeProgram } from './programs.ts'

const signal = (): AbortSignal => AbortSignal.timeout(5000)
const credential = (username: string) => ({ username, password: 'p' })

const podWith = (secrets: readonly string[] | undefined, merge = false, serviceAccount = 'default'): PullingPod => ({
  pullAs: { namespace: 'ns', imagePullSecrets: secrets, serviceAccount },
  addsAccountSecrets: merge,
})

/** A keychain, of which it is said who would be tried for an image, and what was seen on the way. */
const stage = (options: Partial<KeychainOptions> = {}) => {
  const store = emptyStore()
  const all = { sources: store.sources, held: [], nodesMayHold: () => false, ...options }
  const keychain = createKeychain(all)
  const ask = async (pod: PullingPod, image = 'registry.example/shop/web:1') => {
    const { credentials, notes } = await (await keychain(pod, false, signal()))(referenceOf(image), signal())
    return { users: credentials.map(({ username }) => username).join(' '), notes }
  }
  return { ...store, ask }
}

const holding =
  (...usernames: readonly string[]): HeldKeys =>
  async () => ({ credentials: usernames.map(credential), notes: [] })

describe('the keys of a pod', () => {
  test('are those of its secrets, then what the node holds, in the order of the node', async () => {
    const { ask, secrets } = stage({ held: [holding('file'), holding('provider', 'other')] })
    secrets.set('ns/a', secretFor(credential('a'), 'registry.example'))
    secrets.set('ns/b', secretFor(credential('b'), 'registry.example/shop'))
    // The pod's secrets are one keyring: the longer key is first, whichever secret it stands in.
    expect(await ask(podWith(['a', 'b']))).toEqual({ users: 'b a file provider other', notes: [] })
    expect(await ask(podWith(['a', 'b']), 'registry.example/other')).toMatchObject({ users: 'a file provider other' })
  })

  test('keep that order, whoever answers first', async () => {
    const later = Promise.withResolvers<void>()
    const slow: HeldKeys = async () => {
      await later.promise
      return { credentials: [credential('slow')], notes: [{ kind: 'unreadable', source: 'provider', name: 'slow' }] }
    }
    const quick: HeldKeys = async () => {
      later.resolve()
      return { credentials: [credential('quick')], notes: [{ kind: 'unreadable', source: 'provider', name: 'quick' }] }
    }
    const { users, notes } = await stage({ held: [slow, quick] }).ask(podWith([]))
    expect(users).toBe('slow quick')
    expect(notes.map(note => ('name' in note ? note.name : ''))).toEqual(['slow', 'quick'])
  })

  test('of equal places are in the order of the secrets', async () => {
    const { ask, secrets } = stage()
    for (const name of 'abc') secrets.set(`ns/${name}`, secretFor(credential(name), 'registry.example'))
    expect(await ask(podWith(['c', 'a', 'b']))).toMatchObject({ users: 'c a b' })
  })

  test('are those of the same namespace alone', async () => {
    const { ask, secrets } = stage()
    secrets.set('other/a', secretFor(credential('a'), 'registry.example'))
    expect(await ask(podWith(['a']))).toEqual({ users: '', notes: [{ kind: 'missing-secret', secret: 'a' }] })
  })

  test('for Docker Hub are hidden by a shorter key of the same keyring, and the node has another keyring', async () => {
    const hub = 'https://index.docker.io/v1/'
    const held: HeldKeys = async name => ({
      ...noKeys,
      credentials: name.startsWith('docker.io/') ? [credential('node')] : [],
    })
    const { ask, secrets } = stage({ held: [held] })
    secrets.set('ns/hub', secretFor(credential('hub'), hub))
    secrets.set('ns/io', secretFor(credential('io'), '*.io'))
    expect(await ask(podWith(['hub']), 'nginx')).toMatchObject({ users: 'hub node' })
    expect(await ask(podWith(['hub', 'io']), 'nginx')).toMatchObject({ users: 'io node' })
  })

  test('are read once for all its images', async () => {
    const store = emptyStore()
    store.secrets.set('ns/a', secretFor(credential('a'), 'registry.example'))
    const keychain = createKeychain({ sources: store.sources, held: [], nodesMayHold: () => false })
    const find = await keychain(podWith(['a']), true, signal())
    await Promise.all(['a', 'b', 'c'].map(name => find(referenceOf(`registry.example/${name}`), signal())))
    expect(store.reads).toEqual(['secret ns/a anew'])
  })

  test('come with what was seen on the way to them, secrets first', async () => {
    const unread: HeldKeys = async () => ({
      ...noKeys,
      notes: [{ kind: 'unreadable', source: 'docker-config', name: 'f' }],
    })
    const { ask, secrets } = stage({ held: [unread], nodesMayHold: () => true })
    secrets.set('ns/bad', configSecret('{'))
    expect((await ask(podWith(['gone', 'bad']))).notes).toEqual([
      { kind: 'missing-secret', secret: 'gone' },
      { kind: 'malformed-secret', secret: 'bad', problem: 'not-json' },
      { kind: 'unreadable', source: 'docker-config', name: 'f' },
      { kind: 'nodes-may-hold' },
    ])
  })

  test('are told who pulls, and for which name without tag and digest', async () => {
    const asked: (readonly [string, Puller])[] = []
    const held: HeldKeys = async (name, puller) => {
      asked.push([name, puller])
      return noKeys
    }
    await stage({ held: [held] }).ask(podWith([], true, 'robot'), `nginx:1@sha256:${'a'.repeat(64)}`)
    expect(asked).toEqual([['docker.io/library/nginx', { namespace: 'ns', serviceAccount: 'robot' }]])
  })
})

describe('nodes may hold', () => {
  test('what nobody told us for some registries, and not for others', async () => {
    const { ask } = stage({ nodesMayHold: registry => registry === 'registry.example' })
    expect(await ask(podWith([]))).toEqual({ users: '', notes: [{ kind: 'nodes-may-hold' }] })
    expect(await ask(podWith([]), 'other.example/web')).toEqual({ users: '', notes: [] })
  })
})

describe('where no secret can be read', () => {
  test.each<[string, PullingPod, object[]]>([
    ['a pod without any misses none', podWith([]), []],
    ['a pod’s first secret is named', podWith(['a', 'b']), [{ kind: 'unreadable', source: 'secret', name: 'a' }]],
    [
      'a template’s account is',
      podWith([], true),
      [{ kind: 'unreadable', source: 'service-account', name: 'default' }],
    ],
    ['a template’s secret is first', podWith(['a'], true), [{ kind: 'unreadable', source: 'secret', name: 'a' }]],
    ['the controller is', podWith(undefined, true), [{ kind: 'unreadable', source: 'controller', name: '' }]],
  ])('%s', async (_, pod, notes) => {
    const { ask } = stage({ sources: undefined, held: [holding('own')] })
    expect(await ask(pod)).toEqual({ users: 'own', notes })
  })
})

const v1 = 'credentialprovider.kubelet.k8s.io/v1'

const providerOf = (name: string, more: Partial<ProviderConfig> = {}): ProviderConfig => ({
  name,
  matchImages: ['registry.example'],
  defaultCacheMs: 1000,
  apiVersion: v1,
  args: [],
  env: [],
  token: undefined,
  ...more,
})

const printing = (place: string, username: string): string => {
  const auth = { [place]: credential(username) }
  const answer = { kind: 'CredentialProviderResponse', apiVersion: v1, cacheKeyType: 'Image', auth }
  return `cat > /dev/null; cat <<'END'\n${JSON.stringify(answer)}\nEND`
}

const askingProviders = async (programs: Readonly<Record<string, string>>, configs: readonly ProviderConfig[]) => {
  const binDir = await directoryForTest()
  for (const [name, script] of Object.entries(programs)) await writeProgram(binDir, name, script)
  return createProviders(configs, {
    binDir,
    environment: pathOf(),
    runMs: 5000,
    nowMs: () => 0,
    mostAnswers: 10,
    findAccount: async () => ({ uid: 'uid', annotations: new Map() }),
    requestToken: async () => 'token',
    complain: () => {},
  })
}

describe('with the node’s file and providers', () => {
  test('all are tried in the kubelet’s order, and one that fails leaves the others be', async () => {
    const file = join(await directoryForTest(), 'config.json')
    await writeFile(file, JSON.stringify({ auths: { 'registry.example': credential('file') } }))
    const programs = {
      first: printing('registry.example', 'first'),
      broken: 'exit 3',
      second: printing('registry.example/shop', 'second'),
    }
    const names = ['first', 'broken', 'second']
    const providers = await askingProviders(
      programs,
      names.map(name => providerOf(name)),
    )
    const { ask, secrets } = stage({ held: [nodeFileKeys(file, () => 0), providers] })
    secrets.set('ns/a', secretFor(credential('a'), 'registry.example'))
    expect(await ask(podWith(['gone', 'a']))).toEqual({
      // The providers' answers are one keyring of their own, the longer key first.
      users: 'a file second first',
      notes: [
        { kind: 'missing-secret', secret: 'gone' },
        { kind: 'unreadable', source: 'provider', name: 'broken', problem: { what: 'failed', said: '' } },
      ],
    })
  })

  test('a provider that is not meant for the image is not asked', async () => {
    const programs = { other: 'exit 3' }
    const providers = await askingProviders(programs, [providerOf('other', { matchImages: ['*.other.example'] })])
    expect(await stage({ held: [providers] }).ask(podWith([]))).toEqual({ users: '', notes: [] })
  })

  test('whoever gives up waits for no provider', async () => {
    const providers = await askingProviders({ slow: 'exec sleep 5' }, [providerOf('slow')])
    const keychain = createKeychain({ sources: undefined, held: [providers], nodesMayHold: () => false })
    const leaving = new AbortController()
    const find = await keychain(podWith([]), false, leaving.signal)
    const asked = find(referenceOf('registry.example/web'), leaving.signal)
    leaving.abort()
    expect((await asked).notes).toMatchObject([
      { kind: 'unreadable', source: 'provider', name: 'slow', problem: { what: 'timed-out' } },
    ])
  })
})

describe('joined keys', () => {
  test('stand one behind the other, however often one occurs', () => {
    const a = { credentials: [credential('a')], notes: [{ kind: 'nodes-may-hold' }] } as const
    const b = { credentials: [credential('b'), credential('a')], notes: [] }
    expect(joinKeys([noKeys, a, b, noKeys])).toEqual({
      credentials: [credential('a'), credential('b'), credential('a')],
      notes: [{ kind: 'nodes-may-hold' }],
    })
    expect(joinKeys([])).toEqual(noKeys)
  })
})

test('a provider that hangs leaves half of the time to the pod’s own secrets', async () => {
  const { sources, secrets } = emptyStore()
  secrets.set('ns/a', secretFor(credential('a'), 'registry.example'))
  const hanging: HeldKeys = (_, __, until) =>
    new Promise(resolve => {
      const gaveUp = { ...noKeys, notes: [{ kind: 'unreadable', source: 'provider', name: 'slow' }] } as const
      until.addEventListener('abort', () => resolve(gaveUp))
    })
  const keychain = createKeychain({ sources, held: [hanging], nodesMayHold: () => false })
  const whole = deadlineIn(2000)
  const find = await keychain(podWith(['a']), false, whole)
  const { credentials, notes } = await find(referenceOf('registry.example/shop/web:1'), whole)
  expect({ users: credentials.map(({ username }) => username), notes }).toEqual({
    users: ['a'],
    notes: [{ kind: 'unreadable', source: 'provider', name: 'slow' }],
  })
  expect(whole.aborted).toBe(false)
})
