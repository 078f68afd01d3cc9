import { isUtf8 } from 'node:buffer'

const isTail = (byte: number): boolean => byte >= 0x80 && byte <= 0xbf

/** Whether the second byte may follow the first: of some characters there is a shorter form, and some are halves or out of range. */
const isSecond = (first: number, second: number): boolean => {
  const lowest = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80
  const highest = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf
  return second >= lowest && second <= highest
}

/** The bytes of the character that begins at this place; 0 where none does. */
const lengthAt = (bytes: Buffer, at: number): number => {
  const first = bytes[at] ?? 0
  if (first < 0x80) return 1
  if (first < 0xc2 || first > 0xf4 || !isSecond(first, bytes[at + 1] ?? 0)) return 0
  if (first < 0xe0) return 2
  if (!isTail(bytes[at + 2] ?? 0)) return 0
  if (first < 0xf0) return 3
  return isTail(bytes[at + 3] ?? 0) ? 4 : 0
}

const replacement = Buffer.from('\ufffd')

const repaired = (bytes: Buffer): Buffer => {
  const whole = Buffer.alloc(bytes.length * replacement.length)
  let end = 0
  for (let at = 0; at < bytes.length; ) {
    const length = lengthAt(bytes, at)
    end += length === 0 ? replacement.copy(whole, end) : bytes.copy(whole, end, at, at + length)
    at += Math.max(length, 1)
  }
  return whole.subarray(0, end)
}

/**
 * The text that bytes are to Go's encoding/json: each byte that is no part of a character becomes U+FFFD. The web's decoders, and
 * Node's, make one U+FFFD of several such bytes.
 */
export const textOfBytes = (bytes: Uint8Array): string => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return (isUtf8(buffer) ? buffer : repaired(buffer)).toString('utf8')
}
