import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { asList, asRecord, asText, asTextMap, ownProperty, propertyAt } from '../../src/lib/untrusted.ts'
import { anything } from '../support/arbitraries/anything.ts'

describe('what somebody else wrote', () => {
  test.each([
    ['an object', { a: 1 }, { a: 1 }],
    ['an empty object', {}, {}],
    ['null', null, undefined],
    ['a list, which has indices and no names', [1], undefined],
    ['text', 'a', undefined],
    ['a number', 1, undefined],
    ['nothing', undefined, undefined],
  ])('%s is read as an object with properties, or not', (_, value, record) => {
    expect(asRecord(value)).toEqual(record)
  })

  test.each([
    ['a list', [1, null], [1, null]],
    ['null, which Go takes for an empty list', null, []],
    ['an object that looks like a list', { length: 1, 0: 'a' }, []],
    ['text', 'ab', []],
  ])('%s is read as a list', (_, value, list) => {
    expect(asList(value)).toEqual(list)
  })

  test.each([
    ['text', 'a', 'a'],
    ['the empty text', '', ''],
    ['a number', 1, undefined],
    ['null', null, undefined],
  ])('%s is read as text, or not', (_, value, text) => {
    expect(asText(value)).toBe(text)
  })

  test.each([
    ['its own', { a: 1 }, 'a', 1],
    ['its own, called __proto__', JSON.parse('{"__proto__": 1}'), '__proto__', 1],
    ['its own, called hasOwnProperty', { hasOwnProperty: 1 }, 'hasOwnProperty', 1],
    ['inherited', {}, 'constructor', undefined],
    ['inherited, and the way to pollute everything', {}, '__proto__', undefined],
    ['missing', { a: 1 }, 'b', undefined],
    ['an index of a list', ['a'], '0', undefined],
    ['the length of a text', 'abc', 'length', undefined],
  ])('a property counts if it is %s', (_, value, name, property) => {
    expect(ownProperty(value, name)).toBe(property)
  })

  test('a chain of properties is followed to its end, or to nothing', () => {
    expect(propertyAt({ a: { b: { c: 1 } } }, 'a', 'b', 'c')).toBe(1)
    expect(propertyAt({ a: null }, 'a', 'b', 'c')).toBeUndefined()
    expect(propertyAt('a')).toBe('a')
  })

  test('a map keeps its texts, reads null as the empty text, and leaves out what is neither', () => {
    const map = asTextMap(JSON.parse('{"a": "1", "b": null, "c": 1, "d": {}, "__proto__": "p", "constructor": "q"}'))
    expect([...map]).toEqual([
      ['a', '1'],
      ['b', ''],
      ['__proto__', 'p'],
      ['constructor', 'q'],
    ])
    expect(asTextMap(null).size).toBe(0)
  })

  test('nothing makes a reader throw', () => {
    fc.assert(
      fc.property(anything, fc.string(), (value, name) => {
        asRecord(value)
        asList(value)
        asText(value)
        asTextMap(value)
        ownProperty(value, name)
        propertyAt(value, name, name)
      }),
    )
  })
})
