import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { createDeadline, deadlineIn, remainingMs } from '../../src/lib/deadline.ts'

describe('a deadline', () => {
  test('fires after its time, and then nothing is left', async () => {
    const signal = deadlineIn(20)
    expect(signal.aborted).toBe(false)
    expect(remainingMs(signal)).toBeGreaterThan(0)
    await once(signal, 'abort')
    expect(remainingMs(signal)).toBeLessThan(2)
  })

  test('tells how much is left, which is never more than there was', () => {
    const left = remainingMs(deadlineIn(60_000)) ?? 0
    expect(left).toBeLessThanOrEqual(60_000)
    expect(left).toBeGreaterThan(50_000)
  })

  test.each([12.5, 0.1, 4999.999])('may lie a fraction of a millisecond away (%d ms)', ms => {
    expect(deadlineIn(ms).aborted).toBe(false)
  })

  test.each([-1, -1e9, 0])('that is over fires without delay (%d ms)', async ms => {
    const signal = deadlineIn(ms)
    expect(remainingMs(signal)).toBe(0)
    if (!signal.aborted) await once(signal, 'abort')
  })

  test.each([2 ** 31, 2 ** 33, Number.POSITIVE_INFINITY])('may lie beyond what timers know (%d ms)', async ms => {
    const signal = deadlineIn(ms)
    await once(deadlineIn(20), 'abort')
    expect(signal.aborted).toBe(false)
  })

  test('of any other signal is unknown', () => {
    expect(remainingMs(AbortSignal.timeout(1000))).toBeUndefined()
    expect(remainingMs(AbortSignal.any([deadlineIn(1000)]))).toBeUndefined()
  })
})

describe('a deadline that may be over before its time', () => {
  test('fires like any other, as a time-out', async () => {
    const { signal } = createDeadline(20)
    expect(remainingMs(signal)).toBeGreaterThan(0)
    await once(signal, 'abort')
    expect(signal.reason).toMatchObject({ name: 'TimeoutError' })
  })

  test('does not fire once it is released', async () => {
    const { signal, release } = createDeadline(10)
    release()
    await once(deadlineIn(40), 'abort')
    expect(signal.aborted).toBe(false)
  })
})
