import { describe, expect, test } from 'vitest'
import { parseCanonicalInt64, parseInt64 } from '../../src/workload/int64.ts'

const rows: readonly (readonly [why: string, text: string, any: bigint | undefined, canonical: bigint | undefined])[] =
  [
    ['zero', '0', 0n, 0n],
    ['a number', '42', 42n, 42n],
    ['below zero', '-42', -42n, -42n],
    ['a plus sign', '+42', 42n, undefined],
    ['leading zeros', '0042', 42n, undefined],
    ['many leading zeros', `${'0'.repeat(100)}1`, 1n, undefined],
    ['minus zero', '-0', 0n, undefined],
    ['the greatest', '9223372036854775807', 2n ** 63n - 1n, 2n ** 63n - 1n],
    ['one above the greatest', '9223372036854775808', undefined, undefined],
    ['the smallest', '-9223372036854775808', -(2n ** 63n), -(2n ** 63n)],
    ['one below the smallest', '-9223372036854775809', undefined, undefined],
    ['a number of twenty digits', '10000000000000000000', undefined, undefined],
    ['nothing', '', undefined, undefined],
    ['a sign alone', '-', undefined, undefined],
    ['a blank', ' 1', undefined, undefined],
    ['an underscore, which Go allows only where the base is open', '1_000', undefined, undefined],
    ['another base', '0x10', undefined, undefined],
    ['a fraction', '1.0', undefined, undefined],
    ['an exponent', '1e3', undefined, undefined],
    ['digits of another script', '٣', undefined, undefined],
    ['a line break', '1\n', undefined, undefined],
  ]

describe('an integer of 64 bits', () => {
  test.each(rows)('%s: "%s"', (_, text, any, canonical) => {
    expect(parseInt64(text)).toBe(any)
    expect(parseCanonicalInt64(text)).toBe(canonical)
  })
})
