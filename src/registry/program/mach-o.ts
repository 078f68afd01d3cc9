import type { Platform } from '../../image/platform.ts'
import { platformOf } from './machine.ts'

// The magic number tells the bits, the processor's number has a bit for them too: Apple's mach/machine.h. Files for several
// processors are left out: they name no single one, and have the magic number of Java's classes.
const architectures: ReadonlyMap<string, string> = new Map([
  ['cefaedfe/7', '386'],
  ['cefaedfe/12', 'arm'],
  ['cffaedfe/16777223', 'amd64'],
  ['cffaedfe/16777228', 'arm64'],
])

/** The platform of a program for macOS. */
export const readMachO = (head: Buffer): Platform | undefined => {
  if (head.length < 28) return undefined
  const architecture = architectures.get(`${head.toString('hex', 0, 4)}/${head.readUInt32LE(4)}`)
  return architecture === undefined ? undefined : platformOf('darwin', architecture)
}
