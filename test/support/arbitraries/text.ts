import fc from 'fast-check'

/** Texts of one to `maxLength` characters of an alphabet. */
export const textOf = (alphabet: string, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength: 1, maxLength })

/** Lower-case hexadecimal texts of one length. */
export const hexOf = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length })

/** One of the words, which blanks separate. */
export const oneWord = (words: string): fc.Arbitrary<string> => fc.constantFrom(...words.split(' '))

/** One of the two, the first `often` times as often as the second. */
export const mostly = (often: number, usual: fc.Arbitrary<string>, odd: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof({ arbitrary: usual, weight: often }, { arbitrary: odd, weight: 1 })

/** The parts one after another. */
export const joined = (...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map(texts => texts.join(''))

/**
 * Characters that break a grammar when they stand in the wrong place. The Kelvin sign and the dotted I have lower cases that are ASCII in Go;
 * JavaScript lowers the latter, and the capital sigma, by other rules.
 */
export const oddCharacter: fc.Arbitrary<string> = fc.constantFrom(
  ...' \t\n\r\0\u007f/:@.-_[](){}%+*~"\\$AZ',
  ...'\u212a\u0130\u0131\u017fÉéΣςẞßǅΩＡᲰᎠꭰⅧⒶ',
  ...'\u00a0\u2028\u200b\ufeff\ufffd\u0301\u0660😀𐐀𐐨𝐀\u{10ffff}',
)

/** The texts with up to three characters at one place replaced by an odd one. */
export const spliced = (texts: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(texts, fc.nat({ max: 400 }), fc.nat({ max: 3 }), oddCharacter).map(([text, place, removed, odd]) => {
    const at = place % (text.length + 1)
    return (text.slice(0, at) + odd + text.slice(at + removed)).toWellFormed()
  })
