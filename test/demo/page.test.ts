import { describe, expect, it } from 'vitest'
import { attempts } from '../../src/demo/attempts.ts'
import type { KubectlLine } from '../../src/demo/kubectl.ts'
import { attemptText, introduction, summary, wrapped } from '../../src/demo/page.ts'
import { createPaint } from '../../src/demo/paint.ts'

const plain = createPaint(false)

describe('wrapped text', () => {
  it.each([
    ['breaks between words', 'one two three', 7, ['one two', 'three']],
    ['fills the width', 'one two', 7, ['one two']],
    ['leaves a word whole that is too long', 'a bbbbbbbbb c', 5, ['a', 'bbbbbbbbb', 'c']],
    ['keeps the breaks that are there', 'one\ntwo three', 20, ['one', 'two three']],
  ])('%s', (_, text, width, lines) => {
    expect(wrapped(text, width)).toEqual(lines)
  })
})

describe("an attempt's text", () => {
  const all = attempts({ registry: '127.0.0.1:50000', nobody: '127.0.0.1:50001' })
  const textOf = (number: number, lines: readonly KubectlLine[], colour = false): string => {
    const attempt = all[number - 1]
    if (attempt === undefined) throw new Error(`the tour has no attempt ${number}`)
    return attemptText(number, attempt, lines, createPaint(colour))
  }
  const denial = (because: string): KubectlLine => ({
    tone: 'error',
    text: `Error from server (Forbidden): error when creating "web.yaml": admission webhook "workloads.pullgate.dev" denied the request: ${because}`,
  })

  it('shows what is tried and what kubectl prints', () => {
    expect(textOf(2, [denial('there is no such tag')])).toBe(`
 2  A tag that was never pushed.                                       would end in ImagePullBackOff
    image: 127.0.0.1:50000/shop/web:1.40
    $ kubectl apply -f web.yaml
    Error from server (Forbidden): error when creating "web.yaml": admission webhook
    "workloads.pullgate.dev" denied the request: there is no such tag
`)
  })

  it('fits a hundred columns', () => {
    const texts = all.map((_, index) => textOf(index + 1, [denial('because '.repeat(60))]))
    const widths = texts.flatMap(text => text.split('\n')).map(line => line.length)
    expect(Math.max(...widths)).toBeLessThanOrEqual(100)
  })

  it('colours what kubectl says first, where colours are wanted, and lets the reason stand out', () => {
    const text = textOf(2, [{ tone: 'warning', text: 'Warning: perhaps' }, denial('no')], true)
    expect(text).toContain('\u001b[33m    Warning:\u001b[39m perhaps')
    expect(text).toContain('\u001b[31m    Error from server (Forbidden):\u001b[39m\u001b[2m error when')
    expect(text).toContain('denied the request:\u001b[22m no')
    expect(textOf(1, [{ tone: 'success', text: 'pod/web created' }], true)).toContain(
      '\u001b[32m    pod/web created\u001b[39m',
    )
  })
})

describe('the frame of the tour', () => {
  it('fits a hundred columns', () => {
    const text = introduction(10, plain) + summary(['created', 'warned', 'denied'], plain)
    expect(Math.max(...text.split('\n').map(line => line.length))).toBeLessThanOrEqual(100)
  })

  it('ends with what happened', () => {
    expect(summary(['created', 'denied', 'denied', 'warned'], plain)).toContain(
      '1 created, 1 created with a warning, 2 stopped before a node had seen them.',
    )
  })
})
