import fc from 'fast-check'
import { oneWord } from './text.ts'

/** Keys of labels and taints, so few that they meet. */
export const labelKey: fc.Arbitrary<string> = oneWord('a b example.com/c')

const lengths = (...counts: readonly number[]) => fc.constantFrom(...counts.map(count => 'a'.repeat(count)))

/** Keys that no label may have, or at the edge of that. */
export const oddKey: fc.Arbitrary<string> = fc.oneof(
  oneWord('-a a/b/c /a a/ a_/b EXAMPLE.com/a é A_b.c a.b/c a..b/c -a.b/c metadata.name'),
  lengths(0, 63, 64),
  lengths(63, 64, 253, 254).map(prefix => `${prefix}/b`),
)

/** Numbers as text: selectors read what Go's ParseInt reads, tolerations only the canonical form, both in 64 bits. */
export const numberText: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: oneWord('5 1 9 10 0'), weight: 6 },
  { arbitrary: oneWord('05 00 +5 -1 -5 -0 +0 1_000 0x10 1e3 1.0 ٣ - +'), weight: 3 },
  {
    arbitrary: oneWord(
      '9007199254740992 9007199254740993 9223372036854775807 9223372036854775808 09223372036854775807 ' +
        '-9223372036854775808 -9223372036854775809 18446744073709551616',
    ),
    weight: 1,
  },
  {
    arbitrary: fc.constantFrom('', ' 5', '5 ', '5\n', '1'.repeat(70), '0'.repeat(62), `${'0'.repeat(61)}7`),
    weight: 1,
  },
)

const odd = fc.oneof(fc.constantFrom('-x', 'x-', 'a b', 'é', 'X', 'x.y_z', 'x\n'), lengths(63, 64))

/** Values of labels and taints: short ones that meet, numbers, and a few that no label may have. */
export const labelValue: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: fc.constantFrom('x', 'y', ''), weight: 8 },
  { arbitrary: numberText, weight: 4 },
  { arbitrary: odd, weight: 1 },
)
