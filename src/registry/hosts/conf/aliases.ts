import { shapeOf } from '../../../image/grammar.ts'
import { parseReference } from '../../../image/reference.ts'
import { fail, ok, type Result } from '../../../lib/result.ts'
import type { Complaint, Field } from '../host-fields.ts'
import type { ConfTable } from './conf-fields.ts'
import { namesRegistry } from './names-registry.ts'
import type { FullName, RegistriesConf } from './registries-conf.ts'

const isShort = (name: string): boolean => {
  const shape = shapeOf(name)
  return shape !== undefined && shape.tag === undefined && shape.digest === undefined && !namesRegistry(shape.domain)
}

const fullName = (text: string): FullName | undefined => {
  const shape = shapeOf(text)
  if (shape === undefined || shape.tag !== undefined || shape.digest !== undefined) return undefined
  const parsed = namesRegistry(shape.domain) ? parseReference(text) : undefined
  return parsed?.ok ? { registry: parsed.value.registry, repository: parsed.value.repository } : undefined
}

const readAlias = (field: Field): Result<FullName | undefined, Complaint> => {
  const { value, path } = field
  if (typeof value !== 'string') return fail({ path, what: 'an alias must stand for text' })
  if (!isShort(path.at(-1) ?? ''))
    return fail({ path, what: 'an alias is the name of a repository without a registry, tag or digest' })
  if (value === '') return ok(undefined)
  const name = fullName(value)
  if (name !== undefined) return ok(name)
  return fail({ path, what: 'an alias stands for a registry and a repository, without a tag or digest' })
}

/** The aliases of a file (pkg/sysregistriesv2/shortnames.go newShortNameAliasCache). */
export const readAliases = (root: ConfTable): Result<RegistriesConf['aliases'], Complaint> => {
  const table = root.table('aliases')
  if (!table.ok) return table
  const aliases = new Map<string, FullName | undefined>()
  for (const field of table.value?.entries() ?? []) {
    const alias = readAlias(field)
    if (!alias.ok) return alias
    aliases.set(field.path.at(-1) ?? '', alias.value)
  }
  return ok(aliases)
}
