// Capitals of Unicode 16 and 17: Go 1.26, with which the kubelet and containerd are built, has Unicode 15 and leaves them alone.
const youngCapital = /([\u1c89\ua7cb\ua7cc\ua7ce\ua7d2\ua7d4\ua7da\ua7dc\u{10d50}-\u{10d65}\u{16ea0}-\u{16eb8}])/u

/** Lower case as Go has it (strings.ToLower): character by character. */
export const lowerCase = (text: string): string => (/[^\0-\x7f]/.test(text) ? lowerCaseOfAny(text) : text.toLowerCase())

// JavaScript makes two characters of the dotted capital I, where Go makes an ASCII letter, and has a sigma for the end of words.
const lowerCaseOfAny = (text: string): string =>
  text
    .replaceAll('\u0130', 'i')
    .replaceAll('\u03a3', '\u03c3')
    .split(youngCapital)
    .map((part, index) => (index % 2 === 1 ? part : part.toLowerCase()))
    .join('')
