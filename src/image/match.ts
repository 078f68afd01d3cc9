import { normalizePlatform, type Platform } from './platform.ts'
import { fitsWindowsVersion } from './windows-version.ts'

/** What a match takes notice of. */
export interface MatchOptions {
  readonly checksOsFeatures: boolean
}

const machine = (like: Platform, architecture: string, variant: string): Platform => ({
  ...like,
  architecture,
  variant,
})

/** v9.2, v9.1, v9: a version and the minor ones before it. */
const downFrom = (major: number, minor: number): readonly string[] =>
  Array.from({ length: minor + 1 }, (_, index) => (index === minor ? `v${major}` : `v${major}.${minor - index}`))

const lesserVersions = (variant: string, least: number): readonly string[] => {
  const version = /^v?([+-]?\d{1,9})$/.exec(variant)?.[1]
  const count = version === undefined ? 0 : Math.max(0, Number(version) - least)
  return Array.from({ length: Math.min(count, 1000) }, (_, index) => `v${least + count - 1 - index}`)
}

const arm64Versions = (variant: string): readonly string[] => {
  const [, major = '', minor = '0'] = /^v([89])(?:\.(\d))?$/.exec(variant) ?? []
  if (major === '8') return downFrom(8, Number(minor))
  // What v9.x has, v8.(x+5) has; the list ends with v9.7 and v8.9.
  if (major === '9' && Number(minor) <= 7)
    return [...downFrom(9, Number(minor)), ...downFrom(8, Math.min(9, Number(minor) + 5))]
  return []
}

const known = new WeakMap<Platform, readonly Platform[]>()

/**
 * What a node of this platform can run, best first: an amd64 one also 386, an arm64 one also 32-bit arm
 * (containerd/platforms v1.0.0-rc.4 compare.go).
 */
export const runnable = (node: Platform): readonly Platform[] => {
  const own = normalizePlatform(node)
  const all = known.get(own) ?? allRunnable(own)
  known.set(own, all)
  return all
}

const allRunnable = (own: Platform): readonly Platform[] => {
  switch (own.architecture) {
    case 'amd64':
      return [own, ...lesserVersions(own.variant, 1).map(each => machine(own, 'amd64', each)), machine(own, '386', '')]
    case 'arm':
      return [own, ...lesserVersions(own.variant, 5).map(each => machine(own, 'arm', each))]
    case 'arm64': {
      const versions = arm64Versions(own.variant === '' ? 'v8' : own.variant)
      if (versions.length === 0) return []
      const arm = ['v8', 'v7', 'v6', 'v5'].map(each => machine(own, 'arm', each))
      return [...versions.map(each => machine(own, 'arm64', each)), ...arm]
    }
    default:
      return [own]
  }
}

// Every Windows image may name it, once, and no node does.
const win32k = 'win32k'

const hasFeatures = (node: Platform, { osFeatures }: Platform): boolean => {
  const free = node.os === 'windows' ? osFeatures.indexOf(win32k) : -1
  return osFeatures.every((feature, index) => index === free || node.osFeatures.includes(feature))
}

/** Whether an image is for this very platform, or another way of writing it. */
export const matchesExactly = (wanted: Platform, image: Platform, { checksOsFeatures }: MatchOptions): boolean => {
  const [a, b] = [normalizePlatform(wanted), normalizePlatform(image)]
  return (
    a.os === b.os &&
    a.architecture === b.architecture &&
    a.variant === b.variant &&
    (wanted.os !== 'windows' || fitsWindowsVersion(wanted.osVersion, image.osVersion)) &&
    (!checksOsFeatures || hasFeatures(wanted, image))
  )
}

/** Whether an image is for something that a node of this platform can run. */
export const matchesPlatform = (node: Platform, image: Platform, options: MatchOptions): boolean =>
  runnable(node).some(wanted => matchesExactly(wanted, image, options))

/** Whether a node takes the first image rather than the second; false where it has no choice or does not care. */
export const prefers = (node: Platform, first: Platform, second: Platform, options: MatchOptions): boolean =>
  comesBefore(runnable(node), first, second, options)

const comesBefore = (order: readonly Platform[], a: Platform, b: Platform, options: MatchOptions): boolean => {
  for (const wanted of order) {
    const [isA, isB] = [matchesExactly(wanted, a, options), matchesExactly(wanted, b, options)]
    if (isA && !isB) return true
    if (isA && isB) return options.checksOsFeatures && a.osFeatures.length > b.osFeatures.length
    if (isB) return false
  }
  // Neither can run; without their features one of them might.
  if (a.osFeatures.length + b.osFeatures.length === 0) return false
  return comesBefore(order, { ...a, osFeatures: [] }, { ...b, osFeatures: [] }, options)
}
