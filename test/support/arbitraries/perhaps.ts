import fc from 'fast-check'

/** A list or a map that now and then is empty, null or left out. */
export const perhaps = <T>(arbitrary: fc.Arbitrary<T>, empty: NoInfer<T>): fc.Arbitrary<T | null | undefined> =>
  fc.oneof({ arbitrary, weight: 8 }, { arbitrary: fc.constantFrom(empty, null, undefined), weight: 2 })

/** Something that is left out half of the time. */
export const sometimes = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof(fc.constant(undefined), arbitrary)

/** Something in the place of which null stands now and then, which Go reads as the empty value. */
export const orNull = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ arbitrary, weight: 40 }, { arbitrary: fc.constant(null), weight: 1 })
