import { isUtf8 } from 'node:buffer'
import { fail, ok, type Result } from '../../lib/result.ts'

/** The most bytes of one input: a whole cluster's pods as JSON have some 40 MB. */
export const mostInputBytes = 64 * 1024 * 1024

/** The sentence's end on an input that has more. */
export const tooLarge = 'is larger than 64 MiB, which no manifest is'

const looksBinary = (bytes: Uint8Array): boolean => bytes.subarray(0, 8192).includes(0)

const utf16 = (bytes: Uint8Array): boolean =>
  (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)

/** The line of the first byte that is no UTF-8, by halves: each half of a text begins at a line. */
const brokenLine = (bytes: Buffer): number => {
  let line = 1
  for (let at = 0; at < bytes.length; line++) {
    const end = bytes.indexOf(10, at)
    const next = end < 0 ? bytes.length : end + 1
    if (!isUtf8(bytes.subarray(at, next))) return line
    at = next
  }
  return line
}

/** Reads bytes as text; a failure says what they are in place of it, after the file's name. */
export const textOfBytes = (bytes: Buffer): Result<string, string> => {
  if (bytes.length > mostInputBytes) return fail(tooLarge)
  if (utf16(bytes)) return fail('is UTF-16, and Kubernetes reads UTF-8 alone')
  if (looksBinary(bytes)) return fail('is no text')
  if (!isUtf8(bytes)) return fail(`is not UTF-8 (line ${brokenLine(bytes)})`)
  const text = bytes.toString()
  // A mark of byte order is no part of the first line.
  return ok(text.startsWith('\ufeff') ? text.slice(1) : text)
}
