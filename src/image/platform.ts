import { posix } from 'node:path'
import { lowerCase } from '../lib/go-text.ts'
import { fail, ok, type Result } from '../lib/result.ts'

/** What an image was built for, or what a node is. '' and [] mean: not said. */
export interface Platform {
  readonly os: string
  readonly architecture: string
  readonly variant: string
  readonly osVersion: string
  readonly osFeatures: readonly string[]
}

// The lists of containerd/platforms v1.0.0-rc.4 (database.go), which are Go's.
const knownSystems = new Set(
  'aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris windows zos'.split(
    ' ',
  ),
)
const knownArchitectures = new Set(
  (
    '386 amd64 amd64p32 arm armbe arm64 arm64be ppc64 ppc64le loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ' +
    'ppc riscv riscv64 s390 s390x sparc sparc64 wasm'
  ).split(' '),
)

// What a text leaves out is taken from the machine that reads it; for Kubernetes that is the common node.
const assumed = { os: 'linux', architecture: 'amd64' } as const

const normalSystem = (os: string): string => {
  if (os === '') return assumed.os
  const lower = lowerCase(os)
  return lower === 'macos' ? 'darwin' : lower
}

const arm64Variants = new Map([
  ['8', ''],
  ['v8', ''],
  ['v8.0', ''],
  ['9', 'v9'],
  ['9.0', 'v9'],
  ['v9.0', 'v9'],
])
const armVariants = new Map([
  ['', 'v7'],
  ['7', 'v7'],
  ['5', 'v5'],
  ['6', 'v6'],
  ['8', 'v8'],
])

const normalMachine = (givenArchitecture: string, givenVariant: string): readonly [string, string] => {
  const [architecture, variant] = [lowerCase(givenArchitecture), lowerCase(givenVariant)]
  switch (architecture) {
    case 'i386':
      return ['386', '']
    case 'x86_64':
    case 'x86-64':
    case 'amd64':
      return ['amd64', variant === 'v1' ? '' : variant]
    case 'aarch64':
    case 'arm64':
      return ['arm64', arm64Variants.get(variant) ?? variant]
    case 'armhf':
      return ['arm', 'v7']
    case 'armel':
      return ['arm', 'v6']
    case 'arm':
      return ['arm', armVariants.get(variant) ?? variant]
    default:
      return [architecture, variant]
  }
}

// Go orders texts by their bytes.
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

// The same few platforms are held against each other for every review.
const normalized = new WeakMap<Platform, Platform>()

/** The one way of writing a platform that several are equal to: `linux/aarch64/v8` is `linux/arm64`. */
export const normalizePlatform = (platform: Platform): Platform => {
  const known = normalized.get(platform)
  if (known !== undefined) return known
  const normal = normalize(platform)
  normalized.set(platform, normal)
  normalized.set(normal, normal)
  return normal
}

const normalize = (platform: Platform): Platform => {
  const [architecture, variant] = normalMachine(platform.architecture, platform.variant)
  return {
    os: normalSystem(platform.os),
    architecture,
    variant,
    osVersion: platform.osVersion,
    osFeatures: [...new Set(platform.osFeatures)].sort(byBytes),
  }
}

const systemPattern = /^([A-Za-z0-9_-]+)(?:\(([A-Za-z0-9_.%-]*)((?:\+[A-Za-z0-9_.%-]+)*)\))?$/
const partPattern = /^[A-Za-z0-9_.-]+$/

const unescaped = (text: string): string | undefined => {
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return undefined
  const bytes = text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

interface System {
  readonly os: string
  readonly osVersion: string
  readonly osFeatures: readonly string[]
}

const parseSystem = (text: string): Result<System, string> => {
  const match = systemPattern.exec(text)
  if (match === null) return fail(`${JSON.stringify(text)} is no operating system`)
  const [, os = '', versionText = '', featureText = ''] = match
  const osVersion = unescaped(versionText)
  if (osVersion === undefined) return fail(`${JSON.stringify(versionText)} is no version`)
  const features = featureText.split('+').slice(1).map(unescaped)
  const osFeatures = features.filter(feature => feature !== undefined)
  if (osFeatures.length < features.length) return fail(`${JSON.stringify(featureText)} are no features`)
  return ok({ os: normalSystem(os), osVersion, osFeatures })
}

/** A variant that goes without saying is left out. */
const machineOf = (architectureText: string): readonly [string, string] => {
  const [architecture, variant] = normalMachine(architectureText, '')
  return [architecture, architecture === 'arm' && variant === 'v7' ? '' : variant]
}

const parseSingle = (text: string, system: System): Result<Platform, string> => {
  if (knownSystems.has(system.os)) return ok({ ...system, architecture: assumed.architecture, variant: '' })
  const [architecture, variant] = machineOf(text)
  if (!knownArchitectures.has(architecture)) return fail(`${JSON.stringify(text)} is no known system or architecture`)
  return ok({ ...system, os: assumed.os, architecture, variant })
}

/** Reads `os/architecture/variant`, or one of the first two alone; `windows(10.0.20348)/amd64` has a version, `linux(+f)/amd64` a feature. */
export const parsePlatform = (text: string): Result<Platform, string> => {
  const [systemText = '', ...rest] = text.split('/')
  const system = parseSystem(systemText)
  if (!system.ok) return system
  const bad = rest.find(part => !partPattern.test(part))
  if (bad !== undefined) return fail(`${JSON.stringify(bad)} is no part of a platform`)
  const [architectureText, variantText, ...surplus] = rest
  if (architectureText === undefined) return parseSingle(systemText, system.value)
  if (surplus.length > 0) return fail('it has more than three parts')
  if (variantText === undefined) {
    const [architecture, variant] = machineOf(architectureText)
    return ok({ ...system.value, architecture, variant })
  }
  const [architecture, variant] = normalMachine(architectureText, variantText)
  return ok({ ...system.value, architecture, variant: architecture === 'arm64' && variant === '' ? 'v8' : variant })
}

const escapes = new Map([
  ['%', '%25'],
  ['+', '%2B'],
  ['(', '%28'],
  [')', '%29'],
  ['/', '%2F'],
])
const escaped = (text: string): string => text.replace(/[%+()/]/g, character => escapes.get(character) ?? character)

/** `os/architecture/variant`, with the version and features of the system in parentheses where there are any. */
export const formatPlatform = ({ os, architecture, variant, osVersion, osFeatures }: Platform): string => {
  if (os === '') return 'unknown'
  const features = [...new Set(osFeatures)].filter(feature => feature !== '').sort(byBytes)
  const inside = [escaped(osVersion), ...features.map(escaped)].join('+')
  // Joined as a path, as the original does it: "." and ".." take away.
  return posix.join(inside === '' ? os : `${os}(${inside})`, architecture, variant)
}
