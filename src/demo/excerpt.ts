const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** The lines of a list's element: its first line carries the dash. */
const element = (lines: readonly string[]): readonly string[] =>
  lines.map((line, index) => (index === 0 ? `- ${line}` : `  ${line}`))

const plain = /^[\w/][\w./:@-]*$/
// What YAML takes for a number or a word of its own.
const special = /^[-+.\d_:e]+$|:$|^(true|false|null|yes|no|on|off)$/i

/** Plain where YAML reads the plain text back as the same string, else as JSON, which YAML reads too. */
const scalar = (value: unknown): string =>
  typeof value === 'string' && plain.test(value) && !special.test(value) ? value : JSON.stringify(value)

const field = (key: string, value: unknown, keys: ReadonlySet<string>): readonly string[] => {
  if (Array.isArray(value)) {
    const elements = value.map(each => excerpt(each, keys))
    return keys.has(key) ? [`${key}:`, ...elements.flatMap(element)] : elements.flat()
  }
  if (!isObject(value)) return keys.has(key) ? [`${key}: ${scalar(value)}`] : []
  const inner = excerpt(value, keys)
  return keys.has(key) ? [`${key}:`, ...inner.map(line => `  ${line}`)] : inner
}

/**
 * An object as YAML, with only the fields of these names and without the levels between them. Made from the object
 * that is sent, so what is shown cannot drift from it.
 */
export const excerpt = (value: unknown, keys: ReadonlySet<string>): readonly string[] =>
  isObject(value) ? Object.entries(value).flatMap(([key, inner]) => field(key, inner, keys)) : []
