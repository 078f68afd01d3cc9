// Readers of JSON that somebody else wrote. None of them throws, and none sees a property that the value only inherits.

/** The value as an object with properties; a list is none. */
export const asRecord = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined

/** The value as a list; anything else is an empty one. */
export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** The value as text. */
export const asText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** The value's own property of that name, if it is an object and has one. */
export const ownProperty = (value: unknown, name: string): unknown => {
  const record = asRecord(value)
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined
}

/** What stands at the end of a chain of own properties. */
export const propertyAt = (value: unknown, ...names: readonly string[]): unknown => {
  let found = value
  for (const name of names) found = ownProperty(found, name)
  return found
}

/** The value as a map from text to text: null is the empty text, as in Go's JSON; entries of any other type are left out. */
export const asTextMap = (value: unknown): ReadonlyMap<string, string> => {
  const texts = new Map<string, string>()
  for (const [name, entry] of Object.entries(asRecord(value) ?? {})) {
    const text = entry === null ? '' : asText(entry)
    if (text !== undefined) texts.set(name, text)
  }
  return texts
}
