/** What a header of ELF says. */
export interface Elf {
  readonly machine: number
  readonly bits: 32 | 64
  readonly order: 'little' | 'big'
  readonly type?: number
  readonly system?: number
  readonly flags?: number
}

const numberWriter = (header: Buffer, order: 'little' | 'big') => ({
  short: (value: number, at: number) =>
    order === 'big' ? header.writeUInt16BE(value, at) : header.writeUInt16LE(value, at),
  word: (value: number, at: number) =>
    order === 'big' ? header.writeUInt32BE(value, at) : header.writeUInt32LE(value, at),
})

/** The header of a program for Linux and its like. */
export const elf = ({ machine, bits, order, type = 2, system = 0, flags = 0 }: Elf): Buffer => {
  const header = Buffer.alloc(bits === 64 ? 64 : 52)
  const { short, word } = numberWriter(header, order)
  header.set([0x7f, 0x45, 0x4c, 0x46, bits / 32, order === 'big' ? 2 : 1, 1, system])
  short(type, 16)
  short(machine, 18)
  word(1, 20)
  word(flags, bits === 64 ? 48 : 36)
  return header
}

/** A program for Linux on amd64, and one for arm64. */
export const amd64 = elf({ machine: 62, bits: 64, order: 'little' })
export const arm64 = elf({ machine: 183, bits: 64, order: 'little' })

/** What a header of Windows says. */
export interface Pe {
  readonly machine: number
  readonly at?: number
  readonly magic?: number
  readonly subsystem?: number
  readonly isManaged?: boolean
}

/** The beginning of a program for Windows. */
export const pe = ({ machine, at = 0x80, magic = 0x20b, subsystem = 3, isManaged = false }: Pe): Buffer => {
  const header = Buffer.alloc(at + 4 + 20 + 240)
  header.write('MZ')
  header.writeUInt32LE(at, 60)
  header.write('PE\0\0', at, 'latin1')
  header.writeUInt16LE(machine, at + 4)
  header.writeUInt16LE(magic, at + 24)
  header.writeUInt16LE(subsystem, at + 24 + 68)
  header.writeUInt32LE(isManaged ? 0x2008 : 0, at + 24 + (magic === 0x20b ? 224 : 208))
  return header
}

/** The beginning of a program for macOS. */
export const machO = (magic: number, processor: number): Buffer => {
  const header = Buffer.alloc(32)
  header.writeUInt32LE(magic, 0)
  header.writeUInt32LE(processor, 4)
  header.writeUInt32LE(2, 12)
  return header
}
