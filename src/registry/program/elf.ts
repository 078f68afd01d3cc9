import type { Platform } from '../../image/platform.ts'
import { platformOf } from './machine.ts'

// e_machine, class and byte order by Go's names. Numbers: the System V gABI's list, as in Linux's include/uapi/linux/elf-em.h.
// 32-bit programs for x86-64 (x32) and arm64 (ILP32) have no name there: they stay unread.
const architectures: ReadonlyMap<string, string> = new Map([
  ['2/32/big', 'sparc'],
  ['3/32/little', '386'],
  ['8/32/big', 'mips'],
  ['8/32/little', 'mipsle'],
  ['8/64/big', 'mips64'],
  ['8/64/little', 'mips64le'],
  ['20/32/big', 'ppc'],
  ['21/64/big', 'ppc64'],
  ['21/64/little', 'ppc64le'],
  ['22/32/big', 's390'],
  ['22/64/big', 's390x'],
  ['40/32/big', 'armbe'],
  ['40/32/little', 'arm'],
  ['43/64/big', 'sparc64'],
  ['62/64/little', 'amd64'],
  ['183/64/big', 'arm64be'],
  ['183/64/little', 'arm64'],
  ['243/32/little', 'riscv'],
  ['243/64/little', 'riscv64'],
  ['258/64/little', 'loong64'],
])

// EI_OSABI. Linux does not look at it, and most programs for Linux say 0 there: so any other number is Linux as well.
const systems: ReadonlyMap<number, string> = new Map([
  [2, 'netbsd'],
  [4, 'hurd'],
  [6, 'solaris'],
  [7, 'aix'],
  [9, 'freebsd'],
  [12, 'openbsd'],
])

const magic = Buffer.from([0x7f, 0x45, 0x4c, 0x46])

// ET_EXEC and ET_DYN: what Linux starts (fs/binfmt_elf.c). A kernel module or an object file is no program.
const startable: ReadonlySet<number> = new Set([2, 3])

// EF_MIPS_ABI2: 64-bit instructions, 32-bit addresses, in the class of 32 bits.
const mipsN32 = 0x20
const mips = 8

/** The platform of a program in the format of Linux and most other systems. */
export const readElf = (head: Buffer): Platform | undefined => {
  if (head.length < 52 || !head.subarray(0, 4).equals(magic)) return undefined
  const [bits, order] = [[0, 32, 64][head.readUInt8(4)], ['', 'little', 'big'][head.readUInt8(5)]]
  const short = (at: number): number => (order === 'big' ? head.readUInt16BE(at) : head.readUInt16LE(at))
  const [type, machine, system] = [short(16), short(18), systems.get(head.readUInt8(7)) ?? 'linux']
  const architecture = architectures.get(`${machine}/${bits}/${order}`)
  if (!startable.has(type) || architecture === undefined) return undefined
  // The flags of the 32-bit header; the half that matters here.
  const isN32 = machine === mips && bits === 32 && (short(order === 'big' ? 38 : 36) & mipsN32) !== 0
  return platformOf(system, isN32 ? architecture.replace('mips', 'mips64p32') : architecture)
}
