import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatReference, parseReference } from '../../src/image/reference.ts'
import { isImageId, listing } from '../../src/workload/held-image.ts'
import { fullName } from '../../src/workload/listed-name.ts'
import { hasPulledFrom } from '../../src/workload/pulled-from.ts'
import { referenceText } from '../support/arbitraries/reference.ts'
import { mostly, spliced, textOf } from '../support/arbitraries/text.ts'
import { processorClock } from '../support/processor-clock.ts'
import { referenceOf } from '../support/reference-of.ts'

const nodeWith = (...names: readonly string[]) => ({ images: { names, count: names.length, mayHaveMoreNames: false } })
const digest = `sha256:${'a'.repeat(64)}`

const spellings: readonly (readonly [string, readonly string[]])[] = [
  [
    'nginx:1',
    ['nginx:1', 'library/nginx:1', 'docker.io/nginx:1', 'docker.io/library/nginx:1', 'index.docker.io/nginx:1'],
  ],
  [`user/app@${digest}`, [`user/app@${digest}`, `docker.io/user/app@${digest}`, `user/app:7@${digest}`]],
  ['registry.example/a/b:1', ['registry.example/a/b:1']],
  ['nginx', ['nginx', 'library/nginx', 'docker.io/nginx:latest', 'docker.io/library/nginx']],
  ['registry.example:5000/nginx', ['registry.example:5000/nginx', 'registry.example:5000/nginx:latest']],
]

describe('an image', () => {
  test.each(spellings)('%s is known in every spelling that runtimes list', (image, listed) => {
    for (const name of listed) expect.soft([name, listing(referenceOf(image))(nodeWith(name))]).toEqual([name, true])
  })

  // Names that end alike have the same number in the index.
  test('is not taken for another that ends alike', () => {
    const long = 'application-with-a-long-name:1.27.3'
    const lists = listing(referenceOf(`registry.example/a/${long}`))
    expect(lists(nodeWith(`registry.example/b/${long}`, `registry.example/a/longer-${long}`, long))).toBe(false)
    expect(lists(nodeWith(`registry.example/b/${long}`, `registry.example/a/${long}`))).toBe(true)
  })

  test('is found among a thousand names', () => {
    const names = Array.from({ length: 1000 }, (_, index) => `registry.example/a/b:${index}`)
    expect(listing(referenceOf('registry.example/a/b:999'))(nodeWith(...names))).toBe(true)
    expect(listing(referenceOf('registry.example/a/b:1000'))(nodeWith(...names))).toBe(false)
  })
})

test.each([
  [digest, true],
  ['sha256:0123456789ab', true],
  ['sha256', false],
  ['sha256:v1', false],
  ['nginx:1', false],
  [`nginx@${digest}`, false],
  [`docker.io/library/${digest}`, false],
  [`sha256:${'a'.repeat(65)}`, false],
])('%s is an ID: %s', (image, isId) => {
  expect(isImageId(referenceOf(image))).toBe(isId)
})

describe('as a search through all names', () => {
  // Few letters, so that names are alike and the same.
  const few = textOf('ab', 1)
  const name = fc
    .tuple(
      mostly(1, fc.constant('r.io/'), fc.constant('')),
      few,
      few,
      mostly(
        2,
        few.map(tag => `:${tag}`),
        fc.constant(`@${digest}`),
      ),
    )
    .map(([host, a, b, target]) => `${host}${a}/${b}${target}`)
  const listed = fc.oneof({ arbitrary: name, weight: 9 }, { arbitrary: spliced(name), weight: 1 })

  test('the index finds what is there, and no more', () => {
    fc.assert(
      fc.property(fc.array(listed, { maxLength: 20 }), name, (names, image) => {
        const reference = referenceOf(image)
        const expected = names.some(each => fullName(each) === formatReference(reference))
        expect(listing(reference)(nodeWith(...names))).toBe(expected)
      }),
      { numRuns: 2000 },
    )
  })

  test('the paths are those that are there, and no more', () => {
    const parentOf = (full: string) => /^(.*\/)[^/]*$/.exec(full.replace(/@.*$/, ''))?.[1] ?? ''
    fc.assert(
      fc.property(fc.array(listed, { maxLength: 5 }), name, (names, image) => {
        const reference = referenceOf(image)
        const parent = parentOf(formatReference(reference))
        const isBelow = (full: string) => full.replace(/[:@].*$/, '/').startsWith(parent)
        const expected = names.some(each => isBelow(fullName(each) ?? ''))
        expect(hasPulledFrom([nodeWith(...names)], reference)).toBe(expected)
      }),
      { numRuns: 2000 },
    )
  })
})

test('twenty thousand odd names on nodes keep nobody from an answer', () => {
  const odd = fc.oneof(referenceText, spliced(referenceText), fc.string({ unit: 'binary', maxLength: 60 }))
  const image = referenceText.filter(text => parseReference(text).ok).map(referenceOf)
  fc.assert(
    fc.property(fc.array(odd, { minLength: 20, maxLength: 20 }), image, (names, reference) => {
      const node = nodeWith(...names)
      const has = names.some(each => fullName(each) === formatReference(reference))
      expect(listing(reference)(node)).toBe(has)
      expect(typeof hasPulledFrom([node], reference)).toBe('boolean')
    }),
    { numRuns: 1000 },
  )
})

test.each([
  ['slashes', '/'.repeat(1_000_000)],
  ['colons', ':'.repeat(1_000_000)],
  ['signs', '@'.repeat(1_000_000)],
  ['parts', `registry.example/${'a/'.repeat(500_000)}b:1`],
  ['letters', `registry.example/${'a'.repeat(1_000_000)}:1`],
])('names of a million %s take no time', (_, name) => {
  const spentMs = processorClock()
  const node = nodeWith(...Array.from({ length: 10 }, () => name))
  expect(listing(referenceOf('registry.example/app:1'))(node)).toBe(false)
  expect(hasPulledFrom([node], referenceOf('registry.other/app:1'))).toBe(false)
  expect(spentMs()).toBeLessThan(1000)
})
