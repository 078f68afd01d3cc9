import type { ConfRegistry, RegistriesConf } from './registries-conf.ts'

const byPrefix = (one: ConfRegistry, other: ConfRegistry): number => (one.prefix < other.prefix ? -1 : 1)

/**
 * What a file says after another: its registries and aliases take the place of those of the same name, and its other
 * settings the place of the earlier ones where it has them (pkg/sysregistriesv2, updateWithConfigurationFrom).
 */
export const mergeConfs = (earlier: RegistriesConf, later: RegistriesConf): RegistriesConf => {
  const registries = new Map([...earlier.registries, ...later.registries].map(each => [each.prefix, each]))
  return {
    registries: [...registries.values()].sort(byPrefix),
    searchRegistries: later.searchRegistries ?? earlier.searchRegistries,
    shortNameMode: later.shortNameMode ?? earlier.shortNameMode,
    aliases: new Map([...earlier.aliases, ...later.aliases]),
  }
}
