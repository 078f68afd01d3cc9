import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compilePath, walk } from '../../src/workload/path.ts'

const found = (value: unknown, path: string, at?: string) => [...walk(value, path, at)]

describe('compilePath', () => {
  it.each([
    ['', [], 'the value itself'],
    ['spec', [{ kind: 'property', name: 'spec' }], 'a name'],
    ['x_y-z2', [{ kind: 'property', name: 'x_y-z2' }], 'a name with everything a name may have'],
    ['*', [{ kind: 'values' }], 'the values of a map'],
    [
      'a[*].b',
      [{ kind: 'property', name: 'a' }, { kind: 'elements' }, { kind: 'property', name: 'b' }],
      'the elements of a list',
    ],
    ['a[*][*]', [{ kind: 'property', name: 'a' }, { kind: 'elements' }, { kind: 'elements' }], 'lists in a list'],
    ['*[*]', [{ kind: 'values' }, { kind: 'elements' }], 'lists in a map'],
  ])('reads %j', (text, steps) => {
    expect(compilePath(text)).toEqual({ ok: true, value: steps })
  })

  it.each([
    ['.', '""'],
    ['spec.', '""'],
    ['spec..a', '""'],
    ['[*]', '"[*]"'],
    ['spec.[*]', '"[*]"'],
    ['spec[0]', '"spec[0]"'],
    ['spec[*]x', '"spec[*]x"'],
    ['spec.**', '"**"'],
    ['a b', '"a b"'],
    ['0a', '"0a"'],
  ])('refuses %j, and says where', (text, segment) => {
    expect(compilePath(text)).toEqual({ ok: false, error: `${segment} is not a name, a name followed by [*], or *` })
  })
})

describe('walk', () => {
  const job = { spec: { tasks: [{ image: 'a' }, {}, { image: 'c' }], replicas: { Worker: { n: 1 }, 'a.b': { n: 2 } } } }

  it.each<[string, unknown, string]>([
    ['', [['', job]], 'the value itself'],
    [
      'spec.tasks[*].image',
      [
        ['spec.tasks[0].image', 'a'],
        ['spec.tasks[2].image', 'c'],
      ],
      'each element that has it',
    ],
    [
      'spec.replicas.*.n',
      [
        ['spec.replicas.Worker.n', 1],
        ['spec.replicas["a.b"].n', 2],
      ],
      'each value, its key told apart',
    ],
    ['spec.tasks', [['spec.tasks', job.spec.tasks]], 'a list as a whole'],
    ['spec.tasks.image', [], 'a list has no named properties'],
    ['spec.tasks.length', [], 'not even its own'],
    ['spec.replicas[*]', [], 'a map has no elements'],
    ['spec.tasks.*', [], 'a list has no keys'],
    ['spec.none.further', [], 'what is not there'],
    ['spec..tasks', [], 'what is no path leads nowhere'],
  ])('finds what stands at %j', (path, expected) => {
    expect(found(job, path)).toEqual(expected)
  })

  it('writes concrete paths below the place where it began', () => {
    expect(found([{ image: 'a' }], '', 'x').map(([path]) => path)).toEqual(['x'])
    expect(found({ a: [1] }, 'a[*]', 'spec.b[3]')).toEqual([['spec.b[3].a[0]', 1]])
  })

  it('tells null from nothing', () => {
    expect(found({ a: null }, 'a')).toEqual([['a', null]])
    expect(found({ a: undefined }, 'a')).toEqual([])
  })

  it.each([
    [{}, '__proto__'],
    [{}, 'constructor.name'],
    [Object.create({ spec: 1 }), 'spec'],
    [Object.create({ spec: 1 }), '*'],
    ['text', 'length'],
    [null, 'spec'],
    [7, '*'],
    [undefined, 'a[*]'],
  ])('finds nothing that %j only inherits', (value, path) => {
    expect(found(value, path)).toEqual([])
  })

  it('takes a key called __proto__ for a key', () => {
    const value = JSON.parse('{"map":{"__proto__":{"image":"a"},"constructor":{"image":"b"}}}')
    expect(found(value, 'map.*.image')).toEqual([
      ['map.__proto__.image', 'a'],
      ['map.constructor.image', 'b'],
    ])
  })

  it('keeps a path short though a key is long', () => {
    const [path] = found({ ['k'.repeat(1_000_000)]: 1 }, '*')[0] ?? []
    expect(path).toBe(`["${'k'.repeat(63)}"]`)
  })

  it('writes no control characters of a key', () => {
    expect(found({ 'a\n"b': 1 }, '*')).toEqual([['["a\\n\\"b"]', 1]])
  })

  it('can be left early, though the list is long', () => {
    for (const [path] of walk({ a: new Array(100_000).fill({}) }, 'a[*]')) {
      expect(path).toBe('a[0]')
      break
    }
  })

  it('never throws and finds no more than the value holds, whatever the value and the path', () => {
    const name = fc.constantFrom('a', 'b', '__proto__', 'length', 'toString')
    const segment = fc.oneof(
      name,
      fc.constant('*'),
      name.map(text => `${text}[*]`),
      fc.string(),
    )
    const path = fc.array(segment, { maxLength: 4 }).map(segments => segments.join('.'))
    const value = fc.jsonValue().map(json => ({ a: json, b: [json, { a: json }] }))
    fc.assert(
      fc.property(value, path, (json, text) => {
        expect(found(json, text).length).toBeLessThanOrEqual(JSON.stringify(json).length)
      }),
    )
  })
})
