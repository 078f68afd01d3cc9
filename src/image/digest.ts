import { createHash } from 'node:crypto'
import { fail, ok, type Result } from '../lib/result.ts'

/** The hash algorithms that the kubelet and containerd can check. */
export type DigestAlgorithm = 'sha256' | 'sha384' | 'sha512'

/** The name of some bytes that is made of the bytes themselves: `sha256:` and 64 lower-case hexadecimal characters. */
export type Digest = `${DigestAlgorithm}:${string}`

/** Characters of the encoded hash: its bits, four a character. opencontainers/go-digest v1.0.0 algorithm.go. */
const encodedLength: Readonly<Record<DigestAlgorithm, number>> = { sha256: 256 / 4, sha384: 384 / 4, sha512: 512 / 4 }

const isKnown = (algorithm: string): algorithm is DigestAlgorithm => Object.hasOwn(encodedLength, algorithm)

// Each finds the first character that spoils the text, so that no text is long enough to hurt.
const spoilsHex = /[^0-9a-f]/
const spoilsAlgorithm = /[^a-z0-9.+_-]|^[.+_-]|[.+_-](?:[.+_-]|$)/
const spoilsEncoded = /[^0-9A-Za-z=_-]/

/** Why a text is no digest, in the words of opencontainers/go-digest v1.0.0. */
export type DigestProblem =
  | 'invalid checksum digest format'
  | 'invalid checksum digest length'
  | 'unsupported digest algorithm'

/** Reads a digest; a refusal is in the words of opencontainers/go-digest v1.0.0. */
export const parseDigest = (text: string): Result<Digest, DigestProblem> => {
  const colon = text.indexOf(':')
  const [algorithm, encoded] = [text.slice(0, colon), text.slice(colon + 1)]
  if (colon <= 0 || encoded === '') return fail('invalid checksum digest format')
  if (!isKnown(algorithm)) {
    const isShaped = !spoilsAlgorithm.test(algorithm) && !spoilsEncoded.test(encoded)
    return fail(isShaped ? 'unsupported digest algorithm' : 'invalid checksum digest format')
  }
  // Go counts bytes.
  if (Buffer.byteLength(encoded) !== encodedLength[algorithm]) return fail('invalid checksum digest length')
  return spoilsHex.test(encoded) ? fail('invalid checksum digest format') : ok<Digest>(`${algorithm}:${encoded}`)
}

/** The algorithm that a digest was made with. */
export const algorithmOf = (digest: Digest): DigestAlgorithm => {
  const algorithm = digest.slice(0, digest.indexOf(':'))
  return isKnown(algorithm) ? algorithm : 'sha256'
}

/** The digest of some bytes. */
export const digestOf = (bytes: Uint8Array, algorithm: DigestAlgorithm = 'sha256'): Digest =>
  `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`

/** Whether the bytes are the ones that the digest names. */
export const matchesDigest = (bytes: Uint8Array, digest: Digest): boolean =>
  digestOf(bytes, algorithmOf(digest)) === digest
