import { describe, expect, it } from 'vitest'
import { createGuest } from '../../src/audit/guest.ts'
import { createPace } from '../../src/audit/pace.ts'
import { progressLine } from '../../src/audit/progress.ts'

describe('the pace', () => {
  it('gives each registry its turns, evenly, and lets none wait for another', async () => {
    const waits: number[] = []
    const pace = createPace({ perSecond: 10, nowMs: () => 0, wait: async ms => void waits.push(ms) })
    for (const registry of ['a', 'a', 'b', 'a']) await pace(registry, new AbortController().signal)
    expect(waits).toEqual([100, 200])
  })

  it('is as fast as the registry where none is set', async () => {
    const waits: number[] = []
    const pace = createPace({ perSecond: undefined, nowMs: () => 0, wait: async ms => void waits.push(ms) })
    for (const registry of ['a', 'a']) await pace(registry, new AbortController().signal)
    expect(waits).toEqual([])
  })
})

describe('a guest', () => {
  const exchanged = (remaining: number) => ({
    ...({ method: 'HEAD', step: 'manifest', outcome: 200, tookMs: 1 } as const),
    url: 'https://registry-1.docker.io/v2/library/nginx/manifests/1',
    quota: { limit: 100, remaining, windowSeconds: 21_600 },
  })

  it('stops while a fifth of the quota is left', () => {
    let nowMs = 0
    const guest = createGuest(() => nowMs)
    guest.note(exchanged(20))
    expect(guest.isSpent('docker.io')).toBe(false)
    guest.note(exchanged(19))
    expect(guest.isSpent('docker.io')).toBe(true)
    expect(guest.isSpent('quay.io')).toBe(false)
    // And asks a quarter of an hour later whether there is more by then.
    nowMs += 16 * 60_000
    expect(guest.isSpent('docker.io')).toBe(false)
  })

  it('fetches nothing from hosts that count it: Docker Hub, and whoever tells a quota', () => {
    const guest = createGuest(() => 0)
    expect(guest.isSpared('registry-1.docker.io')).toBe(true)
    expect(guest.isSpared('counting.test:5000')).toBe(false)
    guest.note({ ...exchanged(90), url: 'https://counting.test:5000/v2/web/manifests/1' })
    expect(guest.isSpared('counting.test:5000')).toBe(true)
  })
})

describe('the progress line', () => {
  it.each([
    [{ done: 0, of: 10, tookMs: 0 }, '0 of 10 workloads'],
    [{ done: 20, of: 100, tookMs: 10_000 }, '20 of 100 workloads, 2.0 a second, about 40 s left'],
    [{ done: 100, of: 10_000, tookMs: 1000 }, '100 of 10000 workloads, 100 a second, about 99 s left'],
    [{ done: 10, of: 10, tookMs: 1000 }, '10 of 10 workloads, 10 a second'],
  ])('of %j is "%s"', (progress, line) => {
    expect(progressLine(progress)).toBe(line)
  })
})
