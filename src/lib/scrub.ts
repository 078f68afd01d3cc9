// What a door is opened with, in the places where it stands. None of it ever comes here by design; this is the last door
// before the paper, for texts that others put together.
const secrets: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/\b(Bearer|Basic)\s+[^\s"',]+/gi, '$1 …'],
  [/:\/\/[^\s/@"']*@/g, '://…@'],
  [/\?[^\s"'?]*=[^\s"']*/g, '?…'],
]

/** The text without what proves who somebody is: credentials in headers and URLs, and the queries of URLs. */
export const scrubbed = (text: string): string =>
  secrets.reduce((left, [pattern, instead]) => left.replace(pattern, instead), text)
