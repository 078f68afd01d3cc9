import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ProviderOptions } from '../../src/credentials/provider/provider.ts'
import type { ProviderConfig, TokenTerms } from '../../src/credentials/provider/provider-config.ts'
import { createProviders } from '../../src/credentials/provider/providers.ts'
import type { Puller } from '../../src/credentials/provider/puller.ts'
import { deadlineIn } from '../../src/lib/deadline.ts'
import { directoryForTest, pathOf, writeProgram } from './programs.ts'

const image = 'registry.example.com/team/app'
const v1 = 'credentialprovider.kubelet.k8s.io/v1'

const configOf = (more: Partial<ProviderConfig> = {}): ProviderConfig => ({
  name: 'provider',
  matchImages: ['*.example.com'],
  defaultCacheMs: 1000,
  apiVersion: v1,
  args: [],
  env: [],
  token: undefined,
  ...more,
})

const answerOf = (fields: object = {}, username = 'u'): string =>
  JSON.stringify({
    kind: 'CredentialProviderResponse',
    apiVersion: v1,
    cacheKeyType: 'Image',
    auth: { '*.example.com': { username, password: 'p' } },
    ...fields,
  })

const nobody: Puller = { namespace: 'team', serviceAccount: undefined }
const builder: Puller = { namespace: 'team', serviceAccount: 'builder' }

// In one piece, so that several can write at one time.
const noting = (directory: string): string => `printf '%s\\n' "$(cat)" >> ${directory}/asked`

/** A directory of providers; each writes down that it was asked, and what. */
const stageFor = async (script: string, more: Partial<ProviderOptions> = {}) => {
  const binDir = await directoryForTest()
  await writeProgram(binDir, 'provider', `${noting(binDir)}; ${script}`)
  let now = 0
  const options: ProviderOptions = {
    binDir,
    environment: pathOf(),
    runMs: 5000,
    nowMs: () => now,
    mostAnswers: 100,
    findAccount: async () => ({ uid: 'uid-1', annotations: new Map() }),
    requestToken: async () => 'token-1',
    complain: () => {},
    ...more,
  }
  return {
    binDir,
    options,
    pass: (milliseconds: number) => {
      now += milliseconds
    },
    questions: async (): Promise<readonly object[]> =>
      (await readFile(join(binDir, 'asked'), 'utf8').catch(() => ''))
        .split('\n')
        .filter(line => line !== '')
        .map(line => JSON.parse(line)),
  }
}

const printing = (answer: string): string => `cat <<'END'\n${answer}\nEND`

describe('a provider', () => {
  test('is asked by the protocol, and its answer is matched as a docker config is', async () => {
    const { options, questions } = await stageFor(printing(answerOf()))
    const ask = createProviders([configOf()], options)
    expect(await ask(image, nobody, deadlineIn(5000))).toEqual({
      credentials: [{ username: 'u', password: 'p' }],
      notes: [],
    })
    expect(await questions()).toEqual([{ kind: 'CredentialProviderRequest', apiVersion: v1, image }])
  })

  test('has its arguments and its environment, which goes before ours', async () => {
    const script = `printf '${answerOf({}, '%s')}' "$1$A$B"`
    const { options } = await stageFor(script, { environment: { ...pathOf(), A: 'a', B: 'b' } })
    const ask = createProviders([configOf({ args: ['x'], env: [{ name: 'B', value: 'c' }] })], options)
    expect((await ask(image, nobody, deadlineIn(5000))).credentials).toEqual([{ username: 'xac', password: 'p' }])
  })

  test('is not asked for images that it is not meant for', async () => {
    const { options, questions } = await stageFor(printing(answerOf()))
    const ask = createProviders([configOf()], options)
    for (const name of ['docker.io/library/nginx', 'registry.example.com:5000/x', 'example.com/x'])
      expect(await ask(name, nobody, deadlineIn(5000))).toEqual({ credentials: [], notes: [] })
    expect(await questions()).toEqual([])
  })

  test('gives nothing where its answer is for other images', async () => {
    const { options } = await stageFor(
      printing(answerOf({ auth: { 'other.example.com': { username: 'u', password: 'p' } } })),
    )
    expect(await createProviders([configOf()], options)(image, nobody, deadlineIn(5000))).toEqual({
      credentials: [],
      notes: [],
    })
  })

  test('stands in line with the others, in one keyring, in the order of the configuration', async () => {
    const { binDir, options } = await stageFor(`sleep 0.1; ${printing(answerOf({}, 'first'))}`)
    await writeProgram(binDir, 'second', printing(answerOf({}, 'second')))
    await writeProgram(
      binDir,
      'third',
      printing(answerOf({ auth: { 'registry.example.com': { username: 'third', password: 'p' } } })),
    )
    const ask = createProviders(
      ['provider', 'second', 'third'].map(name => configOf({ name })),
      options,
    )
    const { credentials } = await ask(image, nobody, deadlineIn(5000))
    expect(credentials.map(({ username }) => username)).toEqual(['third', 'first', 'second'])
  })
})

describe('a provider that does not answer is noted, and the others are heard', () => {
  const canary = 'c4n4ry'
  test.each<[what: string, script: string, problem: string, said?: string]>([
    ['fails', `echo ${canary}; ${printing(answerOf())}\nexit 3`, 'failed'],
    ['fails and says why', 'echo "AccessDenied: no role" >&2; exit 1', 'failed', 'AccessDenied: no role'],
    ['fails and tells a secret', `echo "denied: password=${canary}" >&2; exit 1`, 'failed', 'denied: password=…'],
    ['prints garbage', `echo ${canary}`, 'bad-answer'],
    ['prints garbage, and says something that nobody needs', `echo x; echo ${canary} >&2`, 'bad-answer'],
    ['prints nothing', ':', 'bad-answer'],
    ['prints a hundred megabytes', 'head -c 100000000 /dev/zero', 'too-much-output'],
    ['complains of a hundred megabytes', 'head -c 100000000 /dev/zero | tr "\\0" a >&2; exit 1', 'failed', '…'],
    ['hangs', 'echo "cannot reach the metadata" >&2; exec sleep 600', 'timed-out', 'cannot reach the metadata'],
    ['speaks another version', printing(answerOf({ apiVersion: `${v1}beta1` })), 'bad-answer'],
    ['says something more', `${printing(answerOf())}\necho ${canary}`, 'bad-answer'],
    ['dies', 'kill -9 $$', 'failed'],
  ])('when it %s', async (_, script, problem, said = '') => {
    const { binDir, options } = await stageFor(script, { runMs: 2000 })
    await writeProgram(binDir, 'good', printing(answerOf({}, 'good')))
    const ask = createProviders([configOf(), configOf({ name: 'good' }), configOf({ name: 'missing' })], options)
    const startedMs = performance.now()
    const provided = await ask(image, nobody, deadlineIn(5000))
    expect(provided.credentials).toEqual([{ username: 'good', password: 'p' }])
    expect(provided.notes).toEqual([
      { kind: 'unreadable', source: 'provider', name: 'provider', problem: { what: problem, said } },
      { kind: 'unreadable', source: 'provider', name: 'missing', problem: { what: 'missing', said: '' } },
    ])
    expect(JSON.stringify(provided)).not.toContain(canary)
    expect(performance.now() - startedMs).toBeLessThan(4500)
  })

  test('when the one who asks gives up; the answer is there for the next', async () => {
    const { options, questions } = await stageFor(`sleep 0.5; ${printing(answerOf())}`)
    const ask = createProviders([configOf()], options)
    const problem = { what: 'timed-out', said: '' }
    const notes = [{ kind: 'unreadable', source: 'provider', name: 'provider', problem }]
    expect(await ask(image, nobody, deadlineIn(100))).toEqual({ credentials: [], notes })
    expect((await ask(image, nobody, deadlineIn(5000))).credentials).toHaveLength(1)
    expect(await questions()).toHaveLength(1)
  })
})

describe('an answer', () => {
  const other = 'registry.example.com/other'
  const foreign = 'b.example.com/x'

  test.each<[what: string, fields: object, names: readonly string[], runs: number]>([
    ['of an image is kept for that image', { cacheKeyType: 'Image' }, [image, image, other, foreign], 3],
    ['of a registry is kept for all of it', { cacheKeyType: 'Registry' }, [image, image, other, foreign], 2],
    ['of all registries is kept for all', { cacheKeyType: 'Global' }, [image, image, other, foreign], 1],
    ['of no duration is not kept', { cacheKeyType: 'Global', cacheDuration: '0s' }, [image, image], 2],
    ['of the past is not kept', { cacheKeyType: 'Global', cacheDuration: '-1h' }, [image, image], 2],
  ])('%s', async (_, fields, names, runs) => {
    const { options, questions } = await stageFor(printing(answerOf(fields)))
    const ask = createProviders([configOf()], options)
    for (const name of names) expect((await ask(name, nobody, deadlineIn(5000))).credentials).toHaveLength(1)
    expect(await questions()).toHaveLength(runs)
  })

  test('is kept as long as it says, and else as long as the configuration says', async () => {
    const stage = await stageFor(printing(answerOf({ cacheDuration: '2s' })))
    await writeProgram(stage.binDir, 'second', `${noting(stage.binDir)}; ${printing(answerOf())}`)
    const ask = createProviders([configOf(), configOf({ name: 'second' })], stage.options)
    const runs = async (): Promise<number> => {
      await ask(image, nobody, deadlineIn(5000))
      return (await stage.questions()).length
    }
    expect(await runs()).toBe(2)
    stage.pass(1000)
    expect(await runs()).toBe(2)
    stage.pass(1)
    expect(await runs()).toBe(3)
    stage.pass(999)
    expect(await runs()).toBe(3)
    stage.pass(1)
    expect(await runs()).toBe(4)
  })

  test('is not kept where the configuration says so', async () => {
    const { options, questions } = await stageFor(printing(answerOf()))
    const ask = createProviders([configOf({ defaultCacheMs: 0 })], options)
    await ask(image, nobody, deadlineIn(5000))
    await ask(image, nobody, deadlineIn(5000))
    expect(await questions()).toHaveLength(2)
  })

  test('that failed is asked for again', async () => {
    const { binDir, options, questions } = await stageFor(`[ -e $0.up ] && ${printing(answerOf())}`)
    const ask = createProviders([configOf()], options)
    expect((await ask(image, nobody, deadlineIn(5000))).notes).toHaveLength(1)
    await writeFile(join(binDir, 'provider.up'), '')
    expect((await ask(image, nobody, deadlineIn(5000))).credentials).toHaveLength(1)
    expect(await questions()).toHaveLength(2)
  })

  test('is one for a thousand equal questions at one time', async () => {
    const { options, questions } = await stageFor(`sleep 0.2; ${printing(answerOf())}`)
    const ask = createProviders([configOf()], options)
    const all = await Promise.all(Array.from({ length: 1000 }, () => ask(image, nobody, deadlineIn(5000))))
    expect(all.every(({ credentials }) => credentials.length === 1)).toBe(true)
    expect(await questions()).toHaveLength(1)
  })
})

describe('a provider that wants to know the ServiceAccount', () => {
  const terms: TokenTerms = {
    audience: 'registry.example.com',
    cache: 'ServiceAccount',
    requireServiceAccount: true,
    requiredAnnotations: ['example.com/role'],
    optionalAnnotations: ['example.com/region', 'example.com/other'],
  }
  const annotations = new Map([
    ['example.com/role', 'reader'],
    ['example.com/region', 'north'],
    ['private', 'x'],
  ])
  const account = { uid: 'uid-1', annotations }
  const request = { kind: 'CredentialProviderRequest', apiVersion: v1, image }

  test('is told its token and the annotations that were agreed on', async () => {
    const asked: object[] = []
    const { options, questions } = await stageFor(printing(answerOf()), {
      findAccount: async (namespace, name) => {
        asked.push({ namespace, name })
        return account
      },
      requestToken: async wanted => {
        asked.push(wanted)
        return 'token-1'
      },
    })
    const ask = createProviders([configOf({ token: terms })], options)
    expect((await ask(image, builder, deadlineIn(5000))).credentials).toHaveLength(1)
    expect(await questions()).toEqual([
      {
        ...request,
        serviceAccountToken: 'token-1',
        serviceAccountAnnotations: { 'example.com/role': 'reader', 'example.com/region': 'north' },
      },
    ])
    expect(asked).toEqual([
      { namespace: 'team', name: 'builder' },
      { namespace: 'team', serviceAccount: 'builder', uid: 'uid-1', audience: 'registry.example.com' },
    ])
  })

  test.each<
    [what: string, more: Partial<TokenTerms>, puller: Puller, found: ReadonlyMap<string, string>, runs: number]
  >([
    ['for a pod without one, not where it needs one', {}, nobody, annotations, 0],
    ['for a pod whose one has no name, not where it needs one', {}, { ...nobody, serviceAccount: '' }, annotations, 0],
    [
      'for a pod without one, where it needs none',
      { requireServiceAccount: false, requiredAnnotations: [] },
      nobody,
      annotations,
      1,
    ],
    ['not where a required annotation is missing', {}, builder, new Map(), 0],
    ['where an optional annotation is missing', {}, builder, new Map([['example.com/role', '']]), 1],
  ])('is asked %s', async (_, more, puller, found, runs) => {
    const { options, questions } = await stageFor(printing(answerOf()), {
      findAccount: async () => ({ uid: 'uid-1', annotations: found }),
    })
    const provided = await createProviders([configOf({ token: { ...terms, ...more } })], options)(
      image,
      puller,
      deadlineIn(5000),
    )
    expect(provided).toEqual({ credentials: runs === 0 ? [] : [{ username: 'u', password: 'p' }], notes: [] })
    expect(await questions()).toHaveLength(runs)
  })

  test.each<[what: string, more: Partial<ProviderOptions>]>([
    ['the account cannot be found', { findAccount: async () => undefined }],
    ['no token is to be had', { findAccount: async () => account, requestToken: async () => undefined }],
  ])('is noted where %s', async (_, more) => {
    const { options, questions } = await stageFor(printing(answerOf()), more)
    const provided = await createProviders([configOf({ token: terms })], options)(image, builder, deadlineIn(5000))
    const problem = { what: 'no-token', said: '' }
    const notes = [{ kind: 'unreadable', source: 'provider', name: 'provider', problem }]
    expect(provided).toEqual({ credentials: [], notes })
    expect(await questions()).toEqual([])
  })

  test('may not give the token back as a password, unless it is kept for that token alone', async () => {
    const echo = printing(answerOf({ auth: { '*.example.com': { username: 'u', password: 'token-1' } } }))
    const { options } = await stageFor(echo, { findAccount: async () => account })
    const ask = createProviders([configOf({ token: terms })], options)
    expect(await ask(image, builder, deadlineIn(5000))).toEqual({
      credentials: [],
      notes: [{ kind: 'unreadable', source: 'provider', name: 'provider', problem: { what: 'gives-token', said: '' } }],
    })
    const own = createProviders([configOf({ token: { ...terms, cache: 'Token' } })], options)
    expect((await own(image, builder, deadlineIn(5000))).credentials).toEqual([{ username: 'u', password: 'token-1' }])
  })

  test.each<[what: string, cache: TokenTerms['cache'], change: object, runs: number]>([
    ['is kept for the account, whatever its token', 'ServiceAccount', { token: 'token-2' }, 1],
    ['is kept for the token alone', 'Token', { token: 'token-2' }, 2],
    ['is not kept for another account', 'ServiceAccount', { puller: { ...builder, serviceAccount: 'other' } }, 2],
    [
      'is not kept for an account of another namespace',
      'ServiceAccount',
      { puller: { ...builder, namespace: 'other' } },
      2,
    ],
    ['is not kept for an account that was made anew', 'ServiceAccount', { uid: 'uid-2' }, 2],
    ['is not kept for other annotations', 'ServiceAccount', { role: 'writer' }, 2],
  ])('gives an answer that %s', async (_, cache, change, runs) => {
    let given = { token: 'token-1', uid: 'uid-1', role: 'reader', puller: builder }
    const { options, questions } = await stageFor(printing(answerOf({ cacheKeyType: 'Global' })), {
      findAccount: async () => ({ uid: given.uid, annotations: new Map([['example.com/role', given.role]]) }),
      requestToken: async () => given.token,
    })
    const ask = createProviders([configOf({ token: { ...terms, cache } })], options)
    await ask(image, given.puller, deadlineIn(5000))
    given = { ...given, ...change }
    await ask(image, given.puller, deadlineIn(5000))
    expect(await questions()).toHaveLength(runs)
  })
})
