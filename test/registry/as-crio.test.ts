import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { singleImage } from '../../src/demo/images.ts'
import type { EmbeddedRegistry, Intercept } from '../../src/demo/registry.ts'
import { fail } from '../../src/lib/result.ts'
import { basicAuthorization, type Credential } from '../../src/registry/auth/credential.ts'
import type { Dialogue } from '../../src/registry/dialogue.ts'
import { placesFromRegistriesConf } from '../../src/registry/hosts/conf/registries-conf-places.ts'
import type { RegistryOptions } from '../../src/registry/registry.ts'
import { closedAfterTest, dialogueForTest, registryFor } from '../support/lifetime.ts'
import { plainPlaces } from '../support/plain-network.ts'
import { pullOf } from '../support/reference-of.ts'
import { startTokenServer, type TokenServer, type TokenServerOptions } from '../support/token-server.ts'

const ada: Credential = { username: 'ada', password: 'RIGHT-SECRET' }
const image = singleImage('linux/amd64')
const found = { ok: true, value: { digest: image.top.digest } }
const signal = (): AbortSignal => AbortSignal.timeout(5000)

/** What a registry says at `/v2/`, and what it says to content; true: it has answered. */
interface Manners {
  readonly greeting?: (challenge?: string) => readonly [status: number, challenge: string | undefined]
  readonly content?: Intercept
}

const stocked = async ({ greeting = () => [200, undefined], content }: Manners = {}): Promise<EmbeddedRegistry> => {
  const registry = await registryFor({
    intercept: (request, response) => {
      if (request.url !== '/v2/') return content?.(request, response) ?? false
      const [status, challenge] = greeting()
      response.writeHead(status, challenge === undefined ? {} : { 'www-authenticate': challenge }).end()
      return true
    },
  })
  registry.put('shop/web', '1', image)
  return registry
}

const asked = ({ requests }: EmbeddedRegistry): readonly string[] =>
  requests.map(({ method, path, status }) => `${method} ${path.replace(/^.*(?=manifests)/, '')} ${status}`)

/** The places of a CRI-O that was told that this registry may be insecure, and of a mirror for it. */
const placesOf = async ({ host }: EmbeddedRegistry, mirror?: EmbeddedRegistry) => {
  const root = await mkdtemp(join(tmpdir(), 'as-crio-'))
  closedAfterTest({ close: () => rm(root, { recursive: true }) })
  const file = join(root, 'registries.conf')
  const before = mirror && `[[registry.mirror]]\nlocation = "${mirror.host}"\ninsecure = true\n`
  await writeFile(file, `[[registry]]\nlocation = "${host}"\ninsecure = true\n${before ?? ''}`)
  const rest = { dropIns: [], aliases: undefined, certsDirs: [], shortNameMode: undefined, complain: () => {} } as const
  return placesFromRegistriesConf({ file, ...rest, nowMs: () => 0 })
}

const nodeFor = async (registry: EmbeddedRegistry, more: Partial<RegistryOptions> = {}): Promise<Dialogue> =>
  dialogueForTest({ findPlaces: await placesOf(registry), ...more })

const tokensFor = async (options: TokenServerOptions = {}): Promise<TokenServer> =>
  closedAfterTest(await startTokenServer({ accounts: [ada], ...options }))

const hidden =
  (tokens: TokenServer): Intercept =>
  ({ headers }, response) => {
    const token = headers.authorization?.replace('Bearer ', '') ?? ''
    if (tokens.bearerOf(token) === 'ada') return false
    response.writeHead(404).end(JSON.stringify({ errors: [{ code: 'MANIFEST_UNKNOWN' }] }))
    return true
  }

const wanting =
  (tokens: TokenServer): NonNullable<Manners['greeting']> =>
  () => [401, `Bearer realm="${tokens.realm}",service="registry",scope="repository:other:pull"`]

describe('a node with CRI-O', () => {
  test('shows a password to a registry that hides what anybody may not see, and challenges nobody but at its door', async () => {
    const tokens = await tokensFor()
    const registry = await stocked({ greeting: wanting(tokens), content: hidden(tokens) })
    const dialogue = await nodeFor(registry)
    const reference = `${registry.host}/shop/web:1`
    expect(await dialogue.resolve(pullOf(reference, ada), signal())).toMatchObject(found)
    expect(await dialogue.resolve(pullOf(reference), signal())).toMatchObject({
      error: { kind: 'absent', askedAs: 'anonymous' },
    })
  })

  test('fetches tokens by GET, in its own name, for the repository alone', async () => {
    const tokens = await tokensFor()
    const registry = await stocked({ greeting: wanting(tokens), content: hidden(tokens) })
    await (await nodeFor(registry)).resolve(pullOf(`${registry.host}/shop/web:1`, ada), signal())
    expect(tokens.requests).toMatchObject([
      {
        method: 'GET',
        fields: [
          ['account', 'ada'],
          ['service', 'registry'],
          ['scope', 'repository:shop/web:pull'],
        ],
        authorization: basicAuthorization(ada),
      },
    ])
  })

  test('hears a greeting once for many questions, and by HTTP where HTTPS fails and it may', async () => {
    const registry = await stocked()
    const dialogue = await nodeFor(registry)
    const pull = pullOf(`${registry.host}/shop/web:1`)
    for (let count = 0; count < 3; count++) expect(await dialogue.resolve(pull, signal())).toMatchObject(found)
    expect(asked(registry)).toEqual(['GET /v2/ 200', ...Array.from({ length: 3 }, () => 'HEAD manifests/1 200')])
  })

  test('hears it anew before a "no" that rests on an old one', async () => {
    let nowMs = 0
    let isShut = false
    const tokens = await tokensFor()
    const registry = await stocked({
      greeting: () => (isShut ? wanting(tokens)() : [200, undefined]),
      content: (request, response) => (isShut ? hidden(tokens)(request, response) : false),
    })
    const dialogue = await nodeFor(registry, { nowMs: () => nowMs })
    const pull = pullOf(`${registry.host}/shop/web:1`, ada)
    expect(await dialogue.resolve(pull, signal())).toMatchObject(found)
    isShut = true
    nowMs += 10_000
    expect(await dialogue.resolve(pull, signal())).toMatchObject(found)
    expect(asked(registry).filter(line => line.startsWith('GET /v2/'))).toHaveLength(2)
  })

  test('renews a token that is no good any more', async () => {
    const tokens = await tokensFor()
    const registry = await stocked({
      greeting: wanting(tokens),
      content: ({ headers }, response) => {
        const bearer = tokens.bearerOf(headers.authorization?.replace('Bearer ', '') ?? '')
        if (bearer === undefined) response.writeHead(401).end()
        return bearer === undefined
      },
    })
    const dialogue = await nodeFor(registry)
    const pull = pullOf(`${registry.host}/shop/web:1`, ada)
    expect(await dialogue.resolve(pull, signal())).toMatchObject(found)
    tokens.revokeAll()
    expect(await dialogue.resolve(pull, signal())).toMatchObject(found)
    expect(tokens.requests).toHaveLength(2)
  })

  test('shows nothing where the greeting wants nothing, whatever is wanted later', async () => {
    const proofs: unknown[] = []
    const registry = await stocked({
      content: ({ headers }, response) => {
        proofs.push(headers.authorization)
        response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end()
        return true
      },
    })
    expect(await (await nodeFor(registry)).resolve(pullOf(`${registry.host}/shop/web:1`, ada), signal())).toMatchObject(
      {
        error: { kind: 'refused', status: 401, askedAs: 'unchallenged' },
      },
    )
    expect(new Set(proofs)).toEqual(new Set([undefined]))
  })

  test.each<[what: string, realm: (tokens: TokenServer) => string]>([
    ['with a user in it', ({ realm }) => realm.replace('://', '://somebody:secret@')],
    ['with a fragment', ({ realm }) => `${realm}#x`],
    ['that is no URL', () => 'http:\\\\tokens'],
  ])('is not followed to a realm %s', async (_, realm) => {
    const tokens = await tokensFor()
    const registry = await stocked({ greeting: () => [401, `Bearer realm="${realm(tokens)}"`] })
    expect(await (await nodeFor(registry)).resolve(pullOf(`${registry.host}/shop/web:1`, ada), signal())).toMatchObject(
      {
        error: { kind: 'bad-answer', problem: 'bad-realm' },
      },
    )
    expect([tokens.requests.length, asked(registry)]).toEqual([0, ['GET /v2/ 401']])
  })

  test('that greets with a page without end is no image that is too large', async () => {
    const registry = await registryFor({
      intercept: (_, response) => {
        response.writeHead(200).end('x'.repeat(2 * 1024 * 1024))
        return true
      },
    })
    expect(await (await nodeFor(registry)).resolve(pullOf(`${registry.host}/shop/web:1`), signal())).toMatchObject({
      error: { kind: 'bad-answer', problem: 'too-large' },
    })
  })

  test.each<[what: string, manners: Manners]>([
    ['at its door', { greeting: () => [403, undefined] }],
    ['at its content', { content: (_, response) => Boolean(response.writeHead(403).end('<html>')) }],
  ])('may be let in by a mirror that turns us away %s, with no word on credentials', async (_, manners) => {
    const [near, far] = [await stocked(manners), await stocked()]
    const dialogue = dialogueForTest({ findPlaces: await placesOf(far, near) })
    expect(await dialogue.resolve(pullOf(`${far.host}/shop/web:9`), signal())).toEqual(
      fail({ host: near.host, step: 'manifest', kind: 'unreachable', problem: 'mirror-unasked' }),
    )
  })

  test('gives up a greeting that does not come, by the deadline of whoever asks', async () => {
    const registry = await registryFor({ intercept: () => true })
    const answer = await (await nodeFor(registry)).resolve(
      pullOf(`${registry.host}/shop/web:1`),
      AbortSignal.timeout(200),
    )
    expect(answer).toMatchObject({ error: { kind: 'timed-out' } })
  })
})

describe('nodes of both kinds', () => {
  test('get what either gets', async () => {
    const tokens = await tokensFor()
    const registry = await stocked({ greeting: wanting(tokens), content: hidden(tokens) })
    const reference = `${registry.host}/shop/web:1`
    const crio = await placesOf(registry)
    for (const [findPlaces, other] of [
      [plainPlaces, crio],
      [crio, plainPlaces],
    ] as const) {
      const dialogue = dialogueForTest({ findPlaces, findOtherwise: () => [other] })
      expect(await dialogue.resolve(pullOf(reference, ada), signal())).toMatchObject(found)
    }
  })

  test('and of what neither gets the softer failure is told', async () => {
    const tokens = await tokensFor()
    const registry = await stocked({ greeting: wanting(tokens), content: hidden(tokens) })
    const crio = await placesOf(registry)
    const dialogue = dialogueForTest({ findPlaces: plainPlaces, findOtherwise: () => [crio] })
    expect(await dialogue.resolve(pullOf(`${registry.host}/shop/web:9`), signal())).toMatchObject({
      error: { kind: 'absent', askedAs: 'anonymous' },
    })
    const unsure = dialogueForTest({
      findPlaces: plainPlaces,
      findOtherwise: () => [async () => fail({ kind: 'short-name' })],
    })
    expect(await unsure.resolve(pullOf(`${registry.host}/shop/web:9`), signal())).toMatchObject({
      error: { kind: 'unreachable', problem: 'short-name' },
    })
  })
})
