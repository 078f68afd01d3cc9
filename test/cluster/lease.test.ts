import { describe, expect, it } from 'vitest'
import type { ApiFailure } from '../../src/cluster/api-failure.ts'
import { whileLeading } from '../../src/cluster/lease.ts'
import { fail, ok, type Result } from '../../src/lib/result.ts'
import { propertyAt } from '../../src/lib/untrusted.ts'

type Answer = Result<unknown, ApiFailure>

/** One lease, kept as an API server keeps it: a write counts only with the version that was read. */
const createStore = () => {
  let [lease, version, isDown]: [object | undefined, number, boolean] = [undefined, 0, false]
  const away: Answer = fail({ kind: 'unreachable', problem: 'connection-lost' })
  const put = (body: object): Answer => {
    const read = propertyAt(body, 'metadata', 'resourceVersion')
    if (isDown) return away
    if (String(version) !== read && lease !== undefined) return fail({ kind: 'bad-answer', status: 409 })
    version += 1
    const metadata = { name: 'audit', resourceVersion: String(version) }
    lease = JSON.parse(JSON.stringify({ ...body, metadata }))
    return ok(lease)
  }
  return {
    lease: () => lease,
    down: (is: boolean) => {
      isDown = is
    },
    api: {
      get: async (): Promise<Answer> => (isDown ? away : lease === undefined ? fail({ kind: 'missing' }) : ok(lease)),
      post: async (_: string, body: object): Promise<Answer> =>
        lease === undefined ? put(body) : fail({ kind: 'bad-answer', status: 409 }),
      put: async (_: string, body: object): Promise<Answer> => put(body),
    },
  }
}

/** Time that goes on when everybody waits, by the shortest wait. */
const createTime = () => {
  let now = 0
  const waiting = new Set<{ readonly atMs: number; readonly over: () => void }>()
  return {
    nowMs: () => now,
    today: () => new Date(Date.UTC(2026, 0, 1) + now),
    wait: (ms: number, signal: AbortSignal): Promise<void> =>
      new Promise(resolve => {
        const over = (): void => {
          waiting.delete(entry)
          resolve()
        }
        const entry = { atMs: now + ms, over }
        waiting.add(entry)
        signal.addEventListener('abort', entry.over, { once: true })
        if (signal.aborted) entry.over()
      }),
    pass: async (ms: number): Promise<void> => {
      const end = now + ms
      for (;;) {
        await new Promise(resolve => setImmediate(resolve))
        const next = [...waiting].toSorted((a, b) => a.atMs - b.atMs)[0]
        if (next === undefined || next.atMs > end) break
        now = Math.max(now, next.atMs)
        next.over()
      }
      now = end
    },
  }
}

const replicas = (names: readonly string[]) => {
  const [store, time, log] = [createStore(), createTime(), [] as string[]]
  const stops = new Map(names.map(name => [name, new AbortController()]))
  const frozen = new Set<string>()
  const runs = names.map(identity => {
    const signal = stops.get(identity)?.signal ?? AbortSignal.abort()
    // A process that was killed asks nothing and waits for ever.
    const never = new Promise<never>(() => {})
    const alive =
      <A extends readonly unknown[], T>(call: (...given: A) => Promise<T>) =>
      async (...given: A): Promise<T> =>
        frozen.has(identity) ? never : call(...given)
    const api = { get: alive(store.api.get), post: alive(store.api.post), put: alive(store.api.put) }
    const options = { ...time, api, namespace: 'pullgate', name: 'audit', identity }
    return whileLeading(
      options,
      async over => {
        log.push(`${identity} begins`)
        await new Promise(resolve => over.addEventListener('abort', resolve, { once: true }))
        log.push(`${identity} stops`)
      },
      signal,
    )
  })
  return {
    store,
    time,
    log,
    stop: (name: string) => stops.get(name)?.abort(),
    freeze: (name: string) => frozen.add(name),
    runs,
  }
}

describe('a lease', () => {
  it('lets one of three work', async () => {
    const { time, log } = replicas(['a', 'b', 'c'])
    await time.pass(60_000)
    expect(log).toEqual(['a begins'])
  })

  it('is taken over within 30 s from one that hears nothing any more, and that stopped before', async () => {
    const { time, log, freeze } = replicas(['a', 'b'])
    await time.pass(5000)
    freeze('a')
    await time.pass(30_000)
    expect(log).toEqual(['a begins', 'a stops', 'b begins'])
  })

  it('is given back by one that leaves, so that another has it at once', async () => {
    const { time, log, stop, runs } = replicas(['a', 'b'])
    await time.pass(5000)
    stop('a')
    await runs[0]
    await time.pass(3000)
    expect(log).toEqual(['a begins', 'a stops', 'b begins'])
  })

  it('is lost by one that cannot renew it, before anybody else may take it', async () => {
    const { store, time, log } = replicas(['a', 'b'])
    await time.pass(5000)
    store.down(true)
    await time.pass(13_000)
    expect(log).toEqual(['a begins', 'a stops'])
    store.down(false)
    await time.pass(30_000)
    expect(log.filter(line => line.endsWith('begins')).length).toBe(2)
  })

  it('counts how often it changed hands', async () => {
    const { store, time, freeze } = replicas(['a', 'b'])
    await time.pass(5000)
    freeze('a')
    await time.pass(30_000)
    expect(store.lease()).toMatchObject({
      spec: { holderIdentity: 'b', leaseTransitions: 2, leaseDurationSeconds: 15 },
    })
  })
})
