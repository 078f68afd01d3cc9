import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { algorithmOf, type DigestProblem, digestOf, matchesDigest, parseDigest } from '../../src/image/digest.ts'
import { digestText } from '../support/arbitraries/digest.ts'

const hex = (length: number): string => '0123456789abcdef'.repeat(9).slice(0, length)

describe('a digest', () => {
  test.each([
    [`sha256:${hex(64)}`, 'sha256'],
    [`sha384:${hex(96)}`, 'sha384'],
    [`sha512:${hex(128)}`, 'sha512'],
  ])('of the algorithms that the kubelet knows is read: %s', (text, algorithm) => {
    const parsed = parseDigest(text)
    expect(parsed).toEqual({ ok: true, value: text })
    expect(parsed.ok && algorithmOf(parsed.value)).toBe(algorithm)
  })

  const format = 'invalid checksum digest format'
  const length = 'invalid checksum digest length'
  const unsupported = 'unsupported digest algorithm'
  const refused: readonly (readonly [text: string, problem: DigestProblem, why: string])[] = [
    ['', format, 'it is empty'],
    [':', format, 'it has neither part'],
    ['sha256', format, 'it has no colon'],
    ['sha256:', format, 'it has nothing after the colon'],
    [`:${hex(64)}`, format, 'it has nothing before the colon'],
    [hex(64), format, 'it has no algorithm'],
    [`sha256:${hex(63)}`, length, 'a digit is missing'],
    [`sha256:${hex(65)}`, length, 'there is one too many'],
    [`sha256:${hex(96)}`, length, 'it has the length of another algorithm'],
    [`sha384:${hex(64)}`, length, 'it has the length of another algorithm'],
    [`sha512:${hex(96)}`, length, 'it has the length of another algorithm'],
    ['sha256:x', length, 'the length is looked at before the digits'],
    [`sha256:${hex(62)}é`, format, 'Go counts bytes, and this letter has two'],
    [`sha256:${hex(63)}é`, length, 'Go counts bytes, and this letter has two'],
    [`sha256:${hex(64).toUpperCase()}`, format, 'its digits are in upper case'],
    [`sha256:${hex(63)}g`, format, 'it has a letter that is no digit'],
    [`sha256:${hex(63)}\n`, format, 'it ends with a line end'],
    [`sha256::${hex(63)}`, format, 'it has two colons'],
    [` sha256:${hex(64)}`, format, 'a blank stands before it'],
    [`SHA256:${hex(64)}`, format, 'its algorithm is in upper case'],
    [`md5:${hex(32)}`, unsupported, 'nobody trusts that algorithm'],
    [`blake3:${hex(64)}`, unsupported, 'the kubelet does not know that algorithm'],
    ['sha256+b64:Zm9v_-=', unsupported, 'an encoding is well-formed, and unknown'],
    ['a.b_c-d:0', unsupported, 'every separator is well-formed'],
    ['a..b:0', format, 'a separator is doubled'],
    ['+a:0', format, 'a separator stands at the beginning'],
    ['a+:0', format, 'a separator stands at the end'],
    ['a:b:c', format, 'what is encoded has no colon'],
    ['a:é', format, 'what is encoded is ASCII'],
    ['__proto__:0', format, 'that is no algorithm'],
    ['constructor:0', unsupported, 'nor is what every object has'],
    ['toString:0', format, 'nor what has capitals besides'],
  ]

  test.each(refused)('such as %j is refused with "%s", because %s', (text, problem) => {
    expect(parseDigest(text)).toEqual({ ok: false, error: problem })
  })

  test('is refused or kept as it is, whatever the text', () => {
    fc.assert(
      fc.property(digestText, text => {
        const parsed = parseDigest(text)
        if (parsed.ok) expect(parsed.value).toBe(text)
      }),
    )
  })

  test.each(['a', 'a+', '+', ':', 'é', 'sha256:'])('of millions of %j is refused', piece => {
    expect(parseDigest(piece.repeat(3_000_000)).ok).toBe(false)
    expect(parseDigest(`sha256:${piece.repeat(3_000_000)}`).ok).toBe(false)
    expect(parseDigest(`${piece.repeat(3_000_000)}:0`).ok).toBe(false)
  })
})

describe('the digest of bytes', () => {
  test('is the known one of no bytes', () => {
    expect(digestOf(new Uint8Array())).toBe('sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  })

  test.each(['sha256', 'sha384', 'sha512'] as const)('by %s names those bytes and no others', algorithm => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (bytes, others) => {
        const digest = digestOf(bytes, algorithm)
        expect(parseDigest(digest)).toEqual({ ok: true, value: digest })
        expect(matchesDigest(bytes, digest)).toBe(true)
        expect(matchesDigest(others, digest)).toBe(Buffer.compare(bytes, others) === 0)
      }),
    )
  })
})
