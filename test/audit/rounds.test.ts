import { describe, expect, it } from 'vitest'
import type { Owned } from '../../src/audit/inventory.ts'
import { firstRound, formatRound, parseRound, type Round } from '../../src/audit/round.ts'
import { auditForEver } from '../../src/audit/rounds.ts'

const ownerIn = (namespace: string): Owned => ({
  object: { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'web' },
  uid: 'web',
  pods: 1,
  workloads: [],
  running: new Map(),
})

const hourMs = 3_600_000

/** Runs until so many namespaces were published, with a clock that waits move on. */
const runUntil = async (
  published: number,
  options: {
    kept?: Round
    namespaces?: () => readonly string[]
    at?: number
    /** How many stocks have something missing that may be there at the next try. */
    broken?: number
    /** What is seen meanwhile. */
    seen?: readonly string[]
    gaps?: readonly string[]
    /** Namespaces that there are not any more. */
    gone?: readonly string[]
    /** How long a namespace takes. */
    tookMs?: number
  },
) => {
  const {
    namespaces = () => ['a', 'b', 'c'],
    at = 0,
    broken = 0,
    seen = [],
    gaps = [],
    gone = [],
    tookMs = 0,
  } = options
  const stock = { gaps, gapsIn: () => gaps, isBroken: false, troubled: new Set<string>() }
  let [stocks, keeps] = [0, 0]
  let [nowMs, kept] = [at, options.kept === undefined ? undefined : formatRound(options.kept)]
  const log: string[] = []
  const stop = new AbortController()
  await auditForEver(
    {
      everyMs: hourMs,
      nowMs: () => nowMs,
      random: () => 0.5,
      wait: async ms => {
        nowMs += ms
      },
      load: async () => (kept === undefined ? undefined : parseRound(kept)),
      keep: async round => {
        keeps += 1
        kept = formatRound(round)
      },
      stock: async () => {
        stocks += 1
        return stocks <= broken
          ? { ...stock, owners: seen.map(ownerIn), gaps: ['x'], isBroken: true }
          : { ...stock, owners: namespaces().map(ownerIn) }
      },
      judge: async owners =>
        owners.map(({ object }) => ({
          report: { object, onEveryNode: false, verdicts: [] },
          placeOf: () => undefined,
          waived: () => false,
          pods: 1,
        })),
      isGone: async namespace => gone.includes(namespace),
      publish: async ({ namespace, entries }) => {
        nowMs += tookMs
        log.push(`${Math.round(nowMs / 60_000)}: ${namespace} ${entries.length}`)
        if (log.length === published) stop.abort()
        return { 'not-found': 1 }
      },
      told: () => {},
    },
    stop.signal,
  )
  return { log, keeps, kept: parseRound(kept ?? '') }
}

describe('audits one after another', () => {
  it('begin at once, and the next are spread over the interval', async () => {
    const { log } = await runUntil(6, {})
    expect(log).toEqual(['0: a 1', '0: b 1', '0: c 1', '60: a 1', '76: b 1', '92: c 1'])
  })

  it('go on after a restart with the namespaces that are left', async () => {
    const kept: Round = { startedMs: 0, done: new Map([['a', {}]]), before: new Map() }
    const { log } = await runUntil(2, { kept, at: 600_000 })
    expect(log).toEqual(['10: b 1', '10: c 1'])
  })

  it('try again in a minute where the cluster could not be read, and take nothing for gone', async () => {
    const kept: Round = { startedMs: 0, done: new Map(), before: new Map([['gone', {}]]) }
    const { log } = await runUntil(1, { kept, broken: 2, namespaces: () => ['a'] })
    expect(log).toEqual(['2: a 1'])
  })

  it('go on after three tries without what cannot be listed, and wait for it no more in the next round', async () => {
    const kept: Round = { startedMs: 0, done: new Map(), before: new Map([['hidden', {}]]) }
    const { log, kept: left } = await runUntil(2, { kept, broken: 100, seen: ['a'] })
    expect(log).toEqual(['2: a 1', '60: a 1'])
    expect([...(left?.before.keys() ?? [])]).toEqual(['hidden'])
  })

  it('take for gone, in spite of a lasting gap, what had a namespace that there is not any more', async () => {
    const before = new Map([
      ['deleted', { denied: 1 }],
      ['hidden', { denied: 1 }],
    ] as const)
    const options = { gaps: ['x'], gone: ['deleted'], namespaces: () => ['a'] }
    const { log, kept } = await runUntil(2, { kept: { startedMs: 0, done: new Map(), before }, ...options })
    expect(log.map(line => line.replace(/.*: /, ''))).toEqual(['a 1', 'deleted 0'])
    expect([...(kept?.before.keys() ?? [])]).toEqual(['hidden'])
  })

  it('of thousands of namespaces are kept every few seconds, and when they are over', async () => {
    const names = Array.from({ length: 5000 }, (_, index) => `team-${index}`)
    const { keeps, kept } = await runUntil(5000, { namespaces: () => names, tookMs: 10 })
    // At the beginning, every five of fifty seconds, and at the end.
    expect(keeps).toBe(11)
    expect(kept?.done.size).toBe(5000)
  })

  it('begin anew where the round that was kept is older than the interval', async () => {
    const kept: Round = { startedMs: 0, done: new Map([['a', {}]]), before: new Map() }
    const { log } = await runUntil(1, { kept, at: 2 * hourMs })
    expect(log).toEqual(['120: a 1'])
  })

  it('publish once more, and empty, what a namespace had that is gone', async () => {
    const kept: Round = {
      startedMs: 0,
      done: new Map([
        ['a', {}],
        ['gone', { denied: 2 }],
      ]),
      before: new Map(),
    }
    const { log, kept: left } = await runUntil(2, { kept, at: 2 * hourMs, namespaces: () => ['a'] })
    expect(log.map(line => line.slice(5))).toEqual(['a 1', 'gone 0'])
    expect([...(left?.done.keys() ?? []), ...(left?.before.keys() ?? [])]).toEqual(['a'])
  })
})

describe('a round that is kept', () => {
  it('is read as it was written', () => {
    const round: Round = { startedMs: 1000, done: new Map([['a', { denied: 2 }]]), before: new Map([['b', {}]]) }
    expect(parseRound(formatRound(round))).toEqual(round)
  })

  it.each([
    ['no JSON', 'x'],
    ['another version', '{"version":2,"startedAt":"2026-01-01T00:00:00Z"}'],
    ['no time', '{"version":1}'],
  ])('is none where the text is of %s', (_, text) => {
    expect(parseRound(text)).toBeUndefined()
  })

  it('counts nothing that is no code, and no number that is none', () => {
    const text = formatRound(firstRound(0)).replace('"done":{}', '"done":{"a":{"denied":"1","x":3,"not-found":-1}}')
    expect(parseRound(text)?.done).toEqual(new Map([['a', {}]]))
  })
})
