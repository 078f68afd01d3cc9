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
