import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nearTags } from '../../src/check/near-tags.ts'
import type { ImageReference } from '../../src/image/reference.ts'

const asking = (tag: string): ImageReference => ({
  registry: 'registry.example',
  repository: 'shop/web',
  target: { kind: 'tag', tag },
  written: `registry.example/shop/web:${tag}`,
})

describe('the tags like the one that is missing', () => {
  test.each([
    ['1.40', ['1.3.9', '1.4.0', '2.0.0'], '1.4.0', 'are those with the same characters between other dots'],
    ['v1.4.0', ['1.4.0', 'v1.3.0'], '1.4.0', 'are those without the v'],
    ['1.4.0', ['v1.4.0', '1.4.1'], 'v1.4.0', 'are those with the v'],
    ['1.4.0-Alpine', ['1.4.0-alpine', '1.4.0'], '1.4.0-alpine', 'are those in another case'],
    ['lastest', ['latest', 'stable'], 'latest', 'are those with a letter more or less'],
    ['1.4_0', ['1.4-0', '9'], '1.4-0', 'are those with another separator'],
    ['1.4', ['1.4.9', '1.4.10', '1.5.0', '2'], '1.4.10', 'are the newest of a version that was not written to its end'],
    ['1.9.12', ['1.2.0', '1.10.0', '2.0.0'], '1.10.0', 'are the next version, however it is spelt'],
    ['3.20-alpine', ['3.19', '3.21-slim', '3.18.4-alpine'], '3.18.4-alpine', 'are of the same variant'],
  ])('%s %j: %s (%s)', (asked, tags, first) => {
    expect(nearTags(asking(asked), tags)[0]).toBe(first)
  })

  test('are none where all that exist are other words', () => {
    expect(nearTags(asking('1.4.0'), ['nightly', 'main-20260101'])).toEqual([])
  })

  test('are three at the most, the next version first, then the newest, always in the same order', () => {
    const tags = ['1.4.5', '1.4.1', '1.4.3', '1.4.2', '1.4.4']
    expect(nearTags(asking('1.4.0'), tags)).toEqual(['1.4.1', '1.4.5', '1.4.4'])
    expect(nearTags(asking('1.4.0'), tags.toReversed())).toEqual(['1.4.1', '1.4.5', '1.4.4'])
  })

  test('are none for a digest', () => {
    const digest = `sha256:${'a'.repeat(64)}` as const
    expect(nearTags({ ...asking(''), target: { kind: 'digest', digest, tag: '1.4.0' } }, ['1.4.0'])).toEqual([])
  })

  test('cost little, however many and long a registry makes them', () => {
    const tags = Array.from({ length: 100_000 }, (_, index) => `${index}${'x'.repeat(1000)}`)
    expect(nearTags(asking('1.4.0'), tags)).toEqual([])
    fc.assert(fc.property(fc.string(), fc.array(fc.string()), (asked, all) => nearTags(asking(asked), all).length <= 3))
  })
})
