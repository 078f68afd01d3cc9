const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The JSON value in the bytes, or undefined where they are none: JSON itself has no undefined. */
export const parseJson = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(decoder.decode(bytes))
  } catch {
    return undefined
  }
}
