import { describe, expect, test } from 'vitest'
import { compare, readEarlier } from '../../src/report/compare.ts'
import { distinctFingerprints, fingerprintOf } from '../../src/report/fingerprint.ts'
import { json } from '../../src/report/json.ts'
import { found, fromFile, judged, object } from './entries.ts'
import { context, sheet, smallSheet } from './sheets.ts'

const web = object('Deployment', 'shop', 'web')
const identity = { code: 'not-found', image: 'a:1', object: web, place: { file: 'a.yaml' } } as const

describe('a fingerprint', () => {
  test('stays when lines are added above, or a container before', () => {
    const [before] = sheet([fromFile('a.yaml', 5, web, [judged('a:1', [found.notFound])])]).findings
    const [, after] = sheet([
      fromFile('a.yaml', 50, web, [
        judged('b:1', [found.notFound]),
        judged('a:1', [found.notFound], { path: 'spec.containers[1].image' }),
      ]),
    ]).findings
    expect(after && fingerprintOf(after)).toBe(before && fingerprintOf(before))
  })

  test.each([
    ['code', { code: 'denied' }],
    ['image', { image: 'a:2' }],
    ['object', { object: object('Deployment', 'shop', 'api') }],
    ['namespace', { object: object('Deployment', 'other', 'web') }],
    ['file', { place: { file: 'b.yaml' } }],
  ] as const)('changes with the %s', (_, change) => {
    expect(fingerprintOf({ ...identity, ...change })).not.toBe(fingerprintOf(identity))
  })

  test('is given to one finding alone, even where two are alike', () => {
    const fingerprints = distinctFingerprints([identity, identity, identity])
    expect(new Set(fingerprints).size).toBe(3)
    expect(fingerprints[0]).toBe(fingerprintOf(identity))
  })
})

describe('a comparison with an earlier report', () => {
  const earlier = (text: string) => {
    const read = readEarlier(text)
    if (!read.ok) throw new Error(read.error)
    return read.value
  }

  test('finds nothing new and nothing gone in the report itself', () => {
    const now = smallSheet()
    const compared = compare(now, earlier(json(now, context)))
    expect(compared.change).toEqual({ new: 0, gone: 0 })
    expect(compared.findings.map(({ isNew }) => isNew)).toEqual(now.findings.map(() => false))
  })

  test('marks what is new, and counts what is gone', () => {
    const before = sheet([fromFile('a.yaml', 1, web, [judged('a:1', [found.notFound]), judged('b:1', [found.denied])])])
    const now = sheet([fromFile('a.yaml', 9, web, [judged('a:1', [found.notFound]), judged('c:1', [found.denied])])])
    const compared = compare(now, earlier(json(before, context)))
    expect(compared.change).toEqual({ new: 1, gone: 1 })
    expect(compared.findings.map(({ image, isNew }) => [image, isNew])).toEqual([
      ['a:1', false],
      ['c:1', true],
    ])
  })

  test('counts a second finding like the first as new', () => {
    const once = sheet([fromFile('a.yaml', 1, web, [judged('a:1', [found.notFound])])])
    const twice = sheet([
      fromFile('a.yaml', 1, web, [judged('a:1', [found.notFound]), judged('a:1', [found.notFound])]),
    ])
    expect(compare(twice, earlier(json(once, context))).change).toEqual({ new: 1, gone: 0 })
  })

  test('passes over codes that another version wrote', () => {
    expect(earlier('{"version":1,"findings":[{"code":"constructor"},{"code":7},null]}').size).toBe(0)
  })

  test.each([
    ['no JSON', '{', 'it is no JSON'],
    ['JSON of something else', '[]', 'it is no report of version 1, as -o json writes it'],
    ['another version', '{"version":2,"findings":[]}', 'it is no report of version 1, as -o json writes it'],
    ['findings that are none', '{"version":1,"findings":{}}', 'it is no report of version 1, as -o json writes it'],
  ])('says what is wrong with %s', (_, text, error) => {
    expect(readEarlier(text)).toEqual({ ok: false, error })
  })
})
