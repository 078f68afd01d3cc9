// Both signs for micro, U+00B5 and U+03BC, as in Go's time.ParseDuration.
const nanoseconds: ReadonlyMap<string, number> = new Map([
  ['ns', 1],
  ['us', 1e3],
  ['\u00b5s', 1e3],
  ['\u03bcs', 1e3],
  ['ms', 1e6],
  ['s', 1e9],
  ['m', 60e9],
  ['h', 3600e9],
])

const shape = /^([-+]?)((?:(?:\d+(?:\.\d*)?|\.\d+)[^\d.]+)+|0)$/
const parts = /(\d+(?:\.\d*)?|\.\d+)([^\d.]+)/g

// Go counts nanoseconds in 63 bits and a sign: some 292 years.
const mostNanoseconds = 2 ** 63

/** The milliseconds that a Go duration such as `1m30s` stands for, or undefined where it is none (Go, time.ParseDuration). */
export const parseDuration = (text: string): number | undefined => {
  const [, sign, amount] = shape.exec(text) ?? []
  if (amount === undefined) return undefined
  let total = 0
  for (const [, number = '', unit = ''] of amount === '0' ? [] : amount.matchAll(parts))
    total += Number(number) * (nanoseconds.get(unit) ?? Number.NaN)
  if (!(total < mostNanoseconds)) return undefined
  return (sign === '-' ? -total : total) / 1e6
}
