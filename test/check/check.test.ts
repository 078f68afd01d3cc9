import { describe, expect, test } from 'vitest'
import type { PodSources } from '../../src/credentials/pod-secrets.ts'
import { multiArchImage, singleImage } from '../../src/demo/images.ts'
import type { EmbeddedRegistry, Intercept } from '../../src/demo/registry.ts'
import { ok } from '../../src/lib/result.ts'
import { basicAuthorization, type Credential } from '../../src/registry/auth/credential.ts'
import { closedAfterTest, registryFor } from '../support/lifetime.ts'
import { basicGate, bearerGate, startTokenServer, type TokenServer } from '../support/token-server.ts'
import {
  configSecret,
  emptyStore,
  inTime,
  type Stage,
  type StageOptions,
  said,
  secretFor,
  secretOf,
  stageFor,
  workloadWith,
} from './stage.ts'

const ada: Credential = { username: 'ada', password: 'wrong' }
const bob: Credential = { username: 'bob', password: 'right' }

/** A registry, what was shown to it and to its server of tokens, and a core with a cluster of secrets for it. */
interface Scene extends Stage {
  readonly registry: EmbeddedRegistry
  readonly at: string
  /** How often a credential was shown by header and by form, to the registry and to the server of tokens. */
  readonly shown: (credential: Credential) => { readonly registry: number; readonly tokens: number }
}

type Gate = (tokens: TokenServer) => Intercept

const gates = {
  /** Everybody, unasked. */
  open: () => () => false,
  /** Everybody, with a token. */
  public: tokens => bearerGate({ tokens }),
  basic: () => basicGate([bob]),
  bearer: tokens => bearerGate({ tokens, readers: ['bob'] }),
} as const satisfies Record<string, Gate>

const isForm = (credential: Credential, fields: TokenServer['requests'][number]['fields']): boolean =>
  fields.some(([name, value]) => name === 'password' && value === credential.password)

const sceneFor = async (gate: Gate, options: StageOptions = {}): Promise<Scene> => {
  const tokens = closedAfterTest(await startTokenServer({ accounts: [bob] }))
  const headers: (string | undefined)[] = []
  const guard = gate(tokens)
  const registry = await registryFor({
    intercept: (request, response) => {
      headers.push(request.headers.authorization)
      return guard(request, response)
    },
  })
  registry.put('shop/web', '1', multiArchImage(['linux/amd64', 'linux/arm64']))
  const stage = stageFor(options)
  const { host } = registry
  const secrets = {
    right: secretFor(bob, host),
    wrong: secretFor(ada, host),
    other: secretFor(bob, 'other.example'),
    deep: secretFor(bob, `${host}/shop`),
    empty: configSecret(JSON.stringify({ auths: { [host]: {} } })),
    identity: configSecret(JSON.stringify({ auths: { [host]: { identitytoken: 'x' } } })),
    opaque: secretOf('Opaque', '.dockerconfigjson', '{}'),
    bad: configSecret('{"auths":{"other.example":{"auth":"%%%"}}}'),
    shut: 'unreadable',
  } as const
  for (const [name, secret] of Object.entries(secrets)) stage.secrets.set(`shop/${name}`, secret)
  const shown: Scene['shown'] = credential => {
    const proof = basicAuthorization(credential)
    const toTokens = tokens.requests.filter(each => each.authorization === proof || isForm(credential, each.fields))
    return { registry: headers.filter(each => each === proof).length, tokens: toTokens.length }
  }
  return { ...stage, registry, at: `${host}/shop/web`, shown }
}

type GateName = keyof typeof gates

const rows: readonly (readonly [gate: GateName, secrets: readonly string[], codes: string])[] = [
  ['basic', ['right'], ''],
  ['basic', ['deep'], ''],
  ['basic', [], 'denied'],
  ['basic', [''], 'denied'],
  ['basic', ['other'], 'denied'],
  ['basic', ['wrong'], 'denied'],
  ['basic', ['wrong', 'right'], ''],
  ['basic', ['right', 'wrong'], ''],
  // The longer key is tried first, whichever secret it stands in.
  ['basic', ['wrong', 'deep'], ''],
  ['basic', ['empty'], 'denied'],
  ['basic', ['identity'], 'denied'],
  ['basic', ['empty', 'right'], ''],
  ['basic', ['gone'], 'denied missing-pull-secret'],
  ['basic', ['opaque'], 'denied missing-pull-secret'],
  ['basic', ['gone', 'right'], 'missing-pull-secret'],
  ['basic', ['gone', 'opaque', 'right'], 'missing-pull-secret missing-pull-secret'],
  ['basic', ['gone', 'wrong'], 'denied missing-pull-secret'],
  ['basic', ['shut'], 'unknown-credentials'],
  ['basic', ['shut', 'wrong'], 'unknown-credentials'],
  ['basic', ['shut', 'right'], ''],
  ['basic', ['bad', 'right'], 'bad-pull-secret'],
  ['basic', ['right', 'bad'], 'bad-pull-secret'],
  ['bearer', ['right'], ''],
  ['bearer', [], 'denied'],
  ['bearer', ['other'], 'denied'],
  ['bearer', ['wrong'], 'denied'],
  ['bearer', ['wrong', 'right'], ''],
  ['bearer', ['right', 'wrong'], ''],
  ['bearer', ['empty', 'right'], ''],
  ['bearer', ['identity'], 'denied'],
  ['bearer', ['gone', 'right'], 'missing-pull-secret'],
  ['bearer', ['shut'], 'unknown-credentials'],
  ['bearer', ['bad', 'right'], 'bad-pull-secret'],
  ['public', [], ''],
  ['public', ['other'], ''],
  ['public', ['right'], ''],
  // As the node: it asks as nobody only where it holds nothing.
  ['public', ['wrong'], 'denied'],
  ['public', ['wrong', 'other'], 'denied'],
  ['public', ['empty'], ''],
  ['public', ['wrong', 'empty'], ''],
  ['public', ['gone'], 'missing-pull-secret'],
  ['public', ['shut'], ''],
  ['public', ['bad'], 'bad-pull-secret'],
  ['open', [], ''],
  ['open', ['wrong'], ''],
  ['open', ['gone'], 'missing-pull-secret'],
  ['open', ['opaque', 'wrong'], 'missing-pull-secret'],
  ['open', ['bad'], 'bad-pull-secret'],
]

describe('a node fares', () => {
  test.each(rows)('at a %s registry with the secrets %j: %j', async (gate, secrets, codes) => {
    const { check, at, asked, shown } = await sceneFor(gates[gate])
    expect(said(await check(workloadWith([`${at}:1`], secrets), inTime()))).toEqual([codes])
    if (codes === 'bad-pull-secret') expect(asked).toEqual([])
    // A wrong password goes once to a registry, and to a server of tokens once by form and once by header.
    const { registry, tokens } = shown(ada)
    expect(registry).toBeLessThanOrEqual(1)
    expect(tokens).toBeLessThanOrEqual(2)
    if (gate !== 'basic') expect(shown(bob).registry).toBe(0)
    if (secrets[0] === 'right') expect([registry, tokens]).toEqual([0, 0])
  })

  test('with a secret that cannot be decoded for none of its images, and asks for none', async () => {
    const { check, at, asked, reads } = await sceneFor(gates.open)
    const images = [`${at}:1`, `${at}:9`, 'nginx', 'Not An Image']
    const codes = ['bad-pull-secret', 'bad-pull-secret', 'bad-pull-secret', 'invalid-reference']
    expect(said(await check(workloadWith(images, ['other', 'bad']), inTime()))).toEqual(codes)
    expect(asked).toEqual([])
    // Read once, and once more before it denies.
    expect(reads).toEqual(['secret shop/other', 'secret shop/bad', 'secret shop/other anew', 'secret shop/bad anew'])
  })

  test('with what its ServiceAccount adds to a template, and adds nothing to a pod', async () => {
    const { check, at, accounts } = await sceneFor(gates.basic)
    accounts.set('shop/default', ['wrong', 'right'])
    const image = [`${at}:1`]
    expect(said(await check(workloadWith(image, [], { kind: 'Deployment' }), inTime()))).toEqual([''])
    expect(said(await check(workloadWith(image), inTime()))).toEqual(['denied'])
    const lost = workloadWith(image, [], { kind: 'Deployment', account: 'lost' })
    expect(said(await check(lost, inTime()))).toEqual(['unknown-credentials'])
  })

  test('with what it may hold itself, as nobody can tell', async () => {
    const { check, at } = await sceneFor(gates.basic, { nodesMayHold: () => true })
    for (const secrets of [[], ['other'], ['wrong']])
      expect(said(await check(workloadWith([`${at}:1`], secrets), inTime()))).toEqual(['node-credentials'])
    expect(said(await check(workloadWith([`${at}:1`], ['right']), inTime()))).toEqual([''])
  })

  test('with what it holds itself, behind the secrets', async () => {
    const held = async () => ({ credentials: [bob], notes: [] })
    const { check, at, shown } = await sceneFor(gates.basic, { held: [held] })
    expect(said(await check(workloadWith([`${at}:1`], ['wrong']), inTime()))).toEqual([''])
    expect(shown(ada).registry).toBe(1)
  })
})

describe('a password', () => {
  test.each(['basic', 'bearer'] as const)(
    'that is wrong is shown once at a %s registry, though tags are looked up',
    async gate => {
      const { check, at, shown, registry } = await sceneFor(gates[gate])
      registry.put('shop/web', '1.4.0', singleImage('linux/amd64'))
      const [verdict] = (await check(workloadWith([`${at}:1.40`], ['wrong', 'right']), inTime())).verdicts
      expect(verdict).toMatchObject({ findings: [{ code: 'not-found', near: ['1.4.0'] }] })
      expect(shown(ada)).toEqual(gate === 'basic' ? { registry: 1, tokens: 0 } : { registry: 0, tokens: 2 })
    },
  )

  test.each(['basic', 'bearer'] as const)(
    'that is wrong is shown once at a %s registry, though the program is looked at',
    async gate => {
      const { check, at, shown, registry } = await sceneFor(gates[gate])
      registry.put('shop/web', 'odd', singleImage('linux/arm64', { program: 'linux/amd64' }))
      expect(said(await check(workloadWith([`${at}:odd`], ['wrong', 'right']), inTime()))).toEqual(['mislabelled'])
      expect(shown(ada)).toEqual(gate === 'basic' ? { registry: 1, tokens: 0 } : { registry: 0, tokens: 2 })
    },
  )

  test('that is wrong is shown once for two uses of one image, and once more in the next review', async () => {
    const { check, at, shown } = await sceneFor(gates.basic)
    const workload = workloadWith([`${at}:1`, `${at}:1`], ['wrong'])
    for (const times of [1, 2, 3]) {
      expect(said(await check(workload, inTime()))).toEqual(['denied', 'denied'])
      expect(shown(ada).registry).toBe(times)
    }
  })

  test('that is wrong is shown once, though one beside it was refused a moment ago', async () => {
    const eve = { username: 'eve', password: 'bad' }
    const { check, at, shown, registry, secrets } = await sceneFor(gates.basic)
    secrets.set('shop/eve', secretFor(eve, registry.host))
    await check(workloadWith([`${at}:1`], ['eve']), inTime())
    await check(workloadWith([`${at}:1`], ['wrong', 'eve']), inTime())
    expect([shown(ada).registry, shown(eve).registry]).toEqual([1, 2])
  })

  test('that is right goes once to the server of tokens, whatever is asked', async () => {
    const { check, at, shown } = await sceneFor(gates.bearer)
    const images = ['1', '9', '8'].map(tag => `${at}:${tag}`)
    expect(said(await check(workloadWith(images, ['right']), inTime()))).toEqual(['', 'not-found', 'not-found'])
    expect(shown(bob)).toEqual({ registry: 0, tokens: 1 })
  })

  test('of another registry goes nowhere', async () => {
    const { check, at, shown } = await sceneFor(gates.public)
    await check(workloadWith([`${at}:1`, `${at}:9`], ['other']), inTime())
    expect(shown(bob)).toEqual({ registry: 0, tokens: 0 })
  })
})

/** Sources that give what they have only to whoever asks anew. */
const lateFor = (sources: PodSources): PodSources => {
  const nothing = emptyStore().sources
  return {
    secret: (...asked) => (asked[2] ? sources : nothing).secret(...asked),
    accountSecrets: (...asked) => (asked[2] ? sources : nothing).accountSecrets(...asked),
  }
}

describe('in one apply', () => {
  test('a secret that comes just before its workload is found when it is looked for again', async () => {
    const late = emptyStore()
    const { check, at, registry } = await sceneFor(gates.basic, { sources: lateFor(late.sources) })
    late.secrets.set('shop/late', secretFor(bob, registry.host))
    expect(said(await check(workloadWith([`${at}:1`], ['late']), inTime()))).toEqual([''])
    expect(said(await check(workloadWith([`${at}:1`], ['never']), inTime()))).toEqual(['denied missing-pull-secret'])
  })

  test('and what was refused before it was there is not shown once more', async () => {
    const late = emptyStore()
    const early = emptyStore()
    const secret: PodSources['secret'] = (...asked) => (asked[1] === 'a' ? early : late).sources.secret(...asked)
    const sources = { ...late.sources, secret: lateFor({ ...late.sources, secret }).secret }
    const both: PodSources = {
      ...sources,
      secret: (...asked) => (asked[1] === 'a' ? secret : sources.secret)(...asked),
    }
    const { check, at, registry, shown } = await sceneFor(gates.basic, { sources: both })
    early.secrets.set('shop/a', secretFor(ada, registry.host))
    late.secrets.set('shop/b', secretFor(bob, registry.host))
    expect(said(await check(workloadWith([`${at}:1`], ['a', 'b']), inTime()))).toEqual([''])
    expect(shown(ada).registry).toBe(1)
  })

  test('a secret that is mended just before its workload counts as it is now', async () => {
    const store = emptyStore()
    let isMended = false
    const { check, at, registry, asked } = await sceneFor(gates.basic, {
      sources: {
        ...store.sources,
        secret: async (_, __, anew) => ok(anew && isMended ? secretFor(bob, registry.host) : configSecret('{')),
      },
    })
    expect(said(await check(workloadWith([`${at}:1`], ['s']), inTime()))).toEqual(['bad-pull-secret'])
    expect(asked).toEqual([])
    isMended = true
    expect(said(await check(workloadWith([`${at}:1`], ['s']), inTime()))).toEqual([''])
  })

  test('a password that is changed just before its workload counts as it is now', async () => {
    const store = emptyStore()
    const { check, at, registry } = await sceneFor(gates.bearer, {
      sources: { ...store.sources, secret: async (_, __, anew) => ok(secretFor(anew ? bob : ada, registry.host)) },
    })
    expect(said(await check(workloadWith([`${at}:1`], ['s']), inTime()))).toEqual([''])
  })

  test('a secret that can no longer be read leaves a refusal in doubt', async () => {
    const store = emptyStore()
    const { check, at, registry } = await sceneFor(gates.basic, {
      sources: {
        ...store.sources,
        secret: async (_, __, anew) => (anew ? { ok: false, error: 'unreadable' } : ok(secretFor(ada, registry.host))),
      },
    })
    expect(said(await check(workloadWith([`${at}:1`], ['s']), inTime()))).toEqual(['unknown-credentials'])
  })

  test('secrets are read once where all is well, and once more where it is not', async () => {
    const { check, at, reads } = await sceneFor(gates.basic)
    await check(workloadWith([`${at}:1`, `${at}:1`], ['right']), inTime())
    expect(reads.splice(0)).toEqual(['secret shop/right'])
    await check(workloadWith([`${at}:9`, `${at}:8`], ['right']), inTime())
    expect(reads).toEqual(['secret shop/right', 'secret shop/right anew'])
  })
})

test('what is pushed is there for the next review, a hundred times in a row', async () => {
  const { check, at, registry } = await sceneFor(gates.open)
  const image = singleImage('linux/amd64')
  for (let run = 0; run < 100; run++) {
    const workload = workloadWith([`${at}:run-${run}`])
    expect(said(await check(workload, inTime()))).toEqual(['not-found'])
    registry.put('shop/web', `run-${run}`, image)
    expect(said(await check(workload, inTime()))).toEqual([''])
  }
})

test('what is pushed for another platform a moment later no longer fails', async () => {
  const { check, at, registry } = await sceneFor(gates.basic)
  registry.put('shop/web', 'arm', multiArchImage(['linux/arm64']))
  const workload = workloadWith([`${at}:arm`], ['right'])
  expect(said(await check(workload, inTime()))).toEqual(['no-platform'])
  registry.put('shop/web', 'arm', multiArchImage(['linux/arm64', 'linux/amd64']))
  expect(said(await check(workload, inTime()))).toEqual([''])
})
