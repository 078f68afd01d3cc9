import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Attempt, type Breaker, createBreaker } from '../../../src/registry/origin/breaker.ts'

interface Bench {
  readonly breaker: Breaker
  readonly pass: (ms: number) => void
  /** So many questions, each admitted and ended before the next. */
  readonly ask: (attempt: Attempt, times?: number) => void
  readonly admits: () => boolean
}

const bench = (random: () => number = () => 0.5): Bench => {
  let now = 0
  const breaker = createBreaker({ nowMs: () => now, random })
  const noted = (): ((attempt: Attempt) => void) => {
    const note = breaker.admit()
    if (note === undefined) throw new Error('not admitted')
    return note
  }
  return {
    breaker,
    pass: ms => {
      now += ms
    },
    ask: (attempt, times = 1) => {
      for (let asked = 0; asked < times; asked++) noted()(attempt)
    },
    admits: () => {
      const note = breaker.admit()
      note?.('unsettled')
      return note !== undefined
    },
  }
}

describe('a breaker that is closed', () => {
  test('opens at the fifth failure in a row, and not at the fourth', () => {
    const { ask, admits } = bench()
    ask('failed', 4)
    expect(admits()).toBe(true)
    ask('failed')
    expect(admits()).toBe(false)
  })

  test('begins to count anew after an answer', () => {
    const { ask, admits } = bench()
    ask('failed', 4)
    ask('answered')
    ask('failed', 4)
    expect(admits()).toBe(true)
  })

  test('goes on to count after a question that did not settle anything', () => {
    const { ask, admits } = bench()
    ask('failed', 4)
    ask('unsettled', 3)
    ask('failed')
    expect(admits()).toBe(false)
  })

  test('forgets failures after ten seconds', () => {
    const { ask, admits, pass } = bench()
    ask('failed')
    pass(9999)
    ask('failed', 3)
    pass(1)
    ask('failed')
    expect(admits()).toBe(true)
    ask('failed')
    expect(admits()).toBe(false)
  })

  test('opens at the first connection that got no answer', () => {
    const { breaker, admits } = bench()
    breaker.stalled()
    expect(admits()).toBe(false)
  })

  test('opens though the questions that fail were all admitted before the first of them ended', () => {
    const { breaker, admits } = bench()
    const notes = Array.from({ length: 5 }, () => breaker.admit())
    for (const note of notes) note?.('failed')
    expect(admits()).toBe(false)
  })
})

describe('a breaker that is open', () => {
  test.each([
    [0, 4000],
    [0.5, 5000],
    [0.999_999, 5999],
  ])('stays so for 5 s, give or take a fifth (at random %d for %d ms)', (random, ms) => {
    const { breaker, ask, pass } = bench(() => random)
    ask('failed', 5)
    pass(ms - 1)
    expect(breaker.isShut()).toBe(true)
    pass(2)
    expect(breaker.isShut()).toBe(false)
  })

  test('closes at an answer that comes late: the host is up', () => {
    const { breaker, ask, admits } = bench()
    const late = breaker.admit()
    ask('failed', 5)
    late?.('answered')
    expect(admits()).toBe(true)
    ask('failed', 4)
    expect(admits()).toBe(true)
  })

  test('is not prolonged by failures that come late', () => {
    const { breaker, ask, pass, admits } = bench()
    const late = Array.from({ length: 8 }, () => breaker.admit())
    ask('failed', 5)
    pass(4999)
    for (const note of late) note?.('failed')
    expect(admits()).toBe(false)
    pass(1)
    expect(admits()).toBe(true)
  })

  test('begins its pause anew at another connection that got no answer', () => {
    const { breaker, pass, admits } = bench()
    breaker.stalled()
    pass(4999)
    breaker.stalled()
    pass(4999)
    expect(admits()).toBe(false)
    pass(1)
    expect(admits()).toBe(true)
  })
})

describe('a breaker that is half open', () => {
  const halfOpen = (): Bench => {
    const made = bench()
    made.ask('failed', 5)
    made.pass(5000)
    return made
  }

  test('admits one question of a hundred', () => {
    const { breaker } = halfOpen()
    const notes = Array.from({ length: 100 }, () => breaker.admit()).filter(note => note !== undefined)
    expect(notes).toHaveLength(1)
    expect(breaker.isShut()).toBe(true)
  })

  test('admits the next one when the first did not settle anything', () => {
    const { breaker, ask } = halfOpen()
    ask('unsettled')
    expect(breaker.admit()).toBeDefined()
    expect(breaker.admit()).toBeUndefined()
  })

  test('closes at an answer, and has forgotten the failures', () => {
    const { ask, admits } = halfOpen()
    ask('answered')
    ask('failed', 4)
    expect(admits()).toBe(true)
  })

  test('opens again at one failure', () => {
    const { ask, pass, admits } = halfOpen()
    ask('failed')
    expect(admits()).toBe(false)
    pass(4999)
    expect(admits()).toBe(false)
    pass(1)
    expect(admits()).toBe(true)
  })

  test.each(['failed', 'unsettled'] as const)('admits no second question when an old one ends %s', attempt => {
    const { breaker, ask, pass } = bench()
    const old = breaker.admit()
    ask('failed', 5)
    pass(5000)
    const trial = breaker.admit()
    old?.(attempt)
    expect(breaker.admit()).toBeUndefined()
    trial?.('answered')
    expect(breaker.admit()).toBeDefined()
  })

  test('admits no second question when a connection of an older one gets no answer', () => {
    const { breaker, pass } = halfOpen()
    const trial = breaker.admit()
    breaker.stalled()
    pass(6000)
    expect(breaker.admit()).toBeUndefined()
    trial?.('failed')
    pass(5000)
    expect(breaker.admit()).toBeDefined()
  })

  test('takes the end of a trial that outlived its pause for one failure among others', () => {
    const { breaker, ask, pass, admits } = bench()
    const old = breaker.admit()
    ask('failed', 5)
    pass(5000)
    const trial = breaker.admit()
    old?.('answered')
    trial?.('failed')
    expect(admits()).toBe(true)
    ask('failed', 4)
    expect(admits()).toBe(false)
  })
})

/** What the breaker is meant to be, as a list of all that happened to it. */
interface Model {
  now: number
  streak: readonly number[]
  shutUntil: number | undefined
  trial: number | undefined
}

type Happening =
  | { readonly kind: 'ask' }
  | { readonly kind: 'end'; readonly which: number; readonly attempt: Attempt }
  | { readonly kind: 'stall' }
  | { readonly kind: 'pass'; readonly ms: number }

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ kind: 'ask' } as const) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('end' as const),
      which: fc.nat(20),
      attempt: fc.constantFrom<Attempt>('failed', 'failed', 'failed', 'answered', 'unsettled'),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'stall' } as const) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.constantFrom(1, 900, 4000, 5000, 9999) }),
  },
)

const openModel = (model: Model): void => {
  model.shutUntil = model.now + 5000
  model.streak = []
}

const endInModel = (model: Model, id: number, attempt: Attempt): void => {
  const wasTrial = model.trial === id
  if (wasTrial) model.trial = undefined
  if (attempt === 'answered') Object.assign(model, { streak: [], shutUntil: undefined, trial: undefined })
  if (attempt !== 'failed') return
  if (model.shutUntil !== undefined) {
    if (wasTrial) openModel(model)
    return
  }
  model.streak = [...model.streak.filter(at => model.now - at < 10_000), model.now]
  if (model.streak.length === 5) openModel(model)
}

test('whatever happens in whatever order, it does what a simple model does, and makes one trial at a time', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 120 }), happenings => {
      const model: Model = { now: 0, streak: [], shutUntil: undefined, trial: undefined }
      const breaker = createBreaker({ nowMs: () => model.now, random: () => 0.5 })
      const underWay: { readonly id: number; readonly note: (attempt: Attempt) => void }[] = []
      let ids = 0
      const steps: Readonly<Record<Happening['kind'], (now: Happening) => void>> = {
        ask: () => {
          const isOpen = model.shutUntil !== undefined
          const expected = !isOpen || (model.trial === undefined && model.now >= (model.shutUntil ?? 0))
          expect(breaker.isShut()).toBe(!expected)
          const note = breaker.admit()
          expect(note !== undefined).toBe(expected)
          if (note === undefined) return
          const id = ids++
          if (isOpen) model.trial = id
          underWay.push({ id, note })
        },
        end: now => {
          const { which = 0, attempt } = now as Extract<Happening, { kind: 'end' }>
          const [ended] = underWay.splice(which % Math.max(underWay.length, 1), 1)
          if (ended === undefined) return
          ended.note(attempt)
          endInModel(model, ended.id, attempt)
        },
        stall: () => {
          breaker.stalled()
          openModel(model)
        },
        pass: now => {
          model.now += (now as Extract<Happening, { kind: 'pass' }>).ms
        },
      }
      for (const each of happenings) steps[each.kind](each)
    }),
    { numRuns: 2000 },
  )
})
