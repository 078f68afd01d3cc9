import { describe, expect, it } from 'vitest'
import type { Attempt, Expectation } from '../../src/demo/attempts.ts'
import { missOf, outcomeOf } from '../../src/demo/expectation.ts'
import type { KubectlLine } from '../../src/demo/kubectl.ts'
import { pod } from '../../src/demo/manifest.ts'

const attempt = (expected: Expectation): Attempt => ({
  title: 'A try.',
  otherwise: '',
  file: 'web.yaml',
  manifest: pod('web', 'shop/web'),
  shown: [],
  expected,
})

const success: KubectlLine = { tone: 'success', text: 'pod/web created' }
const warning: KubectlLine = { tone: 'warning', text: 'Warning: perhaps [unreachable]' }
const error: KubectlLine = { tone: 'error', text: 'Error from server (Forbidden): no [not-found]' }

describe('the outcome of an attempt', () => {
  it.each([
    ['created', [success]],
    ['warned', [warning, success]],
    ['denied', [error]],
    ['denied', [warning, error]],
  ])('is %s', (outcome, lines) => {
    expect(outcomeOf(lines)).toBe(outcome)
  })
})

describe('what an attempt promises', () => {
  it.each<[string, Expectation, readonly KubectlLine[]]>([
    ['to be created', { kind: 'created' }, [success]],
    ['to be denied with a reason', { kind: 'denied', saying: ['[not-found]'] }, [error]],
    ['to be warned of', { kind: 'warned', saying: ['[unreachable]'] }, [warning, success]],
  ])('came: %s', (_, expected, lines) => {
    expect(missOf(attempt(expected), lines)).toBeUndefined()
  })

  it.each<[string, Expectation, readonly KubectlLine[]]>([
    ['“A try.” should have been denied, and was created.', { kind: 'denied', saying: [] }, [success]],
    ['“A try.” should have been created, and was warned.', { kind: 'created' }, [warning, success]],
    [
      '“A try.” should have been answered with “1.4.0”, and was not.',
      { kind: 'denied', saying: ['[not-found]', '1.4.0'] },
      [error],
    ],
  ])('did not come: %s', (sentence, expected, lines) => {
    expect(missOf(attempt(expected), lines)).toBe(sentence)
  })
})
