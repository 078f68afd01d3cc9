import { fail, ok, type Result } from '../../../lib/result.ts'
import type { Complaint } from '../host-fields.ts'
import { type HostsProblem, positionOf } from '../hosts-toml.ts'
import { offsetOf } from '../toml-outline.ts'
import { readAliases } from './aliases.ts'
import { type ConfTable, confTable } from './conf-fields.ts'
import { readRegistries } from './conf-registry.ts'
import { readSearchRegistries } from './conf-search.ts'
import { confOutlineOf, parseConfToml } from './conf-toml.ts'
import type { RegistriesConf, ShortNameMode } from './registries-conf.ts'

const modes: ReadonlyMap<string, ShortNameMode> = new Map(
  (['disabled', 'permissive', 'enforcing'] as const).map(mode => [mode, mode]),
)

const readMode = (root: ConfTable): Result<ShortNameMode | undefined, Complaint> => {
  const mode = root.text('short-name-mode')
  if (!mode.ok) return mode
  if (mode.value.value === '' || modes.has(mode.value.value)) return ok(modes.get(mode.value.value))
  return fail({ path: mode.value.path, what: 'short-name-mode must be "disabled", "permissive" or "enforcing"' })
}

/** The first version's lists. An empty one counts, as it does where the two versions are told apart (loadConfigFile). */
const firstVersion = (root: ConfTable): readonly string[] | undefined => {
  const rooms = root.table('registries')
  if (!rooms.ok) return undefined
  for (const name of ['search', 'insecure', 'block']) {
    const room = rooms.value?.table(name)
    const list = room?.ok ? room.value?.texts('registries') : undefined
    if (list?.ok && list.value !== undefined) return ['registries', name, 'registries']
  }
  return undefined
}

const isNotRead = 'this is version 1 of the format: write unqualified-search-registries and [[registry]] in its place'

const readConf = (root: ConfTable): Result<RegistriesConf, Complaint> => {
  const old = firstVersion(root)
  if (old !== undefined) return fail({ path: old, what: isNotRead })
  const registries = readRegistries(root)
  if (!registries.ok) return registries
  const searchRegistries = readSearchRegistries(root)
  if (!searchRegistries.ok) return searchRegistries
  const shortNameMode = readMode(root)
  if (!shortNameMode.ok) return shortNameMode
  const aliases = readAliases(root)
  if (!aliases.ok) return aliases
  return ok({
    registries: registries.value,
    searchRegistries: searchRegistries.value,
    shortNameMode: shortNameMode.value,
    aliases: aliases.value,
  })
}

/** Reads a registries.conf as CRI-O and Podman do (go.podman.io/image, pkg/sysregistriesv2): all of it, or where it is broken. */
export const parseRegistriesConf = (text: string): Result<RegistriesConf, HostsProblem> => {
  const root = parseConfToml(text)
  if (!root.ok) return root
  const conf = readConf(confTable({ table: root.value, path: [] }))
  if (conf.ok) return conf
  const { path, what } = conf.error
  return fail({ ...positionOf(text, offsetOf(confOutlineOf(text), path)), what })
}
