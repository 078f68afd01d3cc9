/** The JSON value in a text, or undefined where it is none: JSON itself has no undefined. A reader's complaint would quote the text. */
export const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
