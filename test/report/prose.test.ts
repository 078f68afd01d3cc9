import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { prose } from '../../src/report/page/prose.ts'
import { pageBody, pageSection } from '../../src/report/verdict-page.ts'
import { allCodes } from '../../src/verdict/codes.ts'

const page = (code: string): string =>
  readFileSync(join(import.meta.dirname, '../../docs/verdicts', `${code}.md`), 'utf8')

const unescaped = (html: string): string =>
  html
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')

const words = (text: string): string => text.replace(/[`\s]|^ *(?:\d+\.|-) /gm, '')

describe('the repair of a verdict on the page', () => {
  test.each(allCodes)('says all that the page of %s says, and nests as it does', code => {
    const section = pageSection(code, 'How to repair', { page }) ?? ''
    const html = prose(section)
    const fence = /^ *```(?:sh|yaml|text)?\n/gm
    expect(words(unescaped(html))).toBe(words(section.replace(fence, '').replace(/^ *```$/gm, '')))
    expect(html.match(/<pre/g)?.length ?? 0).toBe((section.match(/^ *```/gm)?.length ?? 0) / 2)
    expect(html).not.toMatch(/```|\]\(/)
  })

  test('keeps what is indented under its item, and the next item after it', () => {
    expect(prose('Do:\n\n1. One `a < b`:\n\n   ```sh\n   x  &\n     y\n   ```\n\n2. Two\n   more.\n\n- Three')).toBe(
      '<p>Do:</p><ol><li><p>One <code>a &lt; b</code>:</p><pre tabindex="0"><code>x  &amp;\n  y</code></pre></li>' +
        '<li><p>Two more.</p></li></ol><ul><li><p>Three</p></li></ul>',
    )
  })
})

test('a page stands without its title, and its links without their targets', () => {
  expect(pageBody('# `a`\n\nSee [`b`](b.md) and [c](../c.md).\n')).toBe('See `b` and c.')
})

test('a heading that is not there has no part', () => {
  expect(pageSection('denied', 'Nowhere', { page })).toBeUndefined()
  expect(pageSection('denied', 'How to repair', { page: () => undefined })).toBeUndefined()
})
