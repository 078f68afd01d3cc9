const smallest = -(2n ** 63n)
const largest = 2n ** 63n - 1n

/** Reads a decimal integer as Go's `strconv.ParseInt(text, 10, 64)` does: a sign and leading zeros are fine, anything above 64 bits is none. */
export const parseInt64 = (text: string): bigint | undefined => {
  // 2^63 has 19 digits; the bound also keeps the cost of a hostile text linear.
  const [, sign = '', digits] = /^([+-]?)0*(\d{1,19})$/.exec(text) ?? []
  if (digits === undefined) return undefined
  const value = sign === '-' ? -BigInt(digits) : BigInt(digits)
  return smallest <= value && value <= largest ? value : undefined
}

/** Like `parseInt64`, of the canonical form only: no plus sign, no leading zero, no minus zero. */
export const parseCanonicalInt64 = (text: string): bigint | undefined =>
  /^(?:0|-?[1-9]\d*)$/.test(text) ? parseInt64(text) : undefined
