import { describe, expect, test } from 'vitest'
import { budgetMs } from '../../src/webhook/budget.ts'

const options = { timeoutMs: 5000, reserveMs: 500 }

describe('the time for a review', () => {
  test.each<[string | undefined, number, string]>([
    ['5s', 4500, 'is what was registered, less the reserve'],
    ['30s', 4500, 'is never more than what was registered'],
    ['4s', 2500, 'loses the second by which the API server may have rounded up'],
    ['2s', 500, 'loses that second also where little is left'],
    ['1s', 100, 'is enough to say that there was no time'],
    ['0s', 100, 'is enough to say so even then'],
    [undefined, 4500, 'is what was registered where nothing is said'],
    ['soon', 4500, 'is what was registered where nonsense is said'],
    ['-3s', 4500, 'is what was registered where a negative time is said'],
    ['5.5s', 4500, 'is what was registered where the API server would not have said it so'],
    ['1e9s', 4500, 'is what was registered where a number is no number'],
  ])('said to be %s (%i ms) %s', (said, expected) => {
    expect(budgetMs(said, options)).toBe(expected)
  })

  test('loses what the review has waited for already, unread', () => {
    expect(budgetMs('5s', options, 1000)).toBe(3500)
    expect(budgetMs('5s', options, 60_000)).toBe(100)
  })
})
