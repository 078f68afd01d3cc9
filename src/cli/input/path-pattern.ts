import { createGlob } from '../../credentials/glob.ts'

/** Says whether a path, with forward slashes, is meant. */
export type IsMeant = (path: string) => boolean

const anyDepth = '**'

type Part = ((name: string) => boolean) | typeof anyDepth

const partOf = (text: string): Part => (text === anyDepth ? anyDepth : createGlob(text))

/** Whether the parts are the whole pattern: at each place it is known which beginnings of the pattern fit so far. */
const matches = (parts: readonly Part[], names: readonly string[]): boolean => {
  const settled = (reached: ReadonlySet<number>): ReadonlySet<number> => {
    const all = new Set(reached)
    for (const at of all) if (parts[at] === anyDepth) all.add(at + 1)
    return all
  }
  let reached = settled(new Set([0]))
  for (const name of names) {
    const next = [...reached].flatMap(at => {
      const part = parts[at]
      if (part === anyDepth) return [at]
      return part?.(name) ? [at + 1] : []
    })
    reached = settled(new Set(next))
  }
  return reached.has(parts.length)
}

/**
 * Makes the function that knows the paths which a pattern means: `*` and `?` within a name, `**` for any folders. A pattern
 * without a slash means a name at any depth, and one that means a folder means all that is in it.
 */
export const pathPattern = (pattern: string): IsMeant => {
  const trimmed = pattern.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '')
  const written = trimmed.split('/').map(partOf)
  const parts: readonly Part[] = [...(trimmed.includes('/') ? [] : [anyDepth as Part]), ...written]
  const within: readonly Part[] = [...parts, anyDepth]
  return path => matches(within, path.split('/'))
}

/** Makes the function that knows the paths which any of the patterns means; none means none. */
export const anyPattern = (patterns: readonly string[]): IsMeant => {
  const all = patterns.map(pathPattern)
  return path => all.some(isMeant => isMeant(path))
}
