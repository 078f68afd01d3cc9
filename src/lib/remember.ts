// Longer texts are rare, and whoever sends them chooses them.
const mostCharacters = 300

/** A function of a text that works out each answer once, for so many texts at the most before it begins anew. */
export const rememberingTexts = <V>(make: (of: string) => V, most: number): ((of: string) => V) => {
  const known = new Map<string, { readonly value: V }>()
  return of => {
    const before = known.get(of)
    if (before !== undefined) return before.value
    const value = make(of)
    if (of.length > mostCharacters) return value
    if (known.size >= most) known.clear()
    known.set(of, { value })
    return value
  }
}

/** A function of an object that works out each answer once, and keeps no object alive. */
export const remembering = <A extends object, V>(make: (of: A) => V): ((of: A) => V) => {
  const known = new WeakMap<A, { readonly value: V }>()
  return of => {
    const before = known.get(of)
    if (before !== undefined) return before.value
    const value = make(of)
    known.set(of, { value })
    return value
  }
}
