import fc from 'fast-check'
import { hexOf, joined, mostly, spliced, textOf } from './text.ts'

/** Well-formed digests of the three algorithms that the kubelet knows. */
export const soundDigest: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: hexOf(64).map(encoded => `sha256:${encoded}`), weight: 4 },
  { arbitrary: hexOf(96).map(encoded => `sha384:${encoded}`), weight: 1 },
  { arbitrary: hexOf(128).map(encoded => `sha512:${encoded}`), weight: 2 },
)

const knownAlgorithm = fc.constantFrom('sha256', 'sha384', 'sha512')
const otherAlgorithm = fc.constantFrom(
  ...['', 's', '256', 'sha1', 'md5', 'blake3', 'SHA256', 'Sha256'],
  ...['sha256+b64', 'sha256.v1', 'sha_256', 'a+b-c', '+sha256', 'sha256+', 'sha++256'],
)
const separator = mostly(5, fc.constant(':'), fc.constantFrom('', '::', '-', '@', '/'))

/** 32 is the grammar's least length; 64, 96 and 128 are the algorithms' own. */
const encoded = fc.constantFrom(64, 96, 128, 0, 1, 31, 32, 33, 63, 65, 95, 97, 127, 129).chain(hexOf)
const spoilt = mostly(4, fc.constant(''), fc.constantFrom('A', 'F', 'g', 'z', '=', '_', ' '))

/** Digests with odd parts, a few of them right by chance. */
export const oddDigest: fc.Arbitrary<string> = joined(
  mostly(2, knownAlgorithm, otherAlgorithm),
  separator,
  encoded,
  spoilt,
)

/** Digest texts, right and wrong. */
export const digestText: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: soundDigest, weight: 4 },
  { arbitrary: oddDigest, weight: 4 },
  { arbitrary: spliced(soundDigest), weight: 1 },
  { arbitrary: textOf('sha256:0aF+._-', 12), weight: 1 },
)
