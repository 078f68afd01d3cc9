import type { Platform } from '../../image/platform.ts'
import { readElf } from './elf.ts'
import { readMachO } from './mach-o.ts'
import { platformOf } from './machine.ts'
import { readPortableExecutable } from './portable-executable.ts'

/** What an executable file is, by its first bytes. */
export type Executable =
  | { readonly kind: 'program'; readonly platform: Platform }
  | { readonly kind: 'script'; readonly interpreter: string }
  | { readonly kind: 'unread' }

/** Bytes of an executable that are looked at: the header of Windows, the longest, begins behind a little program for DOS. */
export const headBytes = 1024

// "\0asm" and version 1: a module. Components have another version, and run in the same runtimes.
const wasmMagic = Buffer.from([0x00, 0x61, 0x73, 0x6d])

const readWasm = (head: Buffer): Platform | undefined =>
  head.length >= 8 && head.subarray(0, 4).equals(wasmMagic) ? platformOf('wasip1', 'wasm') : undefined

// BINPRM_BUF_SIZE (include/uapi/linux/binfmts.h): what Linux reads of a file to find out what it is.
const lineBytes = 256

/** As fs/binfmt_script.c: blanks before the interpreter are skipped, and a path that is cut off is none. */
const interpreterOf = (head: Buffer): string | undefined => {
  if (head.toString('latin1', 0, 2) !== '#!') return undefined
  const [, interpreter, end] = /^[ \t]*([^ \t\n\0]+)([ \t\n\0]?)/.exec(head.toString('utf8', 2, lineBytes)) ?? []
  return end === '' && head.length >= lineBytes ? undefined : interpreter
}

/** Says what an executable file is; of files longer than that, `headBytes` are needed. */
export const readExecutable = (head: Buffer): Executable => {
  const interpreter = interpreterOf(head)
  if (interpreter !== undefined) return { kind: 'script', interpreter }
  const platform = readElf(head) ?? readPortableExecutable(head) ?? readMachO(head) ?? readWasm(head)
  return platform === undefined ? { kind: 'unread' } : { kind: 'program', platform }
}
