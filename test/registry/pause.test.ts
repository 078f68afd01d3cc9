import { describe, expect, test } from 'vitest'
import { singleImage } from '../../src/demo/images.ts'
import type { EmbeddedRegistry } from '../../src/demo/registry.ts'
import type { Credential } from '../../src/registry/auth/credential.ts'
import { createPauses } from '../../src/registry/pause.ts'
import { closedAfterTest, dialogueForTest, registryFor } from '../support/lifetime.ts'
import { pullOf } from '../support/reference-of.ts'
import { basicGate, bearerGate, startTokenServer } from '../support/token-server.ts'

const signal = (): AbortSignal => AbortSignal.timeout(5000)

describe('a pause', () => {
  const bench = () => {
    const clock = { now: 1000 }
    return { clock, pauses: createPauses(() => clock.now) }
  }

  test('lasts as long as was asked for', () => {
    const { clock, pauses } = bench()
    pauses.note('a', 5000)
    expect(pauses.leftMs('a')).toBe(5000)
    clock.now += 4999
    expect(pauses.leftMs('a')).toBe(1)
    clock.now += 1
    expect(pauses.leftMs('a')).toBeUndefined()
  })

  test('lasts a minute at the most', () => {
    const { pauses } = bench()
    pauses.note('a', 86_400_000)
    expect(pauses.leftMs('a')).toBe(60_000)
  })

  test('is none where none was asked for, or none of any length', () => {
    const { pauses } = bench()
    pauses.note('a', undefined)
    pauses.note('b', 0)
    expect([pauses.leftMs('a'), pauses.leftMs('b'), pauses.leftMs('c')]).toEqual([undefined, undefined, undefined])
  })

  test('is not made shorter by a later word that asks for less', () => {
    const { pauses } = bench()
    pauses.note('a', 30_000)
    pauses.note('a', 1000)
    pauses.note('a', undefined)
    expect(pauses.leftMs('a')).toBe(30_000)
  })

  test('is nobody else’s', () => {
    const { pauses } = bench()
    pauses.note('a', 30_000)
    expect(pauses.leftMs('b')).toBeUndefined()
  })
})

describe('a registry that says 429', () => {
  const ada: Credential = { username: 'ada', password: 'ada’s' }
  const bob: Credential = { username: 'bob', password: 'bob’s' }

  /** Has had enough of whoever asks with these headers. */
  const busyFor = async (isBusy: (authorization: string | undefined) => boolean, headers: Record<string, string>) => {
    const gate = basicGate([ada, bob])
    const registry = await registryFor({
      intercept: (request, response) => {
        if (!isBusy(request.headers.authorization)) return gate(request, response)
        return Boolean(response.writeHead(429, headers).end())
      },
    })
    registry.put('shop/web', '1', singleImage('linux/amd64'))
    return registry
  }
  const image = ({ host }: EmbeddedRegistry, credential?: Credential) => pullOf(`${host}/shop/web:1`, credential)
  const isAda = (authorization: string | undefined): boolean =>
    authorization === `Basic ${Buffer.from('ada:ada’s').toString('base64')}`

  test('and asks for patience is left alone for so long, and is asked again after it', async () => {
    let now = 0
    const registry = await busyFor(() => true, { 'retry-after': '30' })
    const dialogue = dialogueForTest({ nowMs: () => now })
    const ask = () => dialogue.resolve(image(registry), signal())
    expect(await ask()).toMatchObject({ error: { kind: 'rate-limited', retryAfterMs: 30_000 } })
    const spent = registry.requests.length
    now = 10_000
    expect(await ask()).toMatchObject({ error: { kind: 'rate-limited', retryAfterMs: 20_000, host: registry.host } })
    expect(registry.requests).toHaveLength(spent)
    now = 30_000
    await ask()
    expect(registry.requests.length).toBeGreaterThan(spent)
  })

  test('and asks for a day is asked again after a minute', async () => {
    let now = 0
    const registry = await busyFor(() => true, { 'retry-after': '86400' })
    const dialogue = dialogueForTest({ nowMs: () => now })
    await dialogue.resolve(image(registry), signal())
    const spent = registry.requests.length
    now = 60_000
    await dialogue.resolve(image(registry), signal())
    expect(registry.requests.length).toBeGreaterThan(spent)
  })

  test('and says nothing of patience is asked again', async () => {
    const registry = await busyFor(() => true, {})
    const dialogue = dialogueForTest()
    await dialogue.resolve(image(registry), signal())
    const spent = registry.requests.length
    await dialogue.resolve(image(registry), signal())
    expect(registry.requests.length).toBeGreaterThan(spent)
  })

  test('to one credential goes on to answer another', async () => {
    const registry = await busyFor(isAda, { 'retry-after': '30' })
    const dialogue = dialogueForTest()
    expect(await dialogue.resolve(image(registry, ada), signal())).toMatchObject({ error: { kind: 'rate-limited' } })
    expect(await dialogue.resolve(image(registry, bob), signal())).toMatchObject({ ok: true })
    expect(await dialogue.resolve(image(registry), signal())).toMatchObject({ error: { kind: 'refused' } })
    const spent = registry.requests.length
    expect(await dialogue.resolve(image(registry, ada), signal())).toMatchObject({ error: { kind: 'rate-limited' } })
    expect(registry.requests).toHaveLength(spent)
  })

  test('does no harm to another registry', async () => {
    const [busy, idle] = [await busyFor(() => true, { 'retry-after': '30' }), await busyFor(() => false, {})]
    const dialogue = dialogueForTest()
    await dialogue.resolve(image(busy, ada), signal())
    expect(await dialogue.resolve(image(idle, ada), signal())).toMatchObject({ ok: true })
  })

  test('by its token server is left alone as well', async () => {
    const answer = (response: import('node:http').ServerResponse) =>
      void response.writeHead(429, { 'retry-after': '30' }).end()
    const tokens = closedAfterTest(await startTokenServer({ answer }))
    const registry = await registryFor({ intercept: bearerGate({ tokens }) })
    const dialogue = dialogueForTest()
    const ask = () => dialogue.resolve(image(registry), signal())
    expect(await ask()).toMatchObject({ error: { kind: 'rate-limited', step: 'token', host: tokens.host } })
    expect(await ask()).toMatchObject({ error: { kind: 'rate-limited' } })
    expect([registry.requests.length, tokens.requests.length]).toEqual([1, 1])
  })
})
