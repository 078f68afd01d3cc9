import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextPage } from '../../src/registry/link.ts'
import { processorClock } from '../support/processor-clock.ts'

const list = new URL('https://registry.example/v2/shop/web/tags/list?n=1000')

test.each([
  [
    '</v2/shop/web/tags/list?n=1000&last=b>; rel="next"',
    'https://registry.example/v2/shop/web/tags/list?n=1000&last=b',
  ],
  ['<https://registry.example/v2/x?last=b>; rel=next', 'https://registry.example/v2/x?last=b'],
  ['<https://registry.example:443/v2/x>;rel="next"', 'https://registry.example/v2/x'],
  ['  <?last=b> ; REL = "NEXT" ', 'https://registry.example/v2/shop/web/tags/list?last=b'],
])('%s leads on', (link, url) => expect(nextPage(link, list)?.href).toBe(url))

test.each([
  undefined,
  '',
  '</v2/x>',
  '</v2/x>; rel="prev"',
  '</v2/x>; rel="next"; title="x"',
  '/v2/x; rel="next"',
  '<https://elsewhere.example/v2/x>; rel="next"',
  '<http://registry.example/v2/x>; rel="next"',
  '<https://registry.example:8443/v2/x>; rel="next"',
  '<//elsewhere.example/v2/x>; rel="next"',
  '<\\\\elsewhere.example/v2/x>; rel="next"',
  '<https://registry.example@elsewhere.example/>; rel="next"',
  '<https://user@registry.example/v2/x>; rel="next"',
  '<https://:secret@registry.example/v2/x>; rel="next"',
  '<file:///etc/passwd>; rel="next"',
  '<data:text/plain,x>; rel="next"',
  '<http://[>; rel="next"',
  `<${'/x'.repeat(2000)}>; rel="next"`,
])('%s leads nowhere', link => expect(nextPage(link, list)).toBeUndefined())

test('whatever a registry writes, it leads to no other origin, and soon', () => {
  const piece = fc.constantFrom(
    '<',
    '>',
    '/',
    '//',
    '\\',
    '@',
    ':',
    ';',
    'rel=',
    '"next"',
    'next',
    ' ',
    'a.example',
    'https:',
  )
  const text = fc.oneof(
    fc.array(piece, { maxLength: 30 }).map(pieces => pieces.join('')),
    fc.string(),
  )
  fc.assert(
    fc.property(text, target => {
      for (const link of [target, `<${target}>; rel="next"`]) {
        const next = nextPage(link, list)
        if (next !== undefined) expect([next.origin, next.username, next.password]).toEqual([list.origin, '', ''])
      }
    }),
  )
  const spentMs = processorClock()
  for (const long of [`<${' '.repeat(16_000)}`, `${' '.repeat(16_000)}<x`, `<x>${' '.repeat(16_000)};`])
    nextPage(long, list)
  expect(spentMs()).toBeLessThan(500)
})
