/** FNV-1a's offset basis and prime for 32 bits. */
const basis = 0x811c9dc5
const prime = 0x01000193

/** A number of 32 bits for a text; that of `ab` is that of `b`, begun with that of `a`. Equal numbers do not mean equal texts. */
export const textHash = (text: string, begun = basis): number => {
  let hash = begun
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), prime)
  return hash >>> 0
}
