import fc from 'fast-check'

/** Any value that JavaScript can make. */
export const anything = fc.anything({
  withNullPrototype: true,
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
})
