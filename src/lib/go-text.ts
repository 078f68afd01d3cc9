/**
 * Lower case as Go has it: one character for one. Only the dotted capital I differs where it matters here, since
 * JavaScript makes two characters of it, and Go an ASCII letter.
 */
export const lowerCase = (text: string): string => text.replaceAll('\u0130', 'i').toLowerCase()
