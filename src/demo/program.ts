interface Machine {
  readonly number: number
  readonly bits: 32 | 64
  readonly order: 'little' | 'big'
}

// ELF e_machine numbers, by Go's names of the architectures.
const machines: Readonly<Record<string, Machine>> = {
  '386': { number: 3, bits: 32, order: 'little' },
  amd64: { number: 62, bits: 64, order: 'little' },
  arm: { number: 40, bits: 32, order: 'little' },
  arm64: { number: 183, bits: 64, order: 'little' },
  ppc64le: { number: 21, bits: 64, order: 'little' },
  riscv64: { number: 243, bits: 64, order: 'little' },
  s390x: { number: 22, bits: 64, order: 'big' },
}

const elfHeader = ({ number, bits, order }: Machine): Uint8Array => {
  const header = Buffer.alloc(64)
  const short = (value: number, at: number): number =>
    order === 'big' ? header.writeUInt16BE(value, at) : header.writeUInt16LE(value, at)
  header.set([0x7f, 0x45, 0x4c, 0x46, bits / 32, order === 'big' ? 2 : 1, 1])
  short(2, 16) // e_type: executable
  short(number, 18)
  short(1, order === 'big' ? 22 : 20) // e_version, the low half of its four bytes
  return header
}

/** The head of a program for an architecture: what a loader looks at first. Unknown architectures give a script. */
export const programFor = (architecture: string): Uint8Array => {
  const machine = machines[architecture]
  return machine === undefined ? Buffer.from('#!/bin/sh\n') : elfHeader(machine)
}
