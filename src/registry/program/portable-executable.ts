import type { Platform } from '../../image/platform.ts'
import { platformOf } from './machine.ts'

// Offsets and numbers: Microsoft's "PE Format".
const architectures: ReadonlyMap<number, string> = new Map([
  [0x014c, '386'],
  [0x01c0, 'arm'],
  [0x01c4, 'arm'],
  [0x8664, 'amd64'],
  [0xaa64, 'arm64'],
])

// The graphical one and the console's. Those of EFI are on Linux's own kernels, which are executable files too.
const windowsSubsystems: ReadonlySet<number> = new Set([2, 3])

const signature = Buffer.from('PE\0\0')
const signatureAndHeader = 4 + 20

// Where the entry for the .NET runtime stands in the optional header, by the header's magic number.
const managedAt: ReadonlyMap<number, number> = new Map([
  [0x10b, 208],
  [0x20b, 224],
])

/** The platform of a program for Windows. */
export const readPortableExecutable = (head: Buffer): Platform | undefined => {
  if (head.length < 64 || head.toString('latin1', 0, 2) !== 'MZ') return undefined
  const at = head.readUInt32LE(60)
  const optional = at + signatureAndHeader
  if (optional + 228 > head.length || !head.subarray(at, at + 4).equals(signature)) return undefined
  const architecture = architectures.get(head.readUInt16LE(at + 4))
  const managed = managedAt.get(head.readUInt16LE(optional))
  const isWindows = windowsSubsystems.has(head.readUInt16LE(optional + 68))
  if (architecture === undefined || managed === undefined || !isWindows) return undefined
  // A .NET assembly runs wherever its runtime does, whatever its header names.
  return head.readUInt32LE(optional + managed) === 0 ? platformOf('windows', architecture) : undefined
}
