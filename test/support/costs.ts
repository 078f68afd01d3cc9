import { createCheck } from '../../src/check/check.ts'
import { createProbe, type Probe } from '../../src/check/probe.ts'
import { createFindProgram } from '../../src/check/program.ts'
import { askedImages } from '../../src/cli/asked-images.ts'
import type { Image } from '../../src/demo/content.ts'
import { attestedImage, helmChart, indexOf, multiArchImage, singleImage } from '../../src/demo/images.ts'
import { type EmbeddedRegistry, type Intercept, startRegistry } from '../../src/demo/registry.ts'
import { parsePlatform } from '../../src/image/platform.ts'
import { parseReference } from '../../src/image/reference.ts'
import type { Credential } from '../../src/registry/auth/credential.ts'
import type { Dialogue } from '../../src/registry/dialogue.ts'
import { createRegistry } from '../../src/registry/registry.ts'
import { landingOn } from '../../src/workload/landing.ts'
import { registryOptions } from './registry-options.ts'
import { basicGate, bearerGate, startTokenServer, type TokenServer } from './token-server.ts'

/** What a question cost. */
export interface Cost {
  readonly question: string
  /** In the order of the protocol: `HEAD, GET, 2 × HEAD`. */
  readonly requests: string
}

/** A question of which the cost is wanted, and what is asked before it at no charge. */
interface Question {
  readonly question: string
  readonly image: Image | undefined
  readonly target?: string
  readonly before?: readonly string[]
  readonly gate?: (tokens: TokenServer) => Intercept
  readonly credentials?: readonly Credential[]
}

const me: Credential = { username: 'me', password: 'secret' }
const both = ['linux/amd64', 'linux/arm64']
const index = multiArchImage(both)
const nested = indexOf([{ image: index, platform: undefined, annotations: {}, presence: 'present' }])
const pinned = `@${index.top.digest}`

const questions: readonly Question[] = [
  { question: 'an index, two platforms wanted', image: index },
  { question: 'an index with attestations, two platforms wanted', image: attestedImage(both) },
  { question: 'an index of 8 platforms, two wanted', image: multiArchImage([...both, ...otherPlatforms()]) },
  { question: 'an index within an index', image: nested },
  { question: 'a single image', image: singleImage('linux/amd64') },
  {
    question: 'a single image labelled for other nodes, and the look at its program',
    image: singleImage('linux/s390x'),
  },
  { question: 'another artifact', image: helmChart('shop', '1') },
  { question: 'a name that was asked for within a minute', image: index, before: [':1'] },
  { question: 'another name of known content', image: index, before: [':2'] },
  { question: 'a pinned digest of known content', image: index, before: [':1'], target: pinned },
  { question: 'a pinned digest of unknown content', image: index, target: pinned },
  { question: 'a tag that is not there', image: index, target: ':9' },
  { question: 'an index, a token for everybody', image: index, gate: tokens => bearerGate({ tokens }) },
  {
    question: 'an index, a token for a password',
    image: index,
    gate: tokens => bearerGate({ tokens }),
    credentials: [me],
  },
  { question: 'an index, by password', image: index, gate: () => basicGate([me]), credentials: [me] },
  {
    question: 'another repository of a registry that takes our password',
    image: index,
    before: ['/other:1'],
    gate: () => basicGate([me]),
    credentials: [me],
  },
  { question: 'a wrong password', image: index, gate: () => basicGate([me]), credentials: [{ ...me, password: 'no' }] },
]

function otherPlatforms(): readonly string[] {
  return ['linux/ppc64le', 'linux/s390x', 'linux/riscv64', 'linux/386', 'linux/arm/v7', 'linux/mips64le']
}

const nodes = both.map(text => {
  const platform = parsePlatform(text)
  if (!platform.ok) throw new Error(platform.error)
  return platform.value
})

/** Requests in order, equal neighbours counted. */
const counted = (methods: readonly string[]): string => {
  const runs: { method: string; times: number }[] = []
  for (const method of methods) {
    const last = runs.at(-1)
    if (last?.method === method) last.times += 1
    else runs.push({ method, times: 1 })
  }
  return runs.map(({ method, times }) => (times === 1 ? method : `${times} × ${method}`)).join(', ') || 'none'
}

interface Bench {
  readonly registry: EmbeddedRegistry
  readonly tokens: TokenServer
  readonly ask: (target: string, credentials: readonly Credential[]) => Promise<void>
  readonly close: () => Promise<void>
}

const checkWith = (dialogue: Dialogue, created: Probe, credentials: readonly Credential[]) =>
  createCheck({
    mostListed: 50,
    probe: created,
    keychain: async () => async () => ({ credentials, notes: [] }),
    addsAccountSecrets: () => false,
    tags: dialogue.tags,
    program: createFindProgram(dialogue),
    landing: ({ placement }) => landingOn(placement, nodes, undefined),
    nodes: () => [],
    isIgnored: () => false,
  })

/** A registry, and one who asks it; each answer waits a while if it is told to. */
const benchFor = async (of: Question, delayMs: number): Promise<Bench> => {
  const tokens = await startTokenServer({ accounts: [me], before: () => later(delayMs) })
  const gate = of.gate?.(tokens)
  const registry = await startRegistry({
    intercept: async (request, response) => {
      await later(delayMs)
      return (await gate?.(request, response)) ?? false
    },
  })
  if (of.image !== undefined)
    for (const [repository, tag] of [
      ['shop/web', '1'],
      ['shop/web', '2'],
      ['other', '1'],
    ] as const)
      registry.put(repository, tag, of.image)
  const { dialogue, close } = createRegistry(registryOptions())
  const probe = createProbe({
    dialogue,
    foundSeconds: 60,
    absentSeconds: 5,
    flightMs: 5000,
    entries: 1000,
    now: () => 1000,
    fingerprintKey: new Uint8Array(32),
  })
  const ask: Bench['ask'] = async (target, credentials) => {
    const name = target.startsWith('/') ? target : `/shop/web${target}`
    await checkWith(dialogue, probe, credentials)(askedImages([`${registry.host}${name}`]), AbortSignal.timeout(20_000))
  }
  const closeAll = async (): Promise<void> => {
    await close()
    await registry.close()
    await tokens.close()
  }
  // That the registry speaks plain HTTP is learnt once, and no request.
  const warm = parseReference(`${registry.host}/warm/up:1`)
  if (warm.ok) await dialogue.resolve({ reference: warm.value, credential: undefined }, AbortSignal.timeout(20_000))
  return { registry, tokens, ask, close: closeAll }
}

const later = (delayMs: number): Promise<void> =>
  delayMs === 0 ? Promise.resolve() : new Promise(resolve => setTimeout(resolve, delayMs))

const costOf = async (of: Question, delayMs: number): Promise<Cost & { readonly tookMs: number }> => {
  const { registry, tokens, ask, close } = await benchFor(of, delayMs)
  const credentials = of.credentials ?? []
  for (const target of of.before ?? []) await ask(target, credentials)
  const [seen, given] = [registry.requests.length, tokens.requests.length]
  const began = performance.now()
  await ask(of.target ?? ':1', credentials)
  const tookMs = performance.now() - began
  const methods = registry.requests.slice(seen).map(({ method }) => method)
  const forTokens = tokens.requests.slice(given).map(({ method }) => `token ${method}`)
  await close()
  // A token is asked for when the first request was turned away.
  return {
    question: of.question,
    requests: counted([...methods.slice(0, 1), ...forTokens, ...methods.slice(1)]),
    tookMs,
  }
}

/** What each question costs; with a delay also how long it takes. */
export const measureCosts = async (delayMs: number): Promise<readonly (Cost & { readonly tookMs: number })[]> => {
  const costs: (Cost & { readonly tookMs: number })[] = []
  for (const question of questions) costs.push(await costOf(question, delayMs))
  return costs
}
