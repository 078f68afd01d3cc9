import { fail, ok, type Result } from '../../../lib/result.ts'
import type { Complaint } from '../host-fields.ts'
import type { ConfTable } from './conf-fields.ts'
import { readLocation } from './conf-location.ts'
import type { ConfMirror, ConfRegistry, MirrorUse } from './registries-conf.ts'

type Read<T> = Result<T, Complaint>

const uses: ReadonlyMap<string, MirrorUse> = new Map([
  ['', 'all'],
  ['all', 'all'],
  ['digest-only', 'digest'],
  ['tag-only', 'tag'],
])

const locationIn = (table: ConfTable, name: string): Read<string> => {
  const text = table.text(name)
  return text.ok ? readLocation(text.value) : text
}

const readUse = (table: ConfTable, byDigestOnly: boolean): Read<MirrorUse> => {
  const field = table.text('pull-from-mirror')
  if (!field.ok) return field
  const { value, path } = field.value
  if (byDigestOnly && value !== '')
    return fail({ path, what: 'pull-from-mirror and the mirror-by-digest-only of its registry exclude each other' })
  const use = uses.get(value)
  if (use === undefined) return fail({ path, what: 'pull-from-mirror must be "all", "digest-only" or "tag-only"' })
  return ok(byDigestOnly ? 'digest' : use)
}

const readMirror = (table: ConfTable, byDigestOnly: boolean): Read<ConfMirror> => {
  const location = locationIn(table, 'location')
  if (!location.ok) return location
  if (location.value === '') return fail({ path: table.path, what: 'a mirror must have a location' })
  const use = readUse(table, byDigestOnly)
  if (!use.ok) return use
  const insecure = table.flag('insecure')
  if (!insecure.ok) return insecure
  return ok({ location: location.value, insecure: insecure.value, use: use.value })
}

const readMirrors = (table: ConfTable): Read<readonly ConfMirror[]> => {
  const byDigestOnly = table.flag('mirror-by-digest-only')
  if (!byDigestOnly.ok) return byDigestOnly
  const tables = table.tables('mirror')
  if (!tables.ok) return tables
  const mirrors: ConfMirror[] = []
  for (const each of tables.value) {
    const mirror = readMirror(each, byDigestOnly.value)
    if (!mirror.ok) return mirror
    mirrors.push(mirror.value)
  }
  return ok(mirrors)
}

/** What is replaced, and by what: either stands for the other, but nothing stands for a location that `*.` begins. */
const readNames = (table: ConfTable): Read<Pick<ConfRegistry, 'prefix' | 'location'>> => {
  const location = locationIn(table, 'location')
  if (!location.ok) return location
  const written = table.text('prefix')
  if (!written.ok) return written
  const given = readLocation(written.value)
  if (!given.ok) return given
  if (written.value.value === '' && location.value === '')
    return fail({ path: table.path, what: 'a registry must have a location or a prefix' })
  const prefix = written.value.value === '' ? location.value : given.value
  const isWild = prefix.startsWith('*.')
  if (!isWild && location.value === '')
    return fail({
      path: table.path,
      what: 'a registry must have a location, unless its prefix is like "*.example.com"',
    })
  if (isWild && /[/@:]/.test(prefix))
    return fail({ path: written.value.path, what: 'after "*." a prefix is a host alone, without port, path or digest' })
  return ok({ prefix, location: location.value })
}

const readRegistry = (table: ConfTable): Read<ConfRegistry> => {
  const names = readNames(table)
  if (!names.ok) return names
  const use = table.text('pull-from-mirror')
  if (!use.ok) return use
  if (use.value.value !== '')
    return fail({
      path: use.value.path,
      what: 'pull-from-mirror is said of a [[registry.mirror]], not of a [[registry]]',
    })
  const insecure = table.flag('insecure')
  if (!insecure.ok) return insecure
  const blocked = table.flag('blocked')
  if (!blocked.ok) return blocked
  const mirrors = readMirrors(table)
  if (!mirrors.ok) return mirrors
  return ok({ ...names.value, insecure: insecure.value, blocked: blocked.value, mirrors: mirrors.value })
}

/** Whether what two entries say of one location agrees. */
const conflict = (one: ConfRegistry, other: ConfRegistry): string | undefined => {
  if (one.insecure !== other.insecure) return 'insecure'
  return one.blocked === other.blocked ? undefined : 'blocked'
}

const keyOf = ({ location, prefix }: ConfRegistry): string => (location === '' ? prefix : location)

const byPrefix = (one: ConfRegistry, other: ConfRegistry): number => (one.prefix < other.prefix ? -1 : 1)

/**
 * The registries of a file. Of several with one prefix the first counts, but all that have one location must agree on how
 * it is reached (pkg/sysregistriesv2, postProcessRegistries).
 */
export const readRegistries = (root: ConfTable): Read<readonly ConfRegistry[]> => {
  const tables = root.tables('registry')
  if (!tables.ok) return tables
  const prefixes = new Map<string, ConfRegistry>()
  const locations = new Map<string, ConfRegistry>()
  for (const table of tables.value) {
    const registry = readRegistry(table)
    if (!registry.ok) return registry
    const before = locations.get(keyOf(registry.value)) ?? registry.value
    const differs = conflict(before, registry.value)
    if (differs !== undefined)
      return fail({ path: table.path, what: `another [[registry]] with this location has another "${differs}"` })
    locations.set(keyOf(registry.value), before)
    if (!prefixes.has(registry.value.prefix)) prefixes.set(registry.value.prefix, registry.value)
  }
  return ok([...prefixes.values()].sort(byPrefix))
}
