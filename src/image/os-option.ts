import { isUtf8 } from 'node:buffer'
import { fail, ok, type Result } from '../lib/result.ts'
import { quote } from './go-text.ts'

// A version or a feature as it stands inside the brackets of a platform text.

const escapes: Readonly<Record<string, string>> = { '%': '%25', '+': '%2B', '(': '%28', ')': '%29', '/': '%2F' }

/** Escapes the characters that have a meaning of their own in a platform text. */
export const encodeOsOption = (option: string): string =>
  option.replace(/[%+()/]/g, character => escapes[character] ?? character)

/** Undoes the escapes; a refusal is in the words of Go's net/url. */
export const decodeOsOption = (text: string): Result<string, string> => {
  const broken = /%(?![0-9A-Fa-f]{2})/.exec(text)
  if (broken !== null) return fail(`invalid URL escape ${quote(text.slice(broken.index, broken.index + 3))}`)
  if (!text.includes('%')) return ok(text)
  const bytes = text.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return ok(decodeUtf8(Buffer.from(bytes, 'latin1')))
}

/** Reads UTF-8 with a U+FFFD for every byte that is none, as Go does; a TextDecoder makes one of several. */
const decodeUtf8 = (bytes: Buffer): string => {
  const characters: string[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = [1, 2, 3, 4].find(count => isUtf8(bytes.subarray(at, at + count)))
    characters.push(length === undefined ? '\ufffd' : bytes.toString('utf8', at, at + length))
    at += length ?? 1
  }
  return characters.join('')
}
