import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matchesExactly, matchesPlatform, prefers, runnable } from '../../src/image/match.ts'
import { formatPlatform, normalizePlatform, parsePlatform } from '../../src/image/platform.ts'
import { platformTriple } from '../support/arbitraries/platform.ts'
import { nodeRows, type Suits, written } from './platform-rows.ts'

const strict = { checksOsFeatures: true }
const lenient = { checksOsFeatures: false }

const suits = (node: string, image: string): Suits => {
  if (!matchesPlatform(written(node), written(image), strict)) return 'none'
  return matchesExactly(written(node), written(image), strict) ? 'own' : 'fall-back'
}

describe('what a node runs', () => {
  test('is shown by at least 150 pairs, no two of them alike', () => {
    const pairs = nodeRows.flatMap(({ node, images }) => images.map(([image]) => `${node} ${image}`))
    expect(pairs.length).toBeGreaterThanOrEqual(150)
    expect(new Set(pairs).size).toBe(pairs.length)
  })

  test.each(nodeRows)('is on $node what the table says', ({ node, images }) => {
    for (const [image, expected, why] of images) expect(suits(node, image), `${image}: ${why}`).toBe(expected)
  })

  test('is never what it does not run by its very platform, unless by a fall-back', () => {
    for (const { node, images } of nodeRows)
      for (const [image, expected] of images)
        if (expected === 'none') expect(matchesExactly(written(node), written(image), strict), image).toBe(false)
  })
})

describe('the features of a system', () => {
  const rows: readonly (readonly [node: string, image: string, checked: boolean, why: string])[] = [
    ['linux/amd64', 'linux(+gpu)/amd64', false, 'a node names none, so an image that wants one does not fit'],
    ['linux(+gpu)/amd64', 'linux(+gpu)/amd64', true, 'the node has it'],
    ['linux(+a+b)/amd64', 'linux(+b)/amd64', true, 'the node has more'],
    ['linux(+a+b)/amd64', 'linux(+b+a)/amd64', true, 'their order does not matter'],
    ['linux(+a)/amd64', 'linux(+a+b)/amd64', false, 'the image wants more'],
    ['linux(+a)/amd64', 'linux(+a+a)/amd64', true, 'one that is named twice is one'],
    ['linux(+a)/amd64', 'linux(+A)/amd64', false, 'capitals count'],
    ['linux(+a)/amd64', 'linux/amd64', true, 'the image wants none'],
    ['linux/amd64', 'linux(+win32k)/amd64', false, 'the feature of Windows is one like others on Linux'],
    ['windows/amd64', 'windows(+win32k)/amd64', true, 'every Windows image may name win32k'],
    ['windows/amd64', 'windows(+win32k+win32k)/amd64', false, 'but once only'],
    ['windows/amd64', 'windows(+win32k+gpu)/amd64', false, 'and no other'],
    ['linux/amd64', 'linux(+a)/386', false, 'they count for a fall-back too'],
  ]

  test.each(rows)('of %s and %s fit: %j, because %s; a runtime that does not look takes it', (node, image, fits) => {
    expect(matchesPlatform(written(node), written(image), strict)).toBe(fits)
    expect(matchesPlatform(written(node), written(image), lenient)).toBe(true)
  })
})

describe('the choice between two images', () => {
  const first: readonly (readonly [node: string, first: string, second: string, why: string])[] = [
    ['linux/amd64', 'linux/amd64', 'linux/386', 'its own platform before 32-bit programs'],
    ['linux/amd64', 'linux/386', 'linux/arm64', 'what runs before what does not'],
    ['linux/amd64/v3', 'linux/amd64/v3', 'linux/amd64/v2', 'the best variant'],
    ['linux/amd64/v3', 'linux/amd64/v2', 'linux/amd64', 'then the next'],
    ['linux/amd64/v3', 'linux/amd64', 'linux/386', 'then 32-bit programs'],
    ['linux/arm64', 'linux/arm64', 'linux/arm/v8', 'its own platform before 32-bit programs'],
    ['linux/arm64', 'linux/arm/v8', 'linux/arm/v7', 'the newer 32-bit version'],
    ['linux/arm64', 'linux/arm/v7', 'linux/arm/v6', 'and so on'],
    ['linux/arm64/v9', 'linux/arm64/v9', 'linux/arm64/v8.5', 'the major version first'],
    ['linux/arm64/v9', 'linux/arm64/v8.5', 'linux/arm64', 'then the minor ones'],
    ['linux/arm/v7', 'linux/arm/v7', 'linux/arm/v5', 'the newer version'],
    ['linux/arm/v7', 'linux/armhf', 'linux/armel', 'whatever it is called'],
    ['linux(+a+b)/amd64', 'linux(+a+b)/amd64', 'linux(+a)/amd64', 'more of the features that the node has'],
    ['linux/amd64', 'linux(+a)/amd64', 'linux(+a)/arm64', 'features that nobody has are left out of account'],
  ]

  test.each(first)('on %s falls on %s rather than %s: %s', (node, one, other) => {
    expect(prefers(written(node), written(one), written(other), strict)).toBe(true)
    expect(prefers(written(node), written(other), written(one), strict)).toBe(false)
  })

  const neither: readonly (readonly [node: string, one: string, other: string, why: string])[] = [
    ['linux/amd64', 'linux/amd64', 'linux/amd64/v1', 'two ways of writing one platform'],
    ['linux/amd64', 'linux/arm64', 'linux/s390x', 'neither runs'],
    ['linux/arm64', 'linux/aarch64', 'linux/arm64/v8', 'two ways of writing one platform'],
    ['windows(10.0.26100)/amd64', 'windows(10.0.26100)/amd64', 'windows(10.0.20348)/amd64', 'both fit'],
  ]

  test.each(neither)('on %s falls on neither %s nor %s: %s', (node, one, other) => {
    expect(prefers(written(node), written(one), written(other), strict)).toBe(false)
    expect(prefers(written(node), written(other), written(one), strict)).toBe(false)
  })

  test('takes no notice of features where the runtime does not look at them', () => {
    const [node, more, less] = [written('linux/amd64'), written('linux(+a+b)/amd64'), written('linux/amd64')]
    expect(prefers(node, more, less, lenient)).toBe(false)
    expect(prefers(node, less, more, lenient)).toBe(false)
  })
})

describe('what a node can run', () => {
  const rows: readonly (readonly [node: string, all: string])[] = [
    ['linux/amd64', 'linux/amd64 linux/386'],
    ['linux/amd64/v3', 'linux/amd64/v3 linux/amd64/v2 linux/amd64/v1 linux/386'],
    ['linux/arm64', 'linux/arm64/v8 linux/arm/v8 linux/arm/v7 linux/arm/v6 linux/arm/v5'],
    ['linux/arm', 'linux/arm/v7 linux/arm/v6 linux/arm/v5'],
    ['linux/arm/v5', 'linux/arm/v5'],
    ['linux/riscv64', 'linux/riscv64'],
    ['linux/arm64/v10', ''],
  ]

  test.each(rows)('%s: %s, best first', (node, all) => {
    expect(runnable(written(node)).map(formatPlatform).join(' ')).toBe(all)
  })
})

describe('the normal form of a platform', () => {
  const rows: readonly (readonly [text: string, normal: string, why: string])[] = [
    ['linux/x86_64', 'linux/amd64', 'the kernel calls it so'],
    ['linux/x86-64', 'linux/amd64', 'and so'],
    ['linux/amd64/v1', 'linux/amd64', 'v1 goes without saying'],
    ['linux/amd64/v2', 'linux/amd64/v2', 'v2 does not'],
    ['linux/i386/v1', 'linux/386', 'the old name loses its variant'],
    ['linux/386/v1', 'linux/386/v1', 'the new one keeps it'],
    ['linux/aarch64', 'linux/arm64', 'the kernel calls it so'],
    ['linux/arm64/v8', 'linux/arm64', 'v8 goes without saying'],
    ['linux/arm64/8', 'linux/arm64', 'also without its v'],
    ['linux/arm64/v8.0', 'linux/arm64', 'also with its minor version'],
    ['linux/arm64/8.0', 'linux/arm64/8.0', 'but not like this'],
    ['linux/arm64/9.0', 'linux/arm64/v9', 'unlike v9'],
    ['linux/arm64/v9.1', 'linux/arm64/v9.1', 'a minor version stays'],
    ['linux/arm', 'linux/arm/v7', 'v7 goes without saying, and is said'],
    ['linux/arm/6', 'linux/arm/v6', 'a variant gets its v'],
    ['linux/arm/4', 'linux/arm/4', 'unless nobody knows it'],
    ['linux/armhf', 'linux/arm/v7', 'an old name'],
    ['linux/armel/v7', 'linux/arm/v6', 'an old name counts more than the variant'],
    ['macOS/arm64', 'darwin/arm64', 'another name'],
    ['LINUX/AMD64/V3', 'linux/amd64/v3', 'capitals'],
    ['/amd64', 'linux/amd64', 'no system is that of most nodes'],
    ['linux(+b+a+b)/amd64', 'linux(+a+b)/amd64', 'features are sorted, each once'],
    ['windows(10.0.20348.1)/AMD64', 'windows(10.0.20348.1)/amd64', 'versions stay'],
  ]

  test.each(rows)('of %s is %s: %s', (text, normal) => {
    expect(formatPlatform(normalizePlatform(written(text)))).toBe(normal)
  })

  test('is its own normal form, and one that the same nodes run', () => {
    fc.assert(
      fc.property(platformTriple, ([node, image]) => {
        const normal = normalizePlatform(image)
        expect(normalizePlatform({ ...normal })).toEqual(normal)
        expect(matchesPlatform(node, normal, lenient)).toBe(matchesPlatform(node, image, lenient))
      }),
    )
  })
})

describe('a platform as a text', () => {
  const rows: readonly (readonly [text: string, form: string, why: string])[] = [
    ['linux/amd64', 'linux/amd64', 'system and architecture'],
    ['linux/arm/v7', 'linux/arm/v7', 'and variant'],
    ['linux/arm64/v8', 'linux/arm64/v8', 'a variant that is written is kept'],
    ['linux/arm64', 'linux/arm64', 'and not made up'],
    ['linux/arm', 'linux/arm', 'nor here'],
    ['linux/armhf', 'linux/arm', 'v7 goes without saying'],
    ['linux/armel', 'linux/arm/v6', 'v6 does not'],
    ['linux/amd64/v1', 'linux/amd64', 'v1 goes without saying'],
    ['linux', 'linux/amd64', 'a system alone is of the common architecture'],
    ['windows', 'windows/amd64', 'whichever system'],
    ['macos', 'darwin/amd64', 'by any name'],
    ['arm64', 'linux/arm64', 'an architecture alone is of the common system'],
    ['aarch64', 'linux/arm64', 'by any name'],
    ['x86_64', 'linux/amd64', 'by any name'],
    ['armel', 'linux/arm/v6', 'with the variant that it means'],
    ['Linux/AMD64', 'linux/amd64', 'in lower case'],
    ['foo/bar', 'foo/bar', 'with two parts nobody asks whether they are known'],
    ['foo/bar/baz', 'foo/bar/baz', 'nor with three'],
    ['windows(10.0.20348)/amd64', 'windows(10.0.20348)/amd64', 'a version stands in parentheses'],
    ['windows(10.0.20348+win32k)/amd64', 'windows(10.0.20348+win32k)/amd64', 'and features after it'],
    ['linux(+b+a)/amd64', 'linux(+a+b)/amd64', 'or features alone, in order'],
    ['linux(a%2Bb)/amd64', 'linux(a%2Bb)/amd64', 'signs that mean something are escaped'],
    ['linux()/amd64', 'linux/amd64', 'empty parentheses are nothing'],
  ]

  test.each(rows)('%s is read and written as %s: %s', (text, form) => {
    const parsed = parsePlatform(text)
    expect(parsed.ok ? formatPlatform(parsed.value) : parsed.error).toBe(form)
  })

  const bad: readonly (readonly [text: string, why: string])[] = [
    ['', 'nothing'],
    ['/', 'no part'],
    ['linux/', 'no architecture'],
    ['/amd64', 'no system'],
    ['linux//v1', 'no architecture before a variant'],
    ['linux/amd64/', 'no variant'],
    ['linux/amd64/v1/x', 'four parts'],
    ['foo', 'neither a system nor an architecture'],
    ['linux/*', 'a wildcard'],
    ['*', 'a wildcard alone'],
    ['linux/amd 64', 'a blank'],
    ['linux.x/amd64', 'a dot in the system'],
    ['linux(/amd64', 'a parenthesis without its other'],
    ['linux(+)/amd64', 'an empty feature'],
    ['linux(+a++b)/amd64', 'an empty feature within'],
    ['linux(%zz)/amd64', 'an escape of no digits'],
    ['linux(+%4)/amd64', 'an escape of one digit'],
    ['linux/amd64\n', 'a line end'],
  ]

  test.each(bad)('%j is refused: %s', text => {
    expect(parsePlatform(text).ok).toBe(false)
  })

  test('is unknown where no system is named', () => {
    expect(formatPlatform(written('/amd64'))).toBe('unknown')
  })
})
