/** A tag that begins with a version: `v1.4.0-alpine` is 1, 4, 0 and `-alpine`. */
export interface VersionTag {
  readonly numbers: readonly number[]
  /** What stands behind the numbers: another variant of the image. */
  readonly variant: string
}

// Nine digits are exact as numbers, and eight of them a date.
const pattern = /^v?(\d{1,9}(?:\.\d{1,9}){0,5})((?:[._-]?[a-z].*|[-_+].*)?)$/i

/** Reads a tag as a version; undefined where it is none. */
export const readVersionTag = (tag: string): VersionTag | undefined => {
  const [, numbers, variant = ''] = pattern.exec(tag) ?? []
  return numbers === undefined ? undefined : { numbers: numbers.split('.').map(Number), variant }
}

/** Orders versions by their numbers; what is not written counts as 0. */
export const compareVersions = (a: VersionTag, b: VersionTag): number => {
  const length = Math.max(a.numbers.length, b.numbers.length)
  for (let at = 0; at < length; at++) {
    const difference = (a.numbers[at] ?? 0) - (b.numbers[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** Whether a version says the same as another, and more: `1.4.2` to `1.4`. */
export const isFinerThan = (finer: VersionTag, version: VersionTag): boolean =>
  finer.variant === version.variant &&
  finer.numbers.length > version.numbers.length &&
  version.numbers.every((number, at) => number === finer.numbers[at])
