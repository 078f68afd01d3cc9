import type { ConfRegistry, RegistriesConf } from './registries-conf.ts'

const endsHere = (name: string, at: number): boolean => at === name.length || ':/@'.includes(name[at] ?? '')

/** A host below the one that follows the star; what comes before it has no slash. */
const matchedBelow = (name: string, suffix: string): number | undefined => {
  const index = name.indexOf(suffix)
  if (index < 0 || name.lastIndexOf('/', index - 1) >= 0) return undefined
  return endsHere(name, index + suffix.length) ? index + suffix.length : undefined
}

/**
 * How much of a name a prefix takes, or undefined (pkg/sysregistriesv2, refMatchingPrefix). With a port after it a host
 * matches as well, which nobody meant and nobody dared to change.
 */
export const matchedLength = (name: string, prefix: string): number | undefined => {
  if (prefix.startsWith('*.')) return matchedBelow(name, prefix.slice(1))
  return name.startsWith(prefix) && endsHere(name, prefix.length) ? prefix.length : undefined
}

/** The entry that holds for a name, registry and repository: the one with the longest prefix, as it is written. */
export const findRegistry = ({ registries }: RegistriesConf, name: string): ConfRegistry | undefined => {
  let best: ConfRegistry | undefined
  for (const each of registries)
    if (each.prefix.length > (best?.prefix.length ?? 0) && matchedLength(name, each.prefix) !== undefined) best = each
  return best
}
