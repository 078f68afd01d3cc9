import { parseRegistriesConf } from '../../../../src/registry/hosts/conf/parse-registries-conf.ts'
import type { RegistriesConf } from '../../../../src/registry/hosts/conf/registries-conf.ts'

/** What a text without mistakes says. */
export const confOf = (text: string): RegistriesConf => {
  const conf = parseRegistriesConf(text)
  if (!conf.ok) throw new Error(conf.error.what)
  return conf.value
}
