import { closest, distance } from 'fastest-levenshtein'
import { fail, ok, type Result } from '../lib/result.ts'
import { formatPlatform, type Platform, parsePlatform } from './platform.ts'

// What Go compiles for and Kubernetes has nodes of (Go, internal/syslist; kubernetes build/).
const systems = ['linux', 'windows', 'darwin', 'freebsd']
const architectures = [
  ...['386', 'amd64', 'arm', 'arm64', 'loong64', 'mips', 'mips64', 'mips64le', 'mipsle', 'ppc64', 'ppc64le'],
  ...['riscv64', 's390x', 'wasm'],
]

const nearest = (text: string, known: readonly string[]): string => {
  const near = closest(text, known)
  return distance(text, near) <= 2 ? `; did you mean ${near}?` : ''
}

/** Reads a platform that nodes may have: a mistyped one fits no image, and everything would be refused. */
export const parseKnownPlatform = (text: string): Result<Platform, string> => {
  const platform = parsePlatform(text)
  if (!platform.ok) return platform
  const { os, architecture } = platform.value
  if (!systems.includes(os))
    return fail(`there are no nodes of the system ${JSON.stringify(os)}${nearest(os, systems)}`)
  if (!architectures.includes(architecture))
    return fail(
      `${formatPlatform(platform.value)} names no architecture that is known${nearest(architecture, architectures)}`,
    )
  return ok(platform.value)
}
