import { fail, ok, type Result } from '../lib/result.ts'
import type { SecretProblem } from './note.ts'
import { textOfBytes } from './utf8.ts'

/** A name and a password as they were written: either may be empty. */
export interface Login {
  readonly username: string
  readonly password: string
}

/** The bytes of a text in base64 as Go reads it: it passes over line ends and nothing else, and wants all of the padding or none. */
const decodeBase64 = (field: string): Buffer | undefined => {
  const text = field.replaceAll(/[\r\n]/g, '')
  const padding = text.endsWith('==') ? 2 : Number(text.endsWith('='))
  const digits = text.slice(0, text.length - padding)
  const left = digits.length % 4
  const isWhole = padding === 0 ? left !== 1 : left + padding === 4
  return isWhole && !/[^A-Za-z0-9+/]/.test(digits) ? Buffer.from(digits, 'base64') : undefined
}

/**
 * Decodes the field `auth` of a docker config, base64 of `name:password` (kubernetes, pkg/credentialprovider/config.go
 * decodeDockerConfigFieldAuth). Nothing is trimmed: a line end in the password is part of it.
 */
export const decodeAuthField = (field: string): Result<Login, SecretProblem> => {
  const bytes = decodeBase64(field)
  if (bytes === undefined) return fail('bad-base64')
  const colon = bytes.indexOf(':')
  if (colon < 0) return fail('no-colon')
  return ok({ username: textOfBytes(bytes.subarray(0, colon)), password: textOfBytes(bytes.subarray(colon + 1)) })
}
