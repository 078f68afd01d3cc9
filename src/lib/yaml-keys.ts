import { isScalar, type Pair } from 'yaml'

/** A key as it is written, for 1 and 0x1 are two keys to whoever reads the file; undefined where it is no text. */
export const keyText = ({ key }: Pair): string | undefined => {
  if (!isScalar(key)) return undefined
  return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value))
}
