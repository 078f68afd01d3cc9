import { programFor } from '../../src/demo/program.ts'

interface Layout {
  readonly bits: 32 | 64
  readonly machine: number
  /** Where the file is mapped. */
  readonly base: number
}

// The smallest files that Linux runs: a header, one segment that maps the whole file, and the instructions.
const headerBytes = { 32: 52, 64: 64 } as const
const segmentBytes = { 32: 32, 64: 56 } as const

const elf64 = ({ machine, base }: Layout, code: Uint8Array): Uint8Array => {
  const start = headerBytes[64] + segmentBytes[64]
  const file = Buffer.alloc(start + code.length)
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
  file.writeUInt16LE(2, 16) // e_type: executable
  file.writeUInt16LE(machine, 18)
  file.writeUInt32LE(1, 20)
  file.writeBigUInt64LE(BigInt(base + start), 24) // e_entry
  file.writeBigUInt64LE(BigInt(headerBytes[64]), 32) // e_phoff
  file.writeUInt16LE(headerBytes[64], 52)
  file.writeUInt16LE(segmentBytes[64], 54)
  file.writeUInt16LE(1, 56) // e_phnum
  file.writeUInt32LE(1, 64) // p_type: load
  file.writeUInt32LE(5, 68) // p_flags: read, execute
  file.writeBigUInt64LE(BigInt(base), 80)
  file.writeBigUInt64LE(BigInt(base), 88)
  file.writeBigUInt64LE(BigInt(file.length), 96)
  file.writeBigUInt64LE(BigInt(file.length), 104)
  file.writeBigUInt64LE(0x1000n, 112)
  file.set(code, start)
  return file
}

const elf32 = ({ machine, base }: Layout, code: Uint8Array): Uint8Array => {
  const start = headerBytes[32] + segmentBytes[32]
  const file = Buffer.alloc(start + code.length)
  file.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1])
  file.writeUInt16LE(2, 16)
  file.writeUInt16LE(machine, 18)
  file.writeUInt32LE(1, 20)
  file.writeUInt32LE(base + start, 24)
  file.writeUInt32LE(headerBytes[32], 28)
  file.writeUInt16LE(headerBytes[32], 40)
  file.writeUInt16LE(segmentBytes[32], 42)
  file.writeUInt16LE(1, 44)
  file.writeUInt32LE(1, 52)
  file.writeUInt32LE(base, 60)
  file.writeUInt32LE(base, 64)
  file.writeUInt32LE(file.length, 68)
  file.writeUInt32LE(file.length, 72)
  file.writeUInt32LE(5, 76)
  file.writeUInt32LE(0x1000, 80)
  file.set(code, start)
  return file
}

const amd64: Layout = { bits: 64, machine: 62, base: 0x400000 }
const i386: Layout = { bits: 32, machine: 3, base: 0x8048000 }

const bytes = (hex: string): Uint8Array => Buffer.from(hex, 'hex')

/** A program that waits for ever: `pause` in a loop. */
export const waiting: Uint8Array = elf64(amd64, bytes('b8220000000f05ebf7'))

/** A program for an architecture. Those for amd64 and 386 run and end at once with 0; of others there is the header alone, which is what Linux looks at. */
export const ending = (architecture: string): Uint8Array => {
  if (architecture === 'amd64') return elf64(amd64, bytes('31ffb83c0000000f05'))
  if (architecture === '386') return elf32(i386, bytes('31dbb801000000cd80'))
  return programFor(architecture)
}
