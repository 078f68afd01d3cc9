import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultsToAlways } from '../../src/image/known-reference.ts'
import {
  formatReference,
  type ImageReference,
  parseReference,
  type ReferenceProblem,
} from '../../src/image/reference.ts'
import { referenceText } from '../support/arbitraries/reference.ts'
import { accepted, refused } from './reference-rows.ts'

const shown = (text: string, why: string): string => `${JSON.stringify(text)}: ${why}`

const written = ({ target }: ImageReference): string => {
  if (target.kind === 'tag') return `:${target.tag}`
  return target.tag === undefined ? `@${target.digest}` : `:${target.tag}@${target.digest}`
}

describe('the table of references', () => {
  test('has at least 250 rows, no two of them alike', () => {
    const texts = [...accepted, ...refused].map(([text]) => text)
    expect(texts.length).toBeGreaterThanOrEqual(250)
    expect(new Set(texts).size).toBe(texts.length)
  })

  test('names the registry, the repository and the target of each reference', () => {
    for (const [text, registry, repository, target, why] of accepted) {
      const parsed = parseReference(text)
      const found = parsed.ok && [parsed.value.registry, parsed.value.repository, written(parsed.value)]
      expect(found, shown(text, why)).toEqual([registry, repository, target])
    }
  })

  test('refuses each text that is none in the words of the original, and says which rule is broken where', () => {
    for (const [text, message, rule, at, why] of refused) {
      const parsed = parseReference(text)
      expect(parsed.ok ? parsed : { ...parsed.error, hint: '' }, shown(text, why)).toEqual({
        message,
        rule,
        at,
        hint: '',
      })
    }
  })

  test('has a row for each rule that a text can break', () => {
    const rules = new Set(refused.map(([, , rule]) => rule))
    expect([...rules].sort()).toEqual([
      ...['character', 'digest', 'digest-algorithm', 'digest-length', 'empty', 'empty-component', 'empty-tag', 'host'],
      ...['image-id', 'name-length', 'scheme', 'separator', 'tag', 'tag-length', 'unfilled', 'upper-case'],
      'white-space',
    ])
  })
})

describe('the full form of a reference', () => {
  const full = (text: string): string => {
    const parsed = parseReference(text)
    return parsed.ok ? formatReference(parsed.value) : parsed.error.message
  }

  test('has the registry, the repository, and the tag that is asked for', () => {
    expect(full('nginx')).toBe('docker.io/library/nginx:latest')
    expect(full('ghcr.io/team/app:1.0')).toBe('ghcr.io/team/app:1.0')
  })

  test('has the digest without the tag that stands beside it, since nobody asks for that', () => {
    const digest = `sha256:${'0'.repeat(64)}`
    expect(full(`nginx:1.27@${digest}`)).toBe(`docker.io/library/nginx@${digest}`)
  })

  test('is read again as the same reference', () => {
    for (const [text, , , , why] of accepted) expect(full(full(text)), shown(text, why)).toBe(full(text))
  })
})

const expectHelpful = (text: string, { at, hint, message, rule }: ReferenceProblem): void => {
  expect(at, text).toBeGreaterThanOrEqual(0)
  expect(at, text).toBeLessThanOrEqual(text.length)
  expect(hint, text).toMatch(/^[ -~]{1,120}$/)
  expect(message, text).not.toBe('')
  expect(rule, `nothing better than the general hint for ${JSON.stringify(text)}`).not.toBe('other')
}

describe('any text', () => {
  test('of the table that is refused gets a short printable hint, and a place within the text', () => {
    for (const [text] of refused) {
      const parsed = parseReference(text)
      if (!parsed.ok) expectHelpful(text, parsed.error)
    }
  })

  test('is read or gets a short printable hint, and a place within the text', () => {
    fc.assert(
      fc.property(fc.oneof(referenceText, fc.string({ unit: 'binary' })), text => {
        const parsed = parseReference(text)
        if (!parsed.ok) return expectHelpful(text, parsed.error)
        expect(parseReference(formatReference(parsed.value)).ok).toBe(true)
      }),
      { numRuns: 5000 },
    )
  })
})

describe('a text of millions of characters', () => {
  const repeated = [
    'a',
    'a.',
    'a/',
    'a-',
    'a_',
    'A.',
    ':',
    '@',
    '_',
    '[',
    ' ',
    '$',
    '/',
    '%',
    '9',
    'é',
    'K\u0130',
    '😀',
  ]
  const frames: readonly (readonly [before: string, after: string])[] = [
    ['', ''],
    ['', 'a'],
    ['a', '!'],
    ['registry.example/', 'a'],
    ['a.', 'a/a'],
    ['[', ']/a'],
    ['a:', ''],
    ['a@sha256:', ''],
  ]

  test.each(repeated)('of %j again and again is read or refused like any other', piece => {
    for (const [before, after] of frames)
      for (const length of [1_000_000, 3_000_000]) {
        const text = before + piece.repeat(length / piece.length) + after
        const parsed = parseReference(text)
        if (!parsed.ok) expect(parsed.error.at).toBeLessThanOrEqual(text.length)
      }
  })

  test('of the two capitals with a lower case in ASCII is refused like any other', () => {
    expect(parseReference('\u212a\u0130'.repeat(500_000)).ok).toBe(false)
    expect(parseReference(`registry.example/${'\u0130'.repeat(1_000_000)}`).ok).toBe(false)
  })

  test('does not use up the stack', () => {
    for (const piece of ['a.', 'a/', 'a-', 'a__']) {
      expect(parseReference(`${piece.repeat(4_000_000)}!`).ok).toBe(false)
      expect(parseReference(`nginx@${piece.repeat(4_000_000)}:0`).ok).toBe(false)
    }
    expect(parseReference(`${'a.'.repeat(4_000_000)}a/a`).ok).toBe(true)
  })
})

describe('the pull policy that the API server gives', () => {
  const digest = `sha256:${'0'.repeat(64)}`
  const rows: readonly (readonly [text: string, always: boolean, why: string])[] = [
    ['nginx', true, 'no tag is latest'],
    ['registry.example:5000/app', true, 'a port is no tag'],
    ['nginx:latest', true, 'latest is written'],
    ['registry.example/team/app:latest', true, 'whatever stands before it'],
    ['nginx:1.27', false, 'another tag'],
    ['nginx:Latest', false, 'another spelling is another tag'],
    ['nginx:latest-alpine', false, 'only that very word'],
    ['localhost:5000', false, 'without a slash a port is a tag'],
    [`nginx@${digest}`, false, 'a digest needs no tag'],
    [`nginx:latest@${digest}`, true, 'the tag counts, even beside a digest that decides what is pulled'],
    [`nginx:1.27@${digest}`, false, 'another tag beside a digest'],
    [digest, false, 'an image ID looks like a repository and a tag'],
    ['', false, 'what cannot be read is not looked at'],
    ['Nginx', false, 'nor what has capitals'],
    ['nginx:', false, 'nor what has an empty tag'],
    ['nginx:latest@sha256:0', false, 'nor what has a bad digest'],
    [' nginx:latest', false, 'nor what has white space'],
  ]

  test.each(rows)('for %j: Always is %j, because %s', (text, always) => {
    expect(defaultsToAlways(text)).toBe(always)
  })
})
