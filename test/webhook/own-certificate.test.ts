import { X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import { certificatesIn, readAuthorities } from '../../src/webhook/authorities.ts'
import { type Clock, createMemory, lives, type Memory, type Replica, replica } from './secret-keeper.ts'

const signal = new AbortController().signal
const hourMs = 60 * 60 * 1000

/** Looks with each replica in turn, ten seconds apart, for so long. */
const goOn = async (replicas: readonly Replica[], clock: Clock, forMs: number, stepMs = 10_000): Promise<void> => {
  for (const end = clock.ms + forMs; clock.ms < end; clock.ms += stepMs)
    for (const each of replicas) await each.round(signal)
}

/** Whether who trusts the bundle trusts what a replica serves with. */
const isTrusted = ({ bundle = '' }: Memory, { served }: Replica): boolean => {
  const leaf = new X509Certificate(served.at(-1)?.cert ?? '')
  return certificatesIn(bundle).some(ca => leaf.verify(new X509Certificate(ca).publicKey))
}

const isGoodAt = ({ served }: Replica, ms: number): boolean => {
  const { validFromDate, validToDate } = new X509Certificate(served.at(-1)?.cert ?? '')
  const now = Date.UTC(2026, 0, 1) + ms
  return validFromDate.getTime() <= now && now < validToDate.getTime()
}

test('replicas that begin at once share one authority, and each serves with a certificate of its own', async () => {
  const [memory, clock] = [createMemory(), { ms: 0 }]
  const replicas = [1, 2, 3].map(() => replica(memory, clock))
  await Promise.all(replicas.map(each => each.round(signal)))
  await goOn(replicas, clock, 20_000)
  expect(new Set(replicas.map(({ served }) => served.at(-1)?.ca)).size).toBe(1)
  expect(new Set(replicas.map(({ served }) => served.at(-1)?.key)).size).toBe(3)
  expect(replicas.every(each => isTrusted(memory, each))).toBe(true)
  // The keys of the certificates are nowhere but with the replicas.
  expect([...memory.texts.keys()].sort()).toEqual(['ca.crt', 'ca.key'])
})

test('over months each certificate is trusted and good at every moment, whatever is renewed', async () => {
  const [memory, clock] = [createMemory(), { ms: 0 }]
  const replicas = [replica(memory, clock), replica(memory, clock)]
  const authorities = new Set<string>()
  for (let hours = 0; hours < 45 * 24; hours += 8) {
    clock.ms = hours * hourMs
    await goOn(replicas, clock, 80_000, 40_000)
    expect(replicas.every(each => isTrusted(memory, each) && isGoodAt(each, clock.ms))).toBe(true)
    authorities.add(replicas[0]?.served.at(-1)?.ca ?? '')
  }
  // Each lasts 30 days, and the next comes when ten are left.
  expect(authorities.size).toBe(3)
  expect(certificatesIn(memory.bundle ?? '').length).toBeLessThan(4)
})

test('a new authority is published, then seen for a while, and only then used', async () => {
  const [memory, clock] = [createMemory(), { ms: 0 }]
  const one = replica(memory, clock)
  await goOn([one], clock, 20_000)
  const before = one.served.at(-1)?.ca
  clock.ms = (lives.authorityMs * 3) / 4
  await one.round(signal)
  const next = readAuthorities(memory.texts)?.next?.cert ?? ''
  expect(certificatesIn(memory.bundle ?? '')).toEqual([before, next])
  for (const seconds of [0, 10, 29]) {
    clock.ms = (lives.authorityMs * 3) / 4 + seconds * 1000
    await one.round(signal)
    expect(one.served.at(-1)?.ca).toBe(before)
  }
  clock.ms += 10_000
  await goOn([one], clock, 30_000)
  expect(one.served.at(-1)?.ca).toBe(next)
  expect(certificatesIn(memory.bundle ?? '')).toContain(before)
})

test('a process that was paused for days renews at its first look', async () => {
  const [memory, clock] = [createMemory(), { ms: 0 }]
  const one = replica(memory, clock)
  await one.round(signal)
  clock.ms = 5 * 24 * hourMs
  await one.round(signal)
  expect(isGoodAt(one, clock.ms)).toBe(true)
})

test('a Secret that was deleted is made again, and nobody is served with what is not trusted meanwhile', async () => {
  const [memory, clock] = [createMemory(), { ms: 0 }]
  const replicas = [replica(memory, clock), replica(memory, clock)]
  await goOn(replicas, clock, 20_000)
  const before = replicas[0]?.served.at(-1)?.ca
  Object.assign(memory, { texts: new Map(), version: undefined })
  for (let seconds = 0; seconds < 300; seconds += 10) {
    await goOn(replicas, clock, 10_000)
    expect(replicas.every(each => isTrusted(memory, each))).toBe(true)
  }
  expect(replicas.every(({ served }) => served.at(-1)?.ca !== before)).toBe(true)
  expect(certificatesIn(memory.bundle ?? '')).not.toContain(before)
})

test('a Secret that is deleted when certificates are due costs no trust either', async () => {
  const [memory, clock] = [createMemory(), { ms: 0 }]
  const one = replica(memory, clock)
  await goOn([one], clock, 40_000)
  const before = one.served.at(-1)?.ca
  clock.ms = (lives.serverMs * 3) / 4
  Object.assign(memory, { texts: new Map(), version: undefined })
  await one.round(signal)
  // The bundle has the new authority as of now, and no API server has read it.
  expect(one.served.at(-1)?.ca).toBe(before)
  await goOn([one], clock, 40_000)
  expect(one.served.at(-1)?.ca).toBe(readAuthorities(memory.texts)?.signing.cert)
})

test('a bundle that somebody emptied is filled again at the next look', async () => {
  const [memory, clock] = [createMemory(), { ms: 0 }]
  const one = replica(memory, clock)
  await goOn([one], clock, 20_000)
  memory.bundle = ''
  await one.round(signal)
  expect(isTrusted(memory, one)).toBe(true)
})

test('without a registration it serves all the same', async () => {
  const [memory, clock] = [createMemory(), { ms: 0 }]
  memory.bundle = undefined
  const one = replica(memory, clock)
  expect(await one.round(signal)).toMatchObject({ ok: true })
  expect(one.served).toHaveLength(1)
})

test('while the API server is away it goes on with what it has', async () => {
  const [memory, clock] = [createMemory(), { ms: 0 }]
  const one = replica(memory, clock)
  await one.round(signal)
  memory.failure = { kind: 'unreachable', problem: 'connection-refused' }
  clock.ms = hourMs
  expect(await one.round(signal)).toMatchObject({ ok: false, error: { what: 'read-secret' } })
  expect(one.served).toHaveLength(1)
})
