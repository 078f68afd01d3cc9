import { closeSync, openSync, readSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatPlatform } from '../../../src/image/platform.ts'
import { type Executable, headBytes, readExecutable } from '../../../src/registry/program/executable.ts'
import { amd64, arm64, type Elf, elf, machO, pe } from './headers.ts'

const told = (executable: Executable): string => {
  switch (executable.kind) {
    case 'program':
      return formatPlatform(executable.platform)
    case 'script':
      return `#!${executable.interpreter}`
    case 'unread':
      return 'unread'
  }
}

const told32 = (machine: number, order: Elf['order'], rest: Partial<Elf> = {}): string =>
  told(readExecutable(elf({ machine, bits: 32, order, ...rest })))
const told64 = (machine: number, order: Elf['order'], rest: Partial<Elf> = {}): string =>
  told(readExecutable(elf({ machine, bits: 64, order, ...rest })))

describe('the header of a program in ELF', () => {
  const rows: readonly (readonly [machine: number, bits: 32 | 64, order: Elf['order'], expected: string])[] = [
    [62, 64, 'little', 'linux/amd64'],
    [3, 32, 'little', 'linux/386'],
    [183, 64, 'little', 'linux/arm64'],
    [183, 64, 'big', 'linux/arm64be'],
    [40, 32, 'little', 'linux/arm'],
    [40, 32, 'big', 'linux/armbe'],
    [21, 64, 'little', 'linux/ppc64le'],
    [21, 64, 'big', 'linux/ppc64'],
    [20, 32, 'big', 'linux/ppc'],
    [22, 64, 'big', 'linux/s390x'],
    [22, 32, 'big', 'linux/s390'],
    [243, 64, 'little', 'linux/riscv64'],
    [243, 32, 'little', 'linux/riscv'],
    [258, 64, 'little', 'linux/loong64'],
    [8, 32, 'big', 'linux/mips'],
    [8, 32, 'little', 'linux/mipsle'],
    [8, 64, 'big', 'linux/mips64'],
    [8, 64, 'little', 'linux/mips64le'],
    [2, 32, 'big', 'linux/sparc'],
    [43, 64, 'big', 'linux/sparc64'],
    [62, 32, 'little', 'unread'],
    [183, 32, 'little', 'unread'],
    [258, 32, 'little', 'unread'],
    [62, 64, 'big', 'unread'],
    [3, 64, 'little', 'unread'],
    [22, 64, 'little', 'unread'],
    [50, 64, 'little', 'unread'],
    [0, 64, 'little', 'unread'],
    [65535, 64, 'little', 'unread'],
  ]
  test.each(rows)('for machine %d of %d bits, the %s end first, is %s', (machine, bits, order, expected) => {
    expect(told(readExecutable(elf({ machine, bits, order })))).toBe(expected)
  })

  test.each([
    [0, 'linux'],
    [2, 'netbsd'],
    [3, 'linux'],
    [6, 'solaris'],
    [9, 'freebsd'],
    [12, 'openbsd'],
    [97, 'linux'],
    [255, 'linux'],
  ])('names system %d: %s', (system, os) => {
    expect(told64(62, 'little', { system })).toBe(`${os}/amd64`)
  })

  test('tells the MIPS programs of 64 bits with addresses of 32 by its flags', () => {
    expect(told32(8, 'big', { flags: 0x20 })).toBe('linux/mips64p32')
    expect(told32(8, 'little', { flags: 0x20 })).toBe('linux/mips64p32le')
    expect(told32(8, 'big', { flags: 0x8000_1000 })).toBe('linux/mips')
    expect(told64(8, 'big', { flags: 0x20 })).toBe('linux/mips64')
  })

  test.each([
    [0, 'unread'],
    [1, 'unread'],
    [2, 'linux/amd64'],
    [3, 'linux/amd64'],
    [4, 'unread'],
  ])('of type %d is %s: object files and memory dumps are not started', (type, expected) => {
    expect(told64(62, 'little', { type })).toBe(expected)
  })

  test('is read from the Node that runs this test', () => {
    const head = Buffer.alloc(headBytes)
    const file = openSync(process.execPath, 'r')
    readSync(file, head)
    closeSync(file)
    const [os, architecture] = [process.platform, { x64: 'amd64', ia32: '386' }[process.arch as string] ?? process.arch]
    expect(told(readExecutable(head))).toBe(`${os === 'win32' ? 'windows' : os}/${architecture}`)
  })
})

describe('the header of a program for Windows', () => {
  test.each([
    ['windows/amd64', pe({ machine: 0x8664 })],
    ['windows/arm64', pe({ machine: 0xaa64 })],
    ['windows/386', pe({ machine: 0x14c, magic: 0x10b })],
    ['windows/arm', pe({ machine: 0x1c4, magic: 0x10b })],
    ['windows/amd64', pe({ machine: 0x8664, at: 0x118, subsystem: 2 })],
    ['unread', pe({ machine: 0x200 })],
    ['unread', pe({ machine: 0x8664, at: headBytes }).subarray(0, headBytes)],
    ['unread', pe({ machine: 0x8664 }).fill(0xff, 60, 64)],
    ['unread', pe({ machine: 0x8664 }).subarray(0, 0x80)],
  ])('is read: %s', (expected, head) => {
    expect(told(readExecutable(head))).toBe(expected)
  })

  test('is none on a Linux kernel that a machine can start directly', () => {
    expect(told(readExecutable(pe({ machine: 0x8664, subsystem: 10 })))).toBe('unread')
  })

  test('says nothing of an assembly of .NET, which runs anywhere', () => {
    expect(told(readExecutable(pe({ machine: 0x14c, magic: 0x10b, isManaged: true })))).toBe('unread')
    expect(told(readExecutable(pe({ machine: 0x8664, isManaged: true })))).toBe('unread')
  })
})

describe('the header of another executable', () => {
  test.each([
    ['darwin/amd64', machO(0xfeedfacf, 0x0100_0007)],
    ['darwin/arm64', machO(0xfeedfacf, 0x0100_000c)],
    ['darwin/386', machO(0xfeedface, 7)],
    ['darwin/arm', machO(0xfeedface, 12)],
    ['unread', machO(0xfeedfacf, 18)],
    ['unread', machO(0xbebafeca, 0x3400_0000)],
    ['wasip1/wasm', Buffer.from('\0asm\u0001\0\0\0', 'latin1')],
    ['unread', Buffer.from('\0asm', 'latin1')],
    ['unread', Buffer.alloc(0)],
    ['unread', Buffer.alloc(headBytes)],
    ['unread', Buffer.from('echo hello\n')],
  ])('is %s', (expected, head) => {
    expect(told(readExecutable(head))).toBe(expected)
  })
})

describe('a script', () => {
  test.each([
    ['#!/bin/sh\n', '/bin/sh'],
    ['#!/bin/sh', '/bin/sh'],
    ['#! \t/bin/sh -e\nexit', '/bin/sh'],
    ['#!/usr/bin/env node\n', '/usr/bin/env'],
    ['#!/bin/sh\t-e\n', '/bin/sh'],
    ['#!sh\n', 'sh'],
    ['#!/bin/sh\0\n', '/bin/sh'],
    ['#!/bin/sh\r\n', '/bin/sh\r'],
    [`#!/${'x'.repeat(252)}\n`, `/${'x'.repeat(252)}`],
  ])('%j names its interpreter', (text, interpreter) => {
    expect(readExecutable(Buffer.from(text))).toEqual({ kind: 'script', interpreter })
  })

  test.each(['#!', '#!\n', '#! \t\n/bin/sh\n', `#!/${'x'.repeat(300)}\n`, ' #!/bin/sh\n'])('%j names none', text => {
    expect(readExecutable(Buffer.from(text))).toEqual({ kind: 'unread' })
  })
})

describe('whatever the bytes', () => {
  const starts = [amd64, arm64, elf({ machine: 8, bits: 32, order: 'big' }), pe({ machine: 0x8664 })]
  const heads: readonly Buffer[] = [...starts, machO(0xfeedfacf, 7), Buffer.from('#!/bin/sh\n'), Buffer.from('\0asm')]
  const change = fc.record({ at: fc.nat(400), byte: fc.nat(255) })

  test('a head is read without a complaint', { timeout: 30_000 }, () => {
    const mutated = fc
      .tuple(fc.constantFrom(...heads), fc.array(change, { maxLength: 6 }), fc.nat(400))
      .map(([head, changes, length]) => {
        const bytes = Buffer.from(head)
        for (const { at, byte } of changes) if (at < bytes.length) bytes[at] = byte
        return bytes.subarray(0, length)
      })
    const any = fc.uint8Array({ maxLength: 400 }).map(bytes => Buffer.from(bytes))
    fc.assert(
      fc.property(fc.oneof({ weight: 4, arbitrary: mutated }, any), head => {
        expect(told(readExecutable(head))).not.toBe('')
      }),
      { numRuns: 20_000 },
    )
  })
})
