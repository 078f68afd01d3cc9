import { getEventListeners } from 'node:events'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deadlineIn } from '../../../src/lib/deadline.ts'
import { createTurnstile, type Turnstile, type TurnstileOptions } from '../../../src/registry/origin/turnstile.ts'
import { processorClock } from '../../support/processor-clock.ts'

const turnstile = (options: Partial<TurnstileOptions> = {}): Turnstile =>
  createTurnstile({ nowMs: () => 0, mostInside: 2, mostWaiting: 4, ...options })

const forever = (): AbortSignal => new AbortController().signal

/** Enters, and says what became of it as far as is known by now. */
const entering = (at: Turnstile, signal: AbortSignal = forever()) => {
  const seen: { outcome: string; leave: () => void } = { outcome: 'waiting', leave: () => {} }
  const over = at.enter(signal).then(entered => {
    seen.outcome = entered.ok ? 'inside' : entered.error
    if (entered.ok) seen.leave = entered.value
  })
  return { seen, over }
}

const settled = (): Promise<void> => new Promise(resolve => void setImmediate(resolve))

describe('a turnstile', () => {
  test('lets no more in than it has room for, and the others by order of arrival', async () => {
    const at = turnstile()
    const guests = Array.from({ length: 6 }, () => entering(at).seen)
    const outcomes = async () => {
      await settled()
      return guests.map(({ outcome }) => outcome[0]).join('')
    }
    expect(await outcomes()).toBe('iiwwww')
    guests[1]?.leave()
    expect(await outcomes()).toBe('iiiwww')
    guests[0]?.leave()
    guests[2]?.leave()
    expect(await outcomes()).toBe('iiiiiw')
  })

  test('turns away at once who comes when the queue is full', async () => {
    const at = turnstile()
    for (let guest = 0; guest < 6; guest++) entering(at)
    expect(await at.enter(forever())).toEqual({ ok: false, error: 'full' })
  })

  test('has room again when one who waited gives up, and keeps the order of the others', async () => {
    const at = turnstile({ mostInside: 1, mostWaiting: 2 })
    const giveUp = new AbortController()
    const first = entering(at).seen
    const second = entering(at, giveUp.signal)
    const third = entering(at).seen
    giveUp.abort()
    await second.over
    expect(second.seen.outcome).toBe('aborted')
    const fourth = entering(at).seen
    await settled()
    expect(fourth.outcome).toBe('waiting')
    first.leave()
    await settled()
    expect([third.outcome, fourth.outcome]).toEqual(['inside', 'waiting'])
  })

  test('turns away at once who has given up already', async () => {
    expect(await turnstile().enter(AbortSignal.abort())).toEqual({ ok: false, error: 'aborted' })
  })

  test('counts nobody out twice who leaves twice', async () => {
    const at = turnstile({ mostInside: 1 })
    const first = entering(at).seen
    const second = entering(at).seen
    const third = entering(at).seen
    await settled()
    first.leave()
    first.leave()
    await settled()
    expect([second.outcome, third.outcome]).toEqual(['inside', 'waiting'])
  })

  test('leaves no listener on a signal, whether its owner got in, gave up or was turned away', async () => {
    const at = turnstile({ mostInside: 1, mostWaiting: 2 })
    const controllers = Array.from({ length: 4 }, () => new AbortController())
    const guests = controllers.map(({ signal }) => entering(at, signal))
    await settled()
    guests[0]?.seen.leave()
    controllers[2]?.abort()
    await settled()
    expect(guests.map(({ seen }) => seen.outcome)).toEqual(['inside', 'inside', 'aborted', 'full'])
    expect(controllers.map(({ signal }) => getEventListeners(signal, 'abort').length)).toEqual([0, 0, 0, 0])
  })

  test('takes no harm from a signal that fires after its owner got in', async () => {
    const at = turnstile({ mostInside: 1 })
    const giveUp = new AbortController()
    const first = entering(at).seen
    const second = entering(at, giveUp.signal).seen
    await settled()
    first.leave()
    giveUp.abort()
    await settled()
    expect(second.outcome).toBe('inside')
    second.leave()
    expect((await at.enter(forever())).ok).toBe(true)
  })
})

describe('who has too little time', () => {
  /** A turnstile in which stays take so long, as far as it knows. */
  const slow = async (stayMs: number, options: Partial<TurnstileOptions> = {}) => {
    let now = 0
    const at = turnstile({ nowMs: () => now, mostInside: 1, ...options })
    for (let stay = 0; stay < 50; stay++) {
      const entered = await at.enter(forever())
      now += stayMs
      if (entered.ok) entered.value()
    }
    return at
  }

  test('is turned away at once instead of waiting in vain', async () => {
    const at = await slow(60_000)
    entering(at)
    expect(await at.enter(deadlineIn(30_000))).toEqual({ ok: false, error: 'hopeless' })
  })

  test('waits if there is hope, or if nobody knows how much time there is', async () => {
    const at = await slow(60_000)
    entering(at)
    const [patient, unknown] = [entering(at, deadlineIn(200_000)).seen, entering(at).seen]
    await settled()
    expect([patient.outcome, unknown.outcome]).toEqual(['waiting', 'waiting'])
  })

  test('goes in where there is room, however long stays take', async () => {
    const at = await slow(60_000)
    expect((await at.enter(deadlineIn(30_000))).ok).toBe(true)
  })

  test('is counted behind all who wait already', async () => {
    const at = await slow(60_000, { mostWaiting: 10 })
    for (let guest = 0; guest < 4; guest++) entering(at)
    expect(await at.enter(deadlineIn(200_000))).toEqual({ ok: false, error: 'hopeless' })
  })
})

test('ten thousand at once all get in, never more than eight at a time, and in a short while', async () => {
  const at = turnstile({ mostInside: 8, mostWaiting: 10_000 })
  let [inside, most] = [0, 0]
  const order: number[] = []
  const visit = async (guest: number): Promise<void> => {
    const entered = await at.enter(forever())
    if (!entered.ok) return
    order.push(guest)
    inside++
    most = Math.max(most, inside)
    await Promise.resolve()
    inside--
    entered.value()
  }
  const spentMs = processorClock()
  await Promise.all(Array.from({ length: 10_000 }, (_, guest) => visit(guest)))
  expect(most).toBe(8)
  expect(order).toEqual(Array.from({ length: 10_000 }, (_, guest) => guest))
  expect(spentMs()).toBeLessThan(3000)
})

test('whoever comes, goes and gives up in whatever order: never too many inside, none forgotten, and room in the end', async () => {
  const step = fc.record({ act: fc.constantFrom('come', 'come', 'leave', 'give up'), who: fc.nat(30) })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async steps => {
      const at = turnstile({ mostInside: 3, mostWaiting: 5 })
      const guests: { readonly seen: ReturnType<typeof entering>['seen']; readonly control: AbortController }[] = []
      const gone = new Set<number>()
      for (const { act, who } of steps) {
        const guest = guests[who % Math.max(guests.length, 1)]
        if (act === 'come') {
          const control = new AbortController()
          guests.push({ seen: entering(at, control.signal).seen, control })
        }
        if (act === 'give up') guest?.control.abort()
        if (act === 'leave' && guest?.seen.outcome === 'inside') {
          guest.seen.leave()
          gone.add(guests.indexOf(guest))
        }
        await Promise.resolve()
        await Promise.resolve()
        const inside = guests.filter(({ seen }, index) => seen.outcome === 'inside' && !gone.has(index)).length
        expect(inside).toBeLessThanOrEqual(3)
      }
      for (const { control } of guests) control.abort()
      await settled()
      expect(guests.map(({ seen }) => seen.outcome)).not.toContain('waiting')
      for (const { seen } of guests) seen.leave()
      const again = await Promise.all([1, 2, 3].map(() => at.enter(forever())))
      expect(again.every(({ ok }) => ok)).toBe(true)
    }),
    { numRuns: 300 },
  )
})
