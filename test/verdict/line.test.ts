import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseReference } from '../../src/image/reference.ts'
import { allCodes } from '../../src/verdict/codes.ts'
import type { Finding } from '../../src/verdict/finding.ts'
import { lineLimit, lineOf } from '../../src/verdict/line.ts'
import { lengthOf } from '../../src/verdict/text.ts'
import type { ImageUse } from '../../src/workload/workload.ts'
import { findingOf, nasty } from './findings.ts'

const use = (text: string, path = 'spec.template.spec.containers[0].image'): ImageUse => ({
  image: { kind: 'image', text },
  path,
  name: 'web',
  role: 'container',
  blocks: true,
  pullPolicy: 'IfNotPresent',
})

const line = (text: string, finding: Finding): string => {
  const reference = parseReference(text)
  return lineOf({
    use: use(text),
    reference: reference.ok ? reference.value : undefined,
    finding,
    codes: [finding.code],
  })
}

describe('the line about an image', () => {
  test('says what, where, why and what next', () => {
    expect(
      line('registry.example/shop/web:1.40', {
        code: 'not-found',
        host: 'registry.example',
        missing: 'tag',
        near: ['1.4.0'],
      }),
    ).toBe(
      'image "registry.example/shop/web:1.40" not found (spec.template.spec.containers[0].image): ' +
        'registry.example has no tag "1.40" in shop/web; did you mean 1.4.0? [not-found]',
    )
  })

  test('names the other codes of the image after the one that it explains', () => {
    const subject = { use: use('a:1'), reference: undefined, finding: { code: 'never-pulled' } as const }
    expect(lineOf({ ...subject, codes: ['never-pulled', 'missing-pull-secret'] })).toMatch(
      / \[never-pulled, missing-pull-secret\]$/,
    )
  })

  test('keeps what, why and next whole where the names are too long', () => {
    const text = `registry.example.${'very.'.repeat(40)}long/${'team/'.repeat(30)}web:1.40`
    const said = line(text, { code: 'not-found', host: text.split('/')[0] ?? '', missing: 'tag', near: ['1.4.0'] })
    expect(lengthOf(said)).toBeLessThanOrEqual(lineLimit)
    expect(said).toContain(' not found (')
    expect(said).toContain('did you mean 1.4.0? [not-found]')
  })

  test.each(allCodes)('about %s is one line of at most 240 printable characters, whatever others chose', code => {
    fc.assert(
      fc.property(findingOf(code), nasty, nasty, (finding, text, path) => {
        const reference = parseReference(text)
        const said = lineOf({
          use: use(text, path),
          reference: reference.ok ? reference.value : undefined,
          finding,
          codes: [code],
        })
        expect(lengthOf(said)).toBeLessThanOrEqual(lineLimit)
        expect(said).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
        expect(said).toMatch(/^image "/)
        expect(said.endsWith(`[${code}]`)).toBe(true)
      }),
      { numRuns: 200 },
    )
  })
})
