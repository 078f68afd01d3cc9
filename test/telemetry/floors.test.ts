import { describe, expect, test } from 'vitest'
import { type Asked, observedCheck, observedProbe } from '../../src/check/observe.ts'
import { createProbe, type Question } from '../../src/check/probe.ts'
import { askedImages } from '../../src/cli/asked-images.ts'
import { singleImage } from '../../src/demo/images.ts'
import type { EmbeddedRegistry, Intercept } from '../../src/demo/registry.ts'
import { ok } from '../../src/lib/result.ts'
import type { Exchanged, RegistryEvent } from '../../src/registry/observe.ts'
import { createGate } from '../../src/registry/origin/gate.ts'
import type { RegistryOptions } from '../../src/registry/registry.ts'
import type { Request } from '../../src/registry/send.ts'
import type { Reviewed } from '../../src/telemetry/reviewed.ts'
import type { Verdict } from '../../src/verdict/verdict.ts'
import { observedReviewer } from '../../src/webhook/observe.ts'
import { nothingToSay } from '../../src/webhook/ruling.ts'
import { closedAfterTest, dialogueForTest, plainTerms, registryFor } from '../support/lifetime.ts'
import { pullOf, referenceOf } from '../support/reference-of.ts'
import { bearerGate, startTokenServer } from '../support/token-server.ts'
import { notFound, verdictWith } from './events.ts'

const signal = (): AbortSignal => AbortSignal.timeout(5000)

const registryWith = async (intercept?: Intercept): Promise<EmbeddedRegistry> => {
  const registry = await registryFor(intercept === undefined ? {} : { intercept })
  registry.put('shop/web', '1', singleImage('linux/amd64'))
  return registry
}

describe('the registry floor tells', () => {
  const lookingOn = (given: Partial<RegistryOptions> = {}) => {
    const events: RegistryEvent[] = []
    const seen: Exchanged[] = []
    const notify = (event: RegistryEvent): void => void events.push(event)
    const dialogue = dialogueForTest({ notify, observe: exchanged => void seen.push(exchanged), ...given })
    return { dialogue, events, seen }
  }

  test('that a host is left alone, and that it is well again, once each', async () => {
    let status = 500
    const registry = await registryWith((_, response) => status !== 200 && Boolean(response.writeHead(status).end()))
    const clock = { now: 0 }
    const { dialogue, events } = lookingOn({ nowMs: () => clock.now })
    const pull = pullOf(`${registry.host}/shop/web:1`)
    for (let times = 0; times < 8; times++) await dialogue.resolve(pull, signal())
    expect(events).toEqual([{ kind: 'breaker', host: registry.host, state: 'open' }])
    clock.now = 60_000
    await dialogue.resolve(pull, signal())
    expect(events).toHaveLength(1)
    clock.now = 120_000
    status = 200
    expect((await dialogue.resolve(pull, signal())).ok).toBe(true)
    expect(events.slice(1)).toEqual([{ kind: 'breaker', host: registry.host, state: 'closed' }])
  })

  test('who waited for his turn, how long, and who was turned away', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const clock = { now: 0 }
    const events: RegistryEvent[] = []
    const gate = createGate({
      ...{ connectionsPerHost: 1, nowMs: () => clock.now, random: () => 0.5 },
      notify: event => void events.push(event),
    })
    const send = gate.guarding(async () => {
      await promise
      return ok({ status: 200, header: () => undefined, lines: () => [], body: new Uint8Array() })
    })
    const request: Request = {
      ...{ method: 'GET', url: 'https://ghcr.io:8443/v2/', client: plainTerms, namedBy: undefined, host: 'ghcr.io' },
      ...{ headers: {}, body: undefined, step: 'manifest', mostBytes: 1, take: undefined },
    }
    const host = 'ghcr.io:8443'
    const impatient = new AbortController()
    const given = send(request, signal())
    const gone = send(request, impatient.signal)
    // With the two before, one is inside, 1,024 wait, and there is no room for the last.
    const all = Array.from({ length: 1024 }, () => send(request, signal()))
    await all.at(-1)
    expect(events).toEqual([{ kind: 'turned-away', host, reason: 'full' }])
    clock.now = 30
    impatient.abort()
    await gone
    expect(events.slice(1)).toEqual([{ kind: 'waited', host, waitedMs: 30 }])
    clock.now = 40
    resolve()
    await Promise.all([given, ...all])
    expect(events.slice(2)).toEqual(Array.from({ length: 1023 }, () => ({ kind: 'waited', host, waitedMs: 40 })))
  })

  test('that a token was fetched, shown again, or not to be had', async () => {
    const tokens = closedAfterTest(await startTokenServer())
    const broken = closedAfterTest(await startTokenServer({ anonymous: 500 }))
    const [registry, other] = [
      await registryWith(bearerGate({ tokens })),
      await registryWith(bearerGate({ tokens: broken })),
    ]
    const { dialogue, events } = lookingOn()
    for (const { host } of [registry, registry, other]) await dialogue.resolve(pullOf(`${host}/shop/web:1`), signal())
    expect(events.map(event => event.kind === 'token' && event.from)).toEqual(['fetched', 'held', 'nowhere'])
  })

  test('what is left of a quota, on good answers too', async () => {
    const registry = await registryWith((_, response) => {
      response.setHeader('ratelimit-limit', '100;w=21600')
      response.setHeader('ratelimit-remaining', '7;w=21600')
      return false
    })
    const { dialogue, seen } = lookingOn()
    await dialogue.resolve(pullOf(`${registry.host}/shop/web:1`), signal())
    expect(seen.at(-1)).toMatchObject({ outcome: 200, quota: { limit: 100, remaining: 7, windowSeconds: 21_600 } })
    expect(seen.at(0)).not.toHaveProperty('quota')
  })
})

test('the probe tells on what each answer rests', async () => {
  let isDown = false
  const registry = await registryWith((_, response) => isDown && Boolean(response.writeHead(503).end()))
  const clock = { now: 0 }
  const probe = createProbe({
    ...{ foundSeconds: 60, absentSeconds: 5, entries: 10, flightMs: 5000, now: () => clock.now },
    ...{ dialogue: dialogueForTest(), fingerprintKey: new Uint8Array(32) },
  })
  const asked: Asked[] = []
  const observed = observedProbe(
    probe,
    each => void asked.push(each),
    () => clock.now,
  )
  const question = (tag: string): Question => ({
    reference: referenceOf(`${registry.host}/shop/web:${tag}`),
    ...{ credentials: [], platforms: [], anew: false },
  })
  await observed(question('1'), signal())
  await observed(question('1'), signal())
  clock.now = 61_000
  isDown = true
  await observed(question('1'), signal())
  await observed(question('2'), signal())
  expect(asked.map(({ answer }) => answer)).toEqual(['fresh', 'remembered', 'stale', 'failed'])
  expect(asked.every(({ tookMs }) => tookMs === 0)).toBe(true)
})

test('the check tells each verdict', async () => {
  const verdicts = [verdictWith(), verdictWith(notFound)]
  const seen: Verdict[] = []
  const { object } = askedImages([])
  const check = observedCheck(
    async () => ({ object, onEveryNode: false, verdicts }),
    verdict => void seen.push(verdict),
  )
  await check(askedImages(['a', 'b']), signal())
  expect(seen).toEqual(verdicts)
})

describe('the webhook tells', () => {
  const review = { uid: '1', operation: 'CREATE', group: '', kind: 'Pod', subResource: '', namespace: 'shop' }
  const asked = { ...review, dryRun: false, object: {}, oldObject: null }
  const decision = nothingToSay
  const clock = (): (() => number) => {
    let now = 0
    return () => (now += 5)
  }

  test('what became of a review, and how long it took', async () => {
    const seen: Reviewed[] = []
    const reviewer = observedReviewer(
      async () => decision,
      reviewed => void seen.push(reviewed),
      clock(),
    )
    expect(await reviewer(asked, signal())).toBe(decision)
    expect(seen).toEqual([{ review: asked, decision, tookMs: 5 }])
  })

  test('that nothing became of one, which stays the bug that it is', async () => {
    const seen: Reviewed[] = []
    const fails = (): Promise<never> => Promise.reject(new Error('a bug'))
    const reviewer = observedReviewer(fails, reviewed => void seen.push(reviewed), clock())
    await expect(reviewer(asked, signal())).rejects.toThrow('a bug')
    expect(seen).toEqual([{ review: asked, decision: undefined, tookMs: 5 }])
  })
})
